using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Trust;
using Credentials.X509;

namespace Credentials.Verifier.Transactions;

/// <summary>The authorization request of a transaction, always the same one while it is pending.</summary>
internal sealed class RequestComposer(VerifierHostOptions options, ServiceUrl url, ServiceKey key, AccessIdentity identity)
{
    private const string KeyPurpose = "encryption key";

    /// <summary>OpenID4VP 1.0 §5.8: the audience where the wallet is not known beforehand.</summary>
    private const string StaticAudience = "https://self-issued.me/v2";

    /// <summary>HAIP §5: both must be listed.</summary>
    public static readonly string[] EncryptionValues = [JweEncryption.A256Gcm, JweEncryption.A128Gcm];

    public ClientIdentifier ClientId(string prefix, string requestId) => prefix switch
    {
        "x509_san_dns" => ClientIdentifier.ForDnsName(url.Host),
        "redirect_uri" => ClientIdentifier.ForResponseUri(new Uri(url.ResponseUri(requestId))),
        _ => ClientIdentifier.ForCertificate(identity.Certificate),
    };

    /// <summary>A fresh key for one request's answer (HAIP §5), sealed for the database.</summary>
    public byte[] NewEncryptionKey(string id)
    {
        using var fresh = SoftwareKeyAgreementKey.Generate();
        return key.Seal(StrictJson.ToUtf8(fresh.ExportPrivateJwk()), KeyPurpose, id);
    }

    /// <summary>The request's private key, or null where the answer comes unencrypted.</summary>
    public SoftwareKeyAgreementKey? OpenEncryptionKey(TransactionRow row) =>
        row.EncryptionKey is null ? null : SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.ParseObject(key.Open(row.EncryptionKey, KeyPurpose, row.Id)));

    public AuthorizationRequest Compose(TransactionRow row, string? walletNonce = null)
    {
        using var encryption = OpenEncryptionKey(row);
        var query = DcqlQuery.Parse(StrictJson.Parse(row.DcqlQuery));
        return new AuthorizationRequest
        {
            ClientId = ClientIdentifier.Parse(row.ClientId),
            ResponseMode = row.ResponseMode,
            ResponseUri = new Uri(ResponseUri(row)),
            Nonce = row.Nonce,
            State = row.OAuthState,
            DcqlQuery = query,
            ClientMetadata = new ClientMetadata
            {
                Jwks = encryption is null ? [] : [StrictJson.ToElement(Jwk.Write(encryption.PublicKey, row.RequestId))],
                EncryptionValues = EncryptionValues,
                VpFormatsSupported = StrictJson.ToElement(VpFormats.ToJson(query.Credentials.Select(c => c.Format))),
                UnverifiedClientName = options.Name,
            },
            TransactionData = TransactionData(row),
            // Shown to the holder as what the verifier says. An unsigned request has to fit a QR code, and nobody vouches for it anyway.
            VerifierInfo = row.ClientIdPrefix == "redirect_uri" ? [] : [Purpose(row).ToVerifierInfo()],
            WalletNonce = walletNonce,
        };
    }

    /// <summary>What the presentations of the answer must be bound to.</summary>
    /// <param name="encryptionKey">The key that the answer was encrypted to; null where it was not.</param>
    public RequestBinding BindingOf(TransactionRow row, KeyAgreementPublicKey? encryptionKey) =>
        RequestBinding.ForRedirect(row.ClientId, row.Nonce, ResponseUri(row), encryptionKey);

    public string ResponseUri(TransactionRow row) => url.ResponseUri(row.RequestId);

    private static PurposeStatement Purpose(TransactionRow row) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal) { ["ko"] = row.PurposeKo, ["en"] = row.PurposeEn });

    public static IReadOnlyList<TransactionData> TransactionData(TransactionRow row) =>
        row.TransactionData is null ? [] : [.. StrictJson.Parse(row.TransactionData).EnumerateArray().Select(e => OpenId4Vp.TransactionData.Parse(e.GetString()!))];

    /// <summary>The signed request object (RFC 9101; OpenID4VP 1.0 §5), with the leaf and not the anchor in x5c (HAIP §5).</summary>
    public async ValueTask<string> SignAsync(TransactionRow row, string? walletNonce, CancellationToken ct)
    {
        var header = new JsonObject { ["typ"] = "oauth-authz-req+jwt", ["x5c"] = X5c.ToJson([identity.Certificate]) };
        var claims = Compose(row, walletNonce).ToJson();
        claims["aud"] = StaticAudience;
        claims["iat"] = NumericDate.From(options.Time.GetUtcNow());
        claims["exp"] = NumericDate.From(DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt));
        return await Jws.SignAsync(header, claims, identity.Key, ct);
    }

    /// <summary>The text of the QR code and the deep link.</summary>
    public string Link(TransactionRow row) => (row.ClientIdPrefix == "redirect_uri"
        ? RequestUri.Plain(Compose(row))
        : RequestUri.ByReference(ClientIdentifier.Parse(row.ClientId), new Uri(url.RequestUri(row.RequestId)), row.RequestUriMethod == "post")).ToString();
}
