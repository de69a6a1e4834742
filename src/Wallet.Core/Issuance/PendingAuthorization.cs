using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>
/// An authorization that the holder is away for in a browser. It is kept in the wallet file, because the app may be ended meanwhile; its
/// id is the <c>state</c> of the request.
/// </summary>
internal sealed record PendingAuthorization
{
    /// <summary>After this time whoever comes back has to start again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public required string State { get; init; }

    public required string CredentialIssuer { get; init; }

    public required string Server { get; init; }

    public required IReadOnlyList<string> ConfigurationIds { get; init; }

    public required int Copies { get; init; }

    public required string CodeVerifier { get; init; }

    public required string RedirectUri { get; init; }

    public required string ClientId { get; init; }

    public required SecureAreaKey? DpopKey { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public static IReadOnlyList<PendingAuthorization> List(StoreTransaction transaction) => [.. transaction.List(RecordKind.Authorization).Select(FromStored)];

    public static void Put(StoreTransaction transaction, PendingAuthorization pending) =>
        transaction.Put(RecordKind.Authorization, pending.State, pending.ToStored());

    private JsonObject ToStored()
    {
        var stored = new JsonObject
        {
            ["issuer"] = CredentialIssuer,
            ["server"] = Server,
            ["configurations"] = new JsonArray([.. ConfigurationIds.Select(id => (JsonNode)id)]),
            ["copies"] = Copies,
            ["verifier"] = CodeVerifier,
            ["redirect_uri"] = RedirectUri,
            ["client_id"] = ClientId,
            ["started_at"] = StartedAt.ToUnixTimeMilliseconds(),
        };
        if (DpopKey is not null) stored["dpop_key"] = StoredKey.Write(DpopKey);
        return stored;
    }

    private static PendingAuthorization FromStored(StoredRecord record)
    {
        const string code = WalletCodes.StoreCorrupt;
        var body = record.Body;
        return new PendingAuthorization
        {
            State = record.Id,
            CredentialIssuer = body.RequireString("issuer", code),
            Server = body.RequireString("server", code),
            ConfigurationIds = body.OptionalStringArray("configurations", code) ?? [],
            Copies = body.GetProperty("copies").GetInt32(),
            CodeVerifier = body.RequireString("verifier", code),
            RedirectUri = body.RequireString("redirect_uri", code),
            ClientId = body.RequireString("client_id", code),
            DpopKey = body.OptionalObject("dpop_key", code) is { } key ? StoredKey.Read(key) : null,
            StartedAt = StoredTime.Read(body, "started_at") ?? throw StoreErrors.Corrupt(),
        };
    }
}
