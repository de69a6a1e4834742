using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;

namespace Credentials.OpenId4Vp;

/// <summary>A transaction that the holder authorizes together with a presentation (OpenID4VP 1.0 §5.1, §8.4, B.3.3.1).</summary>
public sealed class TransactionData
{
    private const int MaxLength = 16 * 1024;
    private const int MaxCredentialIds = 32;

    private TransactionData(string encoded, JsonElement json, string type, IReadOnlyList<string> credentialIds, IReadOnlyList<string>? hashAlgorithms)
    {
        Encoded = encoded;
        Json = json;
        Type = type;
        CredentialIds = credentialIds;
        HashAlgorithms = hashAlgorithms;
    }

    /// <summary>The entry as it stands in the request: hashes are over this text.</summary>
    public string Encoded { get; }

    /// <summary>The decoded entry, with the members of its type.</summary>
    public JsonElement Json { get; }

    /// <summary>What kind of transaction it is.</summary>
    public string Type { get; }

    /// <summary>The credential queries of which one authorizes it.</summary>
    public IReadOnlyList<string> CredentialIds { get; }

    /// <summary>Hash algorithms of which one is to be used and named in the answer, by their IANA names; null: SHA-256, unnamed.</summary>
    public IReadOnlyList<string>? HashAlgorithms { get; }

    /// <summary>Reads an entry of <c>transaction_data</c>.</summary>
    /// <exception cref="ProtocolException"><c>invalid_transaction_data</c> (<see cref="OpenId4VpCodes.TransactionData"/>).</exception>
    public static TransactionData Parse(string encoded)
    {
        try
        {
            if (encoded.Length > MaxLength) throw Invalid("An entry is too long.");
            var bytes = StrictBase64Url.Decode(encoded, OpenId4VpCodes.TransactionData);
            var json = StrictJson.ParseObject(bytes, code: OpenId4VpCodes.TransactionData);
            var type = json.RequireString(OpenId4VpNames.Type, OpenId4VpCodes.TransactionData);
            var ids = json.OptionalStringArray(OpenId4VpNames.CredentialIds, OpenId4VpCodes.TransactionData);
            if (ids?.Count is null or 0 or > MaxCredentialIds) throw Invalid("credential_ids is missing, empty or too long.");
            var hashes = json.OptionalStringArray(OpenId4VpNames.TransactionDataHashesAlg, OpenId4VpCodes.TransactionData);
            if (hashes?.Count == 0) throw Invalid("transaction_data_hashes_alg is empty.");
            return new TransactionData(encoded, json, type, ids, hashes);
        }
        catch (MalformedDataException e)
        {
            throw new ProtocolException(OpenId4VpCodes.TransactionData, OpenId4VpErrors.InvalidTransactionData, "Transaction data cannot be read.", inner: e);
        }
    }

    /// <summary>Makes an entry from its JSON.</summary>
    public static TransactionData Create(JsonObject json) => Parse(StrictBase64Url.Encode(StrictJson.ToUtf8(json)));

    /// <summary>
    /// True if a credential that is asked for like this can authorize a transaction: it proves its holder's presence and its format
    /// carries the hash (B.3.3). For mdocs that would be data elements that a document type defines (B.2.1), and no type that is known here does.
    /// </summary>
    public static bool CanBeAuthorizedBy(CredentialQuery query) => query is { RequireHolderBinding: true, Format: CredentialFormat.SdJwtVc };

    internal static ProtocolException Invalid(string message) =>
        new(OpenId4VpCodes.TransactionData, OpenId4VpErrors.InvalidTransactionData, message);
}
