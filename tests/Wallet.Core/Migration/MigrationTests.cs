using System.Text;
using Credentials.Tests.Shared;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Migration;
using Credentials.Wallet.Core.Tests.Peers;
using Credentials.Wallet.Core.Tests.Storage;

namespace Credentials.Wallet.Core.Tests.Migration;

/// <summary>From one device to another, and the end of a wallet.</summary>
public sealed class MigrationTests
{
    private const string Passphrase = "four words of mine";

    private static readonly DocumentToReissue s_entry = new()
    {
        Id = "0123456789abcdef",
        Format = CredentialFormat.SdJwtVc,
        Type = TestIssuer.Type,
        CredentialIssuer = "https://issuer.example",
        ConfigurationId = "licence",
        IssuerNames = DisplayNames.None,
        Names = DisplayNames.None,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_device_learns_which_documents_there_were_and_asks_the_issuer_for_them()
    {
        await using var fixture = await WalletFixture.StartSecureAsync();
        var document = await fixture.AuthorizeAndReceiveAsync();
        var file = await fixture.Wallet.ExportDocumentsAsync(Passphrase, Token);
        Assert.Empty(await fixture.Wallet.ImportDocumentsAsync(file, Passphrase, Token)); // this wallet has it

        fixture.FileName = "new-device.db";
        await fixture.ReopenAsync();
        var expected = new DocumentToReissue
        {
            Id = document.Id,
            Format = document.Format,
            Type = document.Type,
            CredentialIssuer = fixture.Issuer.Url,
            ConfigurationId = "licence",
            IssuerNames = document.IssuerNames,
            Names = document.Names,
        };
        for (var time = 0; time < 2; time++) AssertSame(expected, Assert.Single(await fixture.Wallet.ImportDocumentsAsync(file, Passphrase, Token)));
        await fixture.ReopenAsync();
        var entry = Assert.Single(await fixture.Wallet.ListToReissueAsync(Token));
        AssertSame(expected, entry);
        Assert.Empty(await fixture.Wallet.ListDocumentsAsync(Token));
        Assert.Empty(await fixture.Wallet.ListKeyIdsAsync(Token));
        var onward = MigrationFile.Open(await fixture.Wallet.ExportDocumentsAsync(Passphrase, Token), Passphrase);
        Assert.Equal(document.Id, Assert.Single(onward).Id);

        var offer = await fixture.Wallet.ResolveIssuerAsync(entry.CredentialIssuer, [entry.ConfigurationId!], Token);
        await fixture.Wallet.StartAuthorizationAsync(offer, null, Token);
        var reissued = (await fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token))[0].Document!;

        Assert.Empty(await fixture.Wallet.ListToReissueAsync(Token));
        Assert.Empty(reissued.Credentials.Select(copy => copy.Key.Id).Intersect(document.Credentials.Select(copy => copy.Key.Id)));
    }

    [Fact]
    public async Task The_file_tells_nothing_without_its_passphrase_and_no_key_or_claim_with_it()
    {
        await using var fixture = await WalletFixture.StartSecureAsync();
        fixture.Issuer.GivesRefreshToken = true;
        var document = await fixture.AuthorizeAndReceiveAsync();

        var file = await fixture.Wallet.ExportDocumentsAsync(Passphrase, Token);

        foreach (var canary in new[] { TestIssuer.Secret, TestIssuer.Type, fixture.Issuer.Url, "Licence", document.Id })
            Assert.False(StoreFixture.Contains(file, canary), canary);
        var members = Assert.Single(MigrationFile.Open(file, Passphrase)).ToJson();
        Assert.Equal(["configuration", "format", "id", "issuer", "issuer_names", "names", "type"], members.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.NotEqual(file, await fixture.Wallet.ExportDocumentsAsync(Passphrase, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Wallet.ExportDocumentsAsync("", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Wallet.ImportDocumentsAsync(file, "", Token));
    }

    [Fact]
    public void A_file_that_was_changed_anywhere_or_is_opened_with_another_passphrase_is_refused()
    {
        var file = MigrationFile.Seal([s_entry], Passphrase);
        Assert.Equal(WalletCodes.WrongKey, Assert.Throws<KeyUnavailableException>(() => MigrationFile.Open(file, "another")).Code);
        var lines = Encoding.ASCII.GetString(file).Split('\n');
        var (header, box) = (lines[0].Length + 1, lines[0].Length + lines[1].Length + 2);
        foreach (var position in new[] { 0, header - 1, header + 3, box - 10, box - 1, box, box + 20, file.Length - 1 })
        {
            byte[] changed = [.. file];
            changed[position] ^= 1;
            AssertRefused(changed);
        }
        foreach (var length in new[] { 0, header - 1, header, box - 1, box, file.Length - 1 }) AssertRefused(file[..length]);
        AssertRefused([.. file, 0]);
        AssertRefused(new byte[MigrationFile.MaxBytes + 1]);
    }

    [Theory]
    [InlineData("\"memory_kib\":65536", "\"memory_kib\":65537")]
    [InlineData("\"passes\":3", "\"passes\":4")]
    [InlineData("\"passes\":3", "\"passes\":-1")]
    [InlineData("argon2id", "md5")]
    public void A_header_that_asks_for_more_than_ours_is_refused_before_anything_is_worked_out(string ours, string theirs)
    {
        var file = MigrationFile.Seal([s_entry], Passphrase);
        var text = Encoding.Latin1.GetString(file);
        Assert.Contains(ours, text, StringComparison.Ordinal);
        var changed = Encoding.Latin1.GetBytes(text.Replace(ours, theirs, StringComparison.Ordinal));
        Assert.Equal(WalletCodes.MigrationMalformed, Assert.Throws<MalformedDataException>(() => MigrationFile.Open(changed, Passphrase)).Code);
    }

    public static TheoryData<DocumentToReissue> Unusable() =>
    [
        s_entry with { Id = "../../wallet.db" },
        s_entry with { Id = "0123456789ABCDEF" },
        s_entry with { CredentialIssuer = "issuer" },
        s_entry with { Type = "" },
        s_entry with { ConfigurationId = new string('x', 2049) },
    ];

    [Theory]
    [MemberData(nameof(Unusable), DisableDiscoveryEnumeration = true)]
    public async Task An_entry_that_this_library_would_not_write_is_refused_with_the_whole_file(DocumentToReissue entry)
    {
        await using var fixture = await WalletFixture.StartAsync();
        var file = MigrationFile.Seal([s_entry, entry], Passphrase);
        var error = await Assert.ThrowsAsync<MalformedDataException>(() => fixture.Wallet.ImportDocumentsAsync(file, Passphrase, Token));
        Assert.Equal(WalletCodes.MigrationMalformed, error.Code);
        Assert.Empty(await fixture.Wallet.ListToReissueAsync(Token));
    }

    [Fact]
    public async Task An_entry_that_the_holder_does_not_want_is_taken_away()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.Wallet.ImportDocumentsAsync(MigrationFile.Seal([s_entry], Passphrase), Passphrase, Token);
        await fixture.Wallet.DeleteToReissueAsync(s_entry.Id, Token);
        Assert.Empty(await fixture.Wallet.ListToReissueAsync(Token));
    }

    [Fact]
    public async Task A_destroyed_wallet_leaves_no_file_and_no_key_and_an_open_one_is_not_destroyed()
    {
        var area = new LockableArea();
        await using var fixture = await WalletFixture.StartAsync(area: area);
        await fixture.ReceiveAsync();
        var options = new WalletOptions
        {
            Path = fixture.Path,
            Http = fixture.Http,
            Time = fixture.Clock,
            SecureArea = area,
        };
        var error = await Assert.ThrowsAsync<KeyUnavailableException>(() => CredentialWallet.DestroyAsync(options, Token));
        Assert.Equal(WalletCodes.StoreInUse, error.Code);
        Assert.Single(await fixture.Wallet.ListDocumentsAsync(Token));

        await fixture.Wallet.DisposeAsync();
        for (var time = 0; time < 2; time++) await CredentialWallet.DestroyAsync(options, Token);

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(fixture.Path)!));
        Assert.Empty(await area.ListKeysAsync(Token));
        await fixture.OpenAsync();
        Assert.Empty(await fixture.Wallet.ListDocumentsAsync(Token));
    }

    [Fact]
    public async Task A_damaged_wallet_and_what_was_left_beside_it_are_destroyed_as_well()
    {
        using var folder = new TempFolder();
        foreach (var name in new[] { "wallet.db", "wallet.db-journal", "wallet.db.new" }) await File.WriteAllTextAsync(folder.Combine(name), "damaged", Token);
        await using var fixture = await WalletFixture.StartAsync();
        await CredentialWallet.DestroyAsync(new WalletOptions { Path = folder.Combine("wallet.db"), Http = fixture.Http, Time = fixture.Clock }, Token);
        Assert.Empty(Directory.GetFiles(folder.FullPath));
    }

    // Names are compared by their texts.
    private static void AssertSame(DocumentToReissue expected, DocumentToReissue actual) =>
        Assert.Equal(Codecs.StrictJson.ToText(expected.ToJson()), Codecs.StrictJson.ToText(actual.ToJson()));

    private static void AssertRefused(byte[] file) => Assert.True(
        Assert.ThrowsAny<CredentialException>(() => MigrationFile.Open(file, Passphrase)).Code is WalletCodes.MigrationMalformed or WalletCodes.WrongKey);
}
