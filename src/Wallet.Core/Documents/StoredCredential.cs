using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.StatusLists;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Documents;

/// <summary>
/// One copy of a document: one object signed by the issuer, bound to one key of the holder. A document has several copies, so that two
/// verifiers cannot tell by the signature that they saw the same holder.
/// </summary>
public sealed record StoredCredential
{
    private readonly JsonElement _jwk;
    private SecureAreaKey? _key;

    internal StoredCredential(string text, SecureAreaKey key) : this(text, key.Id, StrictJson.ToElement(Jwk.Write(key.PublicKey))) => _key = key;

    private StoredCredential(string text, string keyId, JsonElement jwk) => (Text, KeyId, _jwk) = (text, keyId, jwk);

    /// <summary>The id of this copy inside the wallet.</summary>
    public required string Id { get; init; }

    /// <summary>The document it is a copy of.</summary>
    public required string DocumentId { get; init; }

    /// <summary>From when it is valid, where the issuer says so.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>Until when it is valid, where the issuer says so.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How often it was sent to a verifier.</summary>
    public required int TimesPresented { get; init; }

    /// <summary>What its issuer's status list last said: valid, suspended or revoked; unknown before it was asked, or where it has no status.</summary>
    public StatusOutcome Status { get; init; }

    /// <summary>
    /// Its key authenticates by MACs. ISO/IEC 18013-5 §9.1.3.4: one key does not make both MACs and signatures; the first presentation decides
    /// which. The proof of possession at the issuance does not count, as in NIST SP 800-56A §5.6.3.2.
    /// </summary>
    internal bool UsesMac { get; init; }

    internal string Text { get; }

    internal string KeyId { get; }

    // To make a key of its coordinates costs more than all else of a copy, and most copies are looked at without being used.
    internal SecureAreaKey Key => _key ??= new SecureAreaKey(KeyId, Jwk.ParsePublic(_jwk));

    internal bool IsUsableAt(DateTimeOffset now) => !(ExpiresAt <= now) && !(ValidFrom > now);

    internal JsonObject ToStored()
    {
        var stored = new JsonObject
        {
            ["document"] = DocumentId,
            ["valid_from"] = ValidFrom?.ToUnixTimeMilliseconds(),
            ["expires_at"] = ExpiresAt?.ToUnixTimeMilliseconds(),
            ["presented"] = TimesPresented,
            ["text"] = Text,
            ["key_id"] = KeyId,
            ["jwk"] = StrictJson.ToNode(_jwk),
        };
        if (UsesMac) stored["mac"] = true;
        StoredStatus.AddTo(stored, Status);
        return stored;
    }

    internal static StoredCredential FromStored(StoredRecord record)
    {
        const string code = WalletCodes.StoreCorrupt;
        var body = record.Body;
        return new StoredCredential(body.RequireString("text", code), body.RequireString("key_id", code), body.RequireObjectMember("jwk", code).Clone())
        {
            Id = record.Id,
            DocumentId = body.RequireString("document", code),
            ValidFrom = StoredTime.Read(body, "valid_from"),
            ExpiresAt = StoredTime.Read(body, "expires_at"),
            TimesPresented = body.GetProperty("presented").GetInt32(),
            UsesMac = body.OptionalBoolean("mac", code) is true,
            Status = StoredStatus.Read(body),
        };
    }
}
