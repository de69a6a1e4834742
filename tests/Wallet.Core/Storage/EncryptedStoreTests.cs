using System.Text.Json.Nodes;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Tests.Storage;

public sealed class EncryptedStoreTests : IDisposable
{
    private readonly StoreFixture _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task What_was_written_is_there_after_reopening_and_the_wallet_is_one_file()
    {
        await _file.FillAsync("first");
        await using (var store = await _file.OpenAsync()) await StoreFixture.PutAsync(store, "b", "second");

        await using var reopened = await _file.OpenAsync();
        var record = await reopened.ReadAsync(t => t.Find(RecordKind.Document, "b"), TestContext.Current.CancellationToken);

        Assert.Equal("second", record!.Body.GetProperty("text").GetString());
        Assert.Equal(5, (await StoreFixture.ListAsync(reopened)).Count);
        Assert.Null(await reopened.ReadAsync(t => t.Find(RecordKind.Credential, "b"), TestContext.Current.CancellationToken));
        Assert.Equal(1, _file.CountFiles());
    }

    [Fact]
    [Trait("Row", "WAL-01")]
    public async Task Nothing_readable_is_in_the_file_or_in_the_journal_of_a_change()
    {
        const string canary = "canary-claim-홍길동";
        await _file.FillAsync(canary);
        byte[] during = [];
        await using (var store = await _file.OpenAsync())
        {
            await store.WriteAsync(
                transaction =>
                {
                    transaction.Put(RecordKind.Document, "b", StoreFixture.Body("b", canary));
                    transaction.Delete(RecordKind.Document, "c");
                    Assert.Equal(2, _file.CountFiles());
                    during = _file.AllBytes();
                },
                TestContext.Current.CancellationToken);
        }

        Assert.False(StoreFixture.Contains(during, canary));
        Assert.False(StoreFixture.Contains(_file.AllBytes(), canary));
        Assert.False(StoreFixture.Contains(_file.AllBytes(), "filling"));
        Assert.Contains(canary, await _file.ReadAllAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Row", "WAL-01")]
    [InlineData("wrong passphrase", false)]
    [InlineData(null, true)]
    public async Task A_wrong_passphrase_or_key_is_refused(string? passphrase, bool rightLengthKey)
    {
        var right = new StoreKey(StoreFixture.Passphrase, null);
        await using (var store = await _file.OpenAsync(right)) await StoreFixture.PutAsync(store, "a", "value");
        var wrong = new StoreKey(passphrase, rightLengthKey ? new byte[32] : null);

        var error = await Assert.ThrowsAsync<KeyUnavailableException>(() => _file.OpenAsync(wrong));

        Assert.Equal(WalletCodes.WrongKey, error.Code);
        await using var again = await _file.OpenAsync(right);
        Assert.Single(await StoreFixture.ListAsync(again));
    }

    [Fact]
    [Trait("Row", "WAL-02")]
    public async Task A_flipped_byte_is_found_or_makes_no_difference()
    {
        await _file.FillAsync();
        var whole = await File.ReadAllBytesAsync(_file.Path, TestContext.Current.CancellationToken);
        var expected = await _file.ReadAllAsync();
        var refused = 0;
        for (var at = 0; at < whole.Length; at += 61)
        {
            var harmed = (byte[])whole.Clone();
            harmed[at] ^= 0x41;
            refused += await RefusesOrReadsAsync(harmed, expected) ? 1 : 0;
        }

        // The rest lies in unused parts of pages.
        Assert.True(refused > whole.Length / 61 / 3, $"{refused} of {whole.Length / 61}");
    }

    [Fact]
    [Trait("Row", "WAL-02")]
    public async Task A_truncated_file_is_refused()
    {
        await _file.FillAsync();
        var whole = await File.ReadAllBytesAsync(_file.Path, TestContext.Current.CancellationToken);
        var expected = await _file.ReadAllAsync();
        Assert.False(await RefusesOrReadsAsync(whole, expected));
        for (var length = 0; length < whole.Length; length += 1024)
            Assert.True(await RefusesOrReadsAsync(whole[..length], expected), $"cut to {length} bytes");
    }

    [Theory]
    [Trait("Row", "WAL-02")]
    [InlineData("UPDATE record SET body = (SELECT body FROM kept), version = (SELECT version FROM kept) WHERE id = 'b'")]
    [InlineData("UPDATE record SET body = (SELECT body FROM kept) WHERE id = 'b'")]
    [InlineData("DELETE FROM record WHERE id = 'b'")]
    [InlineData("INSERT INTO record SELECT kind, 'f', version, body FROM record WHERE id = 'b'")]
    [InlineData("UPDATE record SET version = 9 WHERE id = 'b'")]
    [InlineData("UPDATE record SET kind = 2 WHERE id = 'b'")]
    [InlineData("UPDATE record SET body = 'text' WHERE id = 'b'")]
    [InlineData("DELETE FROM meta WHERE name = 'seal'")]
    [InlineData("DELETE FROM meta WHERE name = 'header'")]
    [InlineData("UPDATE meta SET value = (SELECT value FROM meta WHERE name = 'header') WHERE name = 'seal'")]
    [InlineData("DROP TABLE record")]
    [InlineData("PRAGMA application_id = 1")]
    [InlineData("PRAGMA user_version = 0")]
    public async Task A_record_put_back_to_an_older_state_or_any_other_change_of_the_set_is_found(string harm)
    {
        await _file.FillAsync("old");
        _file.Execute("CREATE TABLE kept AS SELECT version, body FROM record WHERE id = 'b'");
        await using (var store = await _file.OpenAsync()) await StoreFixture.PutAsync(store, "b", "new");
        Assert.Contains("new", await _file.ReadAllAsync(), StringComparison.Ordinal);

        _file.Execute(harm);

        var error = await Assert.ThrowsAsync<MalformedDataException>(() => _file.OpenAsync());
        Assert.Equal(WalletCodes.StoreCorrupt, error.Code);
    }

    [Fact]
    [Trait("Row", "WAL-03")]
    public async Task Two_records_with_their_contents_swapped_are_refused()
    {
        await _file.FillAsync();
        _file.Execute("""
            CREATE TABLE swap AS SELECT id, body FROM record WHERE id IN ('a', 'b');
            UPDATE record SET body = (SELECT body FROM swap WHERE swap.id = 'b') WHERE id = 'a';
            UPDATE record SET body = (SELECT body FROM swap WHERE swap.id = 'a') WHERE id = 'b';
            """);

        Assert.Equal(WalletCodes.StoreCorrupt, (await Assert.ThrowsAsync<MalformedDataException>(() => _file.OpenAsync())).Code);
    }

    [Fact]
    [Trait("Row", "WAL-03")]
    public void A_sealed_record_opens_only_under_its_own_kind_id_and_version()
    {
        using var cipher = new RecordCipher(StoreFixture.Key.Key!.Value.Span);
        var body = cipher.Seal(RecordKind.Document, "a", 1, "content"u8);
        var plaintext = new byte[body.Length];

        Assert.Equal("content"u8.ToArray(), plaintext[..cipher.Open(RecordKind.Document, "a", 1, body, plaintext)]);
        Assert.Throws<MalformedDataException>(() => cipher.Open(RecordKind.Credential, "a", 1, body, plaintext));
        Assert.Throws<MalformedDataException>(() => cipher.Open(RecordKind.Document, "b", 1, body, plaintext));
        Assert.Throws<MalformedDataException>(() => cipher.Open(RecordKind.Document, "a", 2, body, plaintext));
        Assert.NotEqual(body, cipher.Seal(RecordKind.Document, "a", 1, "content"u8));
    }

    [Fact]
    [Trait("Row", "WAL-07")]
    public async Task A_wallet_that_is_open_cannot_be_opened_a_second_time()
    {
        await using (await _file.OpenAsync())
        {
            var error = await Assert.ThrowsAsync<KeyUnavailableException>(() => _file.OpenAsync());
            Assert.Equal(WalletCodes.StoreInUse, error.Code);
        }

        await using var later = await _file.OpenAsync();
        Assert.Empty(await StoreFixture.ListAsync(later));
    }

    [Fact]
    [Trait("Row", "WAL-09")]
    public async Task A_deleted_record_is_not_even_there_in_encrypted_form()
    {
        await _file.FillAsync();
        byte[] body = [];
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_file.Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT body FROM record WHERE id = 'b'";
            body = (byte[])command.ExecuteScalar()!;
        }
        Assert.True(_file.AllBytes().AsSpan().IndexOf(body.AsSpan(100, 16)) >= 0);

        await using (var store = await _file.OpenAsync())
            await store.WriteAsync(t => t.Delete(RecordKind.Document, "b"), TestContext.Current.CancellationToken);

        var left = _file.AllBytes();
        for (var at = 0; at + 16 <= body.Length; at += 16)
            Assert.True(left.AsSpan().IndexOf(body.AsSpan(at, 16)) < 0, $"bytes {at} to {at + 16} are still there");
    }

    [Fact]
    [Trait("Row", "WAL-10")]
    public async Task A_record_or_a_wallet_beyond_its_limits_is_refused_and_changes_nothing()
    {
        await _file.FillAsync();
        await using var store = await _file.OpenAsync();
        var huge = new JsonObject { ["text"] = new string('x', StoreTransaction.MaxRecordBytes) };

        var error = await Assert.ThrowsAsync<KeyUnavailableException>(
            () => store.WriteAsync(t => t.Put(RecordKind.Document, "z", huge), TestContext.Current.CancellationToken));
        Assert.Equal(WalletCodes.StoreFull, error.Code);
        error = await Assert.ThrowsAsync<KeyUnavailableException>(() => store.WriteAsync(
            transaction =>
            {
                for (var i = 0; i <= StoreAccount.MaxRecords; i++) transaction.Put(RecordKind.History, $"{i}", []);
            },
            TestContext.Current.CancellationToken));
        Assert.Equal(WalletCodes.StoreFull, error.Code);

        Assert.Equal(5, (await StoreFixture.ListAsync(store)).Count);
        Assert.Empty(await store.ReadAsync(t => t.List(RecordKind.History), TestContext.Current.CancellationToken));
        await StoreFixture.PutAsync(store, "f", "still works");
        Assert.Equal(6, (await StoreFixture.ListAsync(store)).Count);
    }

    [Fact]
    [Trait("Row", "WAL-05")]
    public async Task A_change_that_is_cut_off_at_any_of_its_steps_leaves_nothing()
    {
        await _file.FillAsync("old");
        var before = await _file.ReadAllAsync();
        for (var cut = 0; cut < 6; cut++)
        {
            await using var store = await _file.OpenAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => store.WriteAsync(
                transaction =>
                {
                    for (var step = 0; step < 6; step++)
                    {
                        if (step == cut) throw new OperationCanceledException();
                        if (step == 3) transaction.Delete(RecordKind.Document, "c");
                        else transaction.Put(RecordKind.Document, "abcdef"[step].ToString(), StoreFixture.Body("x", "new"));
                    }
                },
                TestContext.Current.CancellationToken));
            Assert.Equal(5, (await StoreFixture.ListAsync(store)).Count);
        }

        Assert.Equal(before, await _file.ReadAllAsync());
    }

    [Fact]
    public async Task A_wallet_of_a_newer_version_is_refused_by_name()
    {
        await _file.FillAsync();
        _file.Execute("PRAGMA user_version = 2");

        var error = await Assert.ThrowsAsync<NotSupportedCredentialException>(() => _file.OpenAsync());

        Assert.Equal(WalletCodes.StoreTooNew, error.Code);
    }

    [Fact]
    public async Task A_header_that_asks_for_an_hour_of_work_is_refused()
    {
        await using (await _file.OpenAsync(new StoreKey(StoreFixture.Passphrase, null)))
        {
        }
        _file.Execute("UPDATE meta SET value = CAST(replace(CAST(value AS TEXT), '\"passes\":3', '\"passes\":999999') AS BLOB) WHERE name = 'header'");

        var error = await Assert.ThrowsAsync<MalformedDataException>(() => _file.OpenAsync(new StoreKey(StoreFixture.Passphrase, null)));

        Assert.Equal(WalletCodes.StoreCorrupt, error.Code);
    }

    [Fact]
    public async Task An_interrupted_creation_is_started_again()
    {
        await File.WriteAllTextAsync(_file.Path + ".new", "half a wallet", TestContext.Current.CancellationToken);

        await _file.FillAsync();

        Assert.Equal(1, _file.CountFiles());
    }

    // True: refused with a typed error. False: opened, with exactly the right content.
    private async Task<bool> RefusesOrReadsAsync(byte[] bytes, string expected)
    {
        await File.WriteAllBytesAsync(_file.Path, bytes, TestContext.Current.CancellationToken);
        try
        {
            Assert.Equal(expected, await _file.ReadAllAsync());
            return false;
        }
        catch (CredentialException)
        {
            return true;
        }
    }
}
