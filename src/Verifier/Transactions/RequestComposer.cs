using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Parties;
using Credentials.Verifier.RelyingParty;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Trust;

namespace Credentials.Verifier.Transactions;

/// <summary>The authorization request of a transaction, always the same one while it is pending.</summary>
internal sealed class RequestComposer(VerifierHostOptions options, ServiceKey key, PartyRegistry parties, RecentQueries queries)
{
    private const string KeyPurpose = "encryption key";

    /// <summary>HAIP §5: both must be listed.</summary>
    public static readonly string[] EncryptionValues = [JweEncryption.A256Gcm, JweEncryption.A128Gcm];

    /// <summary>The client identifier of a transaction; one that is asked unsigned has only an address or an origin.</summary>
    public static string ClientId(NewVerification asked, Party party, string requestId) =>
        asked.RequestSigning == NewVerification.Unsigned ? $"origin:{asked.ExpectedOrigins[0]}"
        : asked.ClientIdPrefix == "redirect_uri" ? ClientIdentifier.ForResponseUri(new Uri(party.Url.ResponseUri(requestId))).Full
        : party.Identities.ClientId(asked.ClientIdPrefix, asked.DidMethod).Full;

    /// <summary>A fresh key for one request's answer (HAIP §5), sealed for the database.</summary>
    public byte[] NewEncryptionKey(string id)
    {
        using var fresh = SoftwareKeyAgreementKey.Generate();
        return key.Seal(StrictJson.ToUtf8(fresh.ExportPrivateJwk()), KeyPurpose, id);
    }

    /// <summary>The request's private key, or null where the answer comes unencrypted.</summary>
    public SoftwareKeyAgreementKey? OpenEncryptionKey(TransactionRow row) =>
        row.EncryptionKey is null ? null : SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.ParseObject(key.Open(row.EncryptionKey, KeyPurpose, row.Id)), isOwn: true);

    /// <summary>Its public half, for the request.</summary>
    private KeyAgreementPublicKey? OpenPublicKey(TransactionRow row) =>
        row.EncryptionKey is null ? null : SoftwareKeyAgreementKey.PublicKeyOf(StrictJson.ParseObject(key.Open(row.EncryptionKey, KeyPurpose, row.Id)));

    public AuthorizationRequest Compose(TransactionRow row, string? walletNonce = null)
    {
        var party = parties.Of(row);
        var encryption = OpenPublicKey(row);
        var query = queries.Of(row.DcqlQuery);
        return new AuthorizationRequest
        {
            ClientId = ClientIdentifier.Parse(row.ClientId),
            ResponseMode = row.ResponseMode,
            ResponseUri = new Uri(ResponseUri(row)),
            Nonce = row.Nonce,
            State = row.OAuthState,
            DcqlQuery = query.Query,
            ClientMetadata = Metadata(row, party, query, encryption),
            TransactionData = TransactionData(row),
            // Shown to the holder as what the verifier says. An unsigned request has to fit a QR code, and nobody vouches for it anyway.
            VerifierInfo = row.ClientIdPrefix == "redirect_uri" ? [] : [Purpose(row).ToVerifierInfo(), .. party.Identities.VerifierInfo],
            WalletNonce = walletNonce,
        };
    }

    /// <summary>The request for the Digital Credentials API: its exchange protocol and data (OpenID4VP 1.0 A.1, A.3).</summary>
    public async ValueTask<JsonObject> ComposeForBrowserAsync(TransactionRow row, CancellationToken ct)
    {
        var party = parties.Of(row);
        var encryption = OpenPublicKey(row);
        var query = queries.Of(row.DcqlQuery);
        var request = new DigitalCredentialsRequest
        {
            ResponseMode = row.ResponseMode,
            Nonce = row.Nonce,
            DcqlQuery = query.Query,
            ClientMetadata = Metadata(row, party, query, encryption),
            TransactionData = TransactionData(row),
            VerifierInfo = [Purpose(row).ToVerifierInfo(), .. row.RequestSigning == NewVerification.Unsigned ? [] : party.Identities.VerifierInfo],
            ExpectedOrigins = ExpectedOrigins(row),
        };
        var now = options.Time.GetUtcNow();
        var left = DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt) - now;
        var (protocol, data) = row.RequestSigning switch
        {
            NewVerification.Unsigned => (OpenId4VpNames.UnsignedProtocol, request.ToJson()),
            NewVerification.MultiSigned => (OpenId4VpNames.MultiSignedProtocol, await request.SignByAllAsync(Signers(row, party.Identities), now, left, ct)),
            _ => (OpenId4VpNames.SignedProtocol, await request.SignAsync(party.Identities.SignerFor(ClientIdentifier.Parse(row.ClientId)), now, left, ct)),
        };
        return new JsonObject { ["protocol"] = protocol, ["data"] = data };
    }

    public static IReadOnlyList<string> ExpectedOrigins(TransactionRow row) =>
        [.. StrictJson.Parse(row.ExpectedOrigins!).EnumerateArray().Select(origin => origin.GetString()!)];

    // The asked identity first, then the others that this service has, each for wallets of another ecosystem.
    private List<ClientSigner> Signers(TransactionRow row, VerifierIdentities identities) =>
        [.. new[] { ClientIdentifier.Parse(row.ClientId), identities.ClientId("x509_hash", ""), identities.ClientId("decentralized_identifier", "jwk") }
            .Distinct().Select(identities.SignerFor)];

    private static ClientMetadata Metadata(TransactionRow row, Party party, ReadQuery query, KeyAgreementPublicKey? encryption) => new()
    {
        Jwks = encryption is null ? [] : [StrictJson.ToElement(Jwk.Write(encryption, row.RequestId))],
        EncryptionValues = EncryptionValues,
        VpFormatsSupported = query.Formats,
        UnverifiedClientName = party.Name,
    };

    /// <summary>What the presentations of the answer must be bound to.</summary>
    /// <param name="encryptionKey">The key that the answer was encrypted to; null where it was not.</param>
    /// <param name="origin">The origin that asked, over the Digital Credentials API.</param>
    public RequestBinding BindingOf(TransactionRow row, KeyAgreementPublicKey? encryptionKey, string? origin) => origin is null
        ? RequestBinding.ForRedirect(row.ClientId, row.Nonce, ResponseUri(row), encryptionKey)
        : RequestBinding.ForDigitalCredentials(origin, row.Nonce, encryptionKey);

    public string ResponseUri(TransactionRow row) => parties.Of(row).Url.ResponseUri(row.RequestId);

    private static PurposeStatement Purpose(TransactionRow row) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal) { ["ko"] = row.PurposeKo, ["en"] = row.PurposeEn });

    public static IReadOnlyList<TransactionData> TransactionData(TransactionRow row) =>
        row.TransactionData is null ? [] : [.. StrictJson.Parse(row.TransactionData).EnumerateArray().Select(e => OpenId4Vp.TransactionData.Parse(e.GetString()!))];

    /// <summary>The signed request object (RFC 9101; OpenID4VP 1.0 §5), with the leaf and not the anchor in x5c (HAIP §5).</summary>
    public async ValueTask<string> SignAsync(TransactionRow row, string? walletNonce, CancellationToken ct)
    {
        var request = Compose(row, walletNonce);
        var now = options.Time.GetUtcNow();
        return await RequestObject.SignAsync(
            request, parties.Of(row).Identities.SignerFor(request.ClientId), now, DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt) - now, ct);
    }

    /// <summary>The text of the QR code and the deep link; null where a browser asks.</summary>
    public string? Link(TransactionRow row) => row.RequestSigning is not null ? null : (row.ClientIdPrefix == "redirect_uri"
        ? RequestUri.Plain(Compose(row))
        : RequestUri.ByReference(ClientIdentifier.Parse(row.ClientId), new Uri(parties.Of(row).Url.RequestUri(row.RequestId)), row.RequestUriMethod == "post")).ToString();
}
