using System.Text.Json.Nodes;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Tests.Storage;

/// <summary>What is known of documents without decrypting them is what the records say, whatever happened to them.</summary>
public sealed class DocumentIndexTests : IDisposable
{
    private readonly StoreFixture _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copies_and_keys_of_a_document_are_known_at_once_and_after_opening_again(bool isOpenedAgain)
    {
        var store = await _file.OpenAsync();
        await WriteAsync(store, t =>
        {
            PutCopy(t, "c1", "d1", "k1");
            PutDocument(t, "d1", "dc+sd-jwt", "urn:a");
            PutCopy(t, "c2", "d1", "k2");
            PutDocument(t, "d2", "mso_mdoc", "b");
            PutCopy(t, "c3", "d2", "k3");
        });
        // More than is taken at once when it is opened.
        await WriteAsync(store, t =>
        {
            for (var i = 0; i < 600; i++) PutDocument(t, $"other{i}", "dc+sd-jwt", "urn:other");
        });
        await WriteAsync(store, t =>
        {
            t.Delete(RecordKind.Credential, "c1");
            t.Delete(RecordKind.Credential, "c3");
            t.Delete(RecordKind.Document, "d2");
            PutCopy(t, "c2", "d1", "k4");
        });
        if (isOpenedAgain)
        {
            await store.DisposeAsync();
            store = await _file.OpenAsync();
        }

        await using var _ = store;
        await AssertAsync(store, ["c2"], ["k4"], ["d1"]);
        Assert.Equal(600, (await MatchingAsync(store, "urn:other")).Count);
        Assert.Empty(await store.ReadAsync(t => t.Index.CopiesOf("d2"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_change_that_fails_leaves_no_trace_in_the_index()
    {
        await using var store = await _file.OpenAsync();
        await WriteAsync(store, t =>
        {
            PutDocument(t, "d1", "dc+sd-jwt", "urn:a");
            PutCopy(t, "c1", "d1", "k1");
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => WriteAsync(store, t =>
        {
            t.Delete(RecordKind.Credential, "c1");
            PutCopy(t, "c2", "d1", "k2");
            PutDocument(t, "d1", "dc+sd-jwt", "urn:b");
            PutDocument(t, "d2", "dc+sd-jwt", "urn:a");
            Assert.Equal(["c2"], t.Index.CopiesOf("d1"));
            throw new InvalidOperationException();
        }));

        await AssertAsync(store, ["c1"], ["k1"], ["d1"]);
    }

    [Fact]
    public async Task A_document_that_does_not_say_as_what_it_is_asked_for_could_be_anything()
    {
        await using var store = await _file.OpenAsync();
        await WriteAsync(store, t => t.Put(RecordKind.Document, "old", new JsonObject { ["names"] = new JsonObject { ["matched_format"] = "dc+sd-jwt" } }));
        Assert.Equal(["old"], await MatchingAsync(store, "urn:a"));
    }

    private static void PutDocument(StoreTransaction transaction, string id, string format, string type) => transaction.Put(
        RecordKind.Document, id, new JsonObject { ["issuer"] = "x", ["matched_format"] = format, ["matched_types"] = new JsonArray(type), ["claims"] = new JsonArray(new JsonObject()) });

    private static void PutCopy(StoreTransaction transaction, string id, string document, string key) => transaction.Put(
        RecordKind.Credential, id, new JsonObject { ["document"] = document, ["text"] = "text", ["key_id"] = key, ["jwk"] = new JsonObject { ["key_id"] = "no" } });

    private static Task WriteAsync(EncryptedStore store, Action<StoreTransaction> write) => store.WriteAsync(write, TestContext.Current.CancellationToken);

    private static Task<IReadOnlyList<string>> MatchingAsync(EncryptedStore store, string type) =>
        store.ReadAsync(t => t.Index.Matching((format, types) => format == "dc+sd-jwt" && types.Contains(type)), TestContext.Current.CancellationToken);

    private static async Task AssertAsync(EncryptedStore store, string[] copies, string[] keys, string[] matching)
    {
        Assert.Equal(copies, await store.ReadAsync(t => t.Index.CopiesOf("d1"), TestContext.Current.CancellationToken));
        Assert.Equal(keys, await store.ReadAsync(t => t.Index.KeyIds.ToList(), TestContext.Current.CancellationToken));
        Assert.Equal(matching, await MatchingAsync(store, "urn:a"));
    }
}
