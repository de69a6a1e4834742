using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Migration;

/// <summary>
/// A document that the holder had in another wallet, and what is needed to ask its issuer for it again: keys never move, so that a new device
/// needs new credentials. <see cref="CredentialWallet.ResolveIssuerAsync"/> with issuer and configuration begins that.
/// </summary>
public sealed record DocumentToReissue
{
    private const int MaxLength = 2048;

    /// <summary>The id that the document had: 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The format's wire name, see <see cref="CredentialFormat"/>.</summary>
    public required string Format { get; init; }

    /// <summary>The type: the <c>vct</c> of an SD-JWT VC, the document type of an mdoc.</summary>
    public required string Type { get; init; }

    /// <summary>The Credential Issuer Identifier.</summary>
    public required string CredentialIssuer { get; init; }

    /// <summary>Its credential configuration id in the issuer's metadata; null if that was not kept.</summary>
    public string? ConfigurationId { get; init; }

    /// <summary>What the issuer calls itself.</summary>
    public required DisplayNames IssuerNames { get; init; }

    /// <summary>What the issuer calls the document.</summary>
    public required DisplayNames Names { get; init; }

    /// <summary>What stands for the wallet's documents in a migration file: those that it has and those that it still waits for.</summary>
    internal static IReadOnlyList<DocumentToReissue> Collect(StoreTransaction transaction) =>
    [
        .. DocumentShelf.List(transaction).Select(document => new DocumentToReissue
        {
            Id = document.Id,
            Format = document.Format,
            Type = document.Type,
            CredentialIssuer = document.CredentialIssuer,
            ConfigurationId = document.ConfigurationId ?? RenewalGrant.Find(transaction, document.Id)?.ConfigurationId,
            IssuerNames = document.IssuerNames,
            Names = document.Names,
        }),
        .. List(transaction),
    ];

    internal static IReadOnlyList<DocumentToReissue> List(StoreTransaction transaction) =>
        [.. transaction.List(RecordKind.Reissue).Select(record => Parse(record.Body, WalletCodes.StoreCorrupt)).OrderBy(entry => entry.Id, StringComparer.Ordinal)];

    internal static void Put(StoreTransaction transaction, DocumentToReissue entry) => transaction.Put(RecordKind.Reissue, entry.Id, entry.ToJson());

    /// <summary>The document has come: it is not waited for any more.</summary>
    internal static void Settle(StoreTransaction transaction, Document document)
    {
        var entry = List(transaction).FirstOrDefault(entry =>
            entry.CredentialIssuer == document.CredentialIssuer && entry.Type == document.Type
            && (entry.ConfigurationId is null || entry.ConfigurationId == document.ConfigurationId));
        if (entry is not null) transaction.Delete(RecordKind.Reissue, entry.Id);
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["id"] = Id,
            ["format"] = Format,
            ["type"] = Type,
            ["issuer"] = CredentialIssuer,
            ["issuer_names"] = IssuerNames.ToStored(),
            ["names"] = Names.ToStored(),
        };
        if (ConfigurationId is not null) json["configuration"] = ConfigurationId;
        return json;
    }

    /// <exception cref="MalformedDataException">With the caller's code.</exception>
    internal static DocumentToReissue Parse(JsonElement json, string code)
    {
        json.RequireObject(code);
        var entry = new DocumentToReissue
        {
            Id = json.RequireString("id", code),
            Format = json.RequireString("format", code),
            Type = json.RequireString("type", code),
            CredentialIssuer = json.RequireString("issuer", code),
            ConfigurationId = json.OptionalString("configuration", code),
            IssuerNames = Texts(json, "issuer_names", code),
            Names = Texts(json, "names", code),
        };
        var isUsable = RecordId.IsId(entry.Id) && Uri.TryCreate(entry.CredentialIssuer, UriKind.Absolute, out _)
            && new[] { entry.Format, entry.Type, entry.CredentialIssuer, entry.ConfigurationId }.All(text => text is null or { Length: > 0 and <= MaxLength });
        return isUsable ? entry : throw new MalformedDataException(code, "An entry is not one that this library writes.");
    }

    private static DisplayNames Texts(JsonElement json, string name, string code)
    {
        var texts = json.RequireObjectMember(name, code);
        foreach (var text in texts.EnumerateObject()) texts.RequireString(text.Name, code);
        return DisplayNames.FromStored(texts);
    }
}
