using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.OpenId4Vp;

/// <summary>The wallet's check of who asks, and whether the request may be shown at all (OpenID4VP 1.0 §5).</summary>
public static class RequestVerifier
{
    internal static readonly TimeSpan s_skew = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Verifies a request object. Only what is in it counts; of the link that led to it, only that the client identifier is the same
    /// (§5.10.1). A verifier that identifies itself by a DID is <see cref="VerifyAsync"/>'s.
    /// </summary>
    /// <param name="requestObject">The text, as fetched or as it stood in the link.</param>
    /// <param name="link">The link that led to it.</param>
    /// <param name="expected">Trust, time and what the wallet can do.</param>
    /// <exception cref="MalformedDataException">Not a signed request object.</exception>
    /// <exception cref="ProtocolException">A rule is broken; see <see cref="OpenId4VpCodes"/>.</exception>
    public static VerifiedRequest Verify(string requestObject, RequestUri link, RequestExpectations expected)
    {
        var (jws, request) = Read(requestObject, link);
        return Check(jws, request, link, expected, RequestSigner.Authenticate(jws, request.ClientId, request.ResponseUri, expected));
    }

    /// <summary>Verifies a request object of any verifier; the document of a DID may have to be fetched.</summary>
    /// <exception cref="FetchException">The document of the verifier's DID cannot be had.</exception>
    /// <inheritdoc cref="Verify"/>
    public static async Task<VerifiedRequest> VerifyAsync(
        string requestObject, RequestUri link, RequestExpectations expected, CancellationToken cancellationToken = default)
    {
        var (jws, request) = Read(requestObject, link);
        var signer = await RequestSigner.AuthenticateAsync(jws, request.ClientId, request.ResponseUri, expected, cancellationToken).ConfigureAwait(false);
        return Check(jws, request, link, expected, signer);
    }

    /// <summary>Verifies what can be verified of an unsigned request: that the answer goes to the address that identifies the client.</summary>
    /// <exception cref="ProtocolException">A rule is broken; see <see cref="OpenId4VpCodes"/>.</exception>
    public static VerifiedRequest VerifyUnsigned(AuthorizationRequest request, RequestExpectations expected)
    {
        if (expected.Profile == RequestProfile.Haip || request.ClientId.Prefix != ClientIdPrefix.RedirectUri)
            throw Invalid(OpenId4VpCodes.SignatureRequired, "The request must be signed.");
        return Accept(request, expected, anchor: null, verifierName: null);
    }

    /// <summary>True if the certificate is the one that the client identifier names (§5.9.3).</summary>
    internal static bool Identifies(ClientIdentifier clientId, X509Certificate2 leaf) => clientId.Prefix switch
    {
        ClientIdPrefix.X509Hash => clientId == ClientIdentifier.ForCertificate(leaf),
        ClientIdPrefix.X509SanDns => SubjectAlternativeNames.Of(leaf).NamesHost(clientId.Name),
        _ => false,
    };

    private static (CompactJws, AuthorizationRequest) Read(string requestObject, RequestUri link)
    {
        var jws = CompactJws.Parse(requestObject);
        jws.RequireType(OpenId4VpNames.RequestObjectType);
        var request = AuthorizationRequest.Parse(jws.PayloadObject);
        return request.ClientId == link.ClientId
            ? (jws, request)
            : throw Invalid(OpenId4VpCodes.ClientIdMismatch, "The request object is not from the client that the link names.");
    }

    private static VerifiedRequest Check(CompactJws jws, AuthorizationRequest request, RequestUri link, RequestExpectations expected, RequestSigner signer)
    {
        // §5.8: a wallet that the verifier does not know. An array is one recipient too many, even if we are in it.
        if (jws.PayloadObject.Member(OpenId4VpNames.Aud) is not { ValueKind: JsonValueKind.String } audience || audience.GetString() != OpenId4VpNames.StaticAudience)
            throw Invalid(OpenId4VpCodes.RequestAudience, "The request object is for another recipient.");
        CheckTimes(jws.PayloadObject, expected);
        // §5.10.1: whoever was sent a nonce repeats it.
        if (expected.WalletNonce is not null && request.WalletNonce != expected.WalletNonce)
            throw Invalid(OpenId4VpCodes.WalletNonce, "The request object does not repeat the wallet's nonce.");
        if (expected.Profile == RequestProfile.Haip) CheckHaip(request, link);
        return Accept(request, expected, signer.Anchor, signer.Name);
    }

    private static VerifiedRequest Accept(AuthorizationRequest request, RequestExpectations expected, TrustAnchor? anchor, string? verifierName)
    {
        TransactionDataType.Check(request.TransactionData, request.DcqlQuery, expected.TransactionDataTypes);
        var encryption = request.WantsEncryption ? ResponseEncryption.Choose(request.ClientMetadata) : null;
        return new VerifiedRequest(request, encryption, anchor, verifierName);
    }

    internal static void CheckTimes(JsonElement claims, RequestExpectations expected)
    {
        if (claims.OptionalNumericDate(OpenId4VpNames.Exp, OpenId4VpCodes.RequestMalformed) <= expected.Now - s_skew
            || claims.OptionalNumericDate(OpenId4VpNames.Nbf, OpenId4VpCodes.RequestMalformed) > expected.Now + s_skew)
            throw Invalid(OpenId4VpCodes.RequestTime, "The request object is expired or not yet valid.");
    }

    // HAIP §5 and §5.1; that no certificate is self-signed and no anchor is in the chain is a rule of TrustStore for everybody.
    private static void CheckHaip(AuthorizationRequest request, RequestUri link)
    {
        if (request.ClientId.Prefix != ClientIdPrefix.X509Hash) throw Invalid(OpenId4VpCodes.ClientIdPrefix, "The profile knows x509_hash only.");
        if (link.Location is null) throw Invalid(OpenId4VpCodes.RequestNotSupported, "The profile needs a request_uri.");
        if (!request.WantsEncryption) throw Invalid(OpenId4VpCodes.Encryption, "The profile needs an encrypted answer.");
    }

    internal static ProtocolException Invalid(string code, string message) => new(code, OpenId4VpErrors.InvalidRequest, message);
}
