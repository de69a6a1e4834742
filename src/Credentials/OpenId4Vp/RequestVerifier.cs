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
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Verifies a request object. Only what is in it counts; of the link that led to it, only that the client identifier is the same
    /// (§5.10.1).
    /// </summary>
    /// <param name="requestObject">The text, as fetched or as it stood in the link.</param>
    /// <param name="link">The link that led to it.</param>
    /// <param name="expected">Trust, time and what the wallet can do.</param>
    /// <exception cref="MalformedDataException">Not a signed request object.</exception>
    /// <exception cref="ProtocolException">A rule is broken; see <see cref="OpenId4VpCodes"/>.</exception>
    public static VerifiedRequest Verify(string requestObject, RequestUri link, RequestExpectations expected)
    {
        var jws = CompactJws.Parse(requestObject);
        jws.RequireType(OpenId4VpNames.RequestObjectType);
        var request = AuthorizationRequest.Parse(jws.PayloadObject);
        if (request.ClientId != link.ClientId) throw ClientMismatch("The request object is not from the client that the link names.");
        if (request.ClientId.Prefix == ClientIdPrefix.RedirectUri)
            throw Invalid(OpenId4VpCodes.ClientIdPrefix, "A client that is known by its address alone cannot sign.");

        var chain = X5c.Of(jws) ?? throw Invalid(OpenId4VpCodes.RequestSignature, "The request object has no certificate.");
        if (!jws.VerifySignature(Keys.PublicKey.FromCertificate(chain[0]))) throw Invalid(OpenId4VpCodes.RequestSignature, "The signature is wrong.");
        var trust = expected.Trust.EvaluateChain(chain, TrustPurpose.Verifier, type: null, expected.Now);
        if (trust.Anchor is null)
            throw new ProtocolException(OpenId4VpCodes.VerifierUntrusted, OpenId4VpErrors.InvalidClient, $"The verifier is not trusted ({trust.Code}).");
        if (!Identifies(request.ClientId, chain[0])) throw ClientMismatch("The client identifier is not the certificate's.");

        CheckClaims(jws.PayloadObject, request, expected);
        if (expected.Profile == RequestProfile.Haip) CheckHaip(request, link);
        return Accept(request, expected, trust.Anchor, chain[0].GetNameInfo(X509NameType.SimpleName, forIssuer: false));
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

    private static VerifiedRequest Accept(AuthorizationRequest request, RequestExpectations expected, TrustAnchor? anchor, string? verifierName)
    {
        TransactionDataType.Check(request.TransactionData, request.DcqlQuery, expected.TransactionDataTypes);
        var encryption = request.WantsEncryption ? ResponseEncryption.Choose(request.ClientMetadata) : null;
        return new VerifiedRequest(request, encryption, anchor, verifierName);
    }

    private static void CheckClaims(JsonElement claims, AuthorizationRequest request, RequestExpectations expected)
    {
        // §5.8: a wallet that the verifier does not know. An array is one recipient too many, even if we are in it.
        if (claims.Member(OpenId4VpNames.Aud) is not { ValueKind: JsonValueKind.String } audience || audience.GetString() != OpenId4VpNames.StaticAudience)
            throw Invalid(OpenId4VpCodes.RequestAudience, "The request object is for another recipient.");
        if (claims.OptionalNumericDate(OpenId4VpNames.Exp, OpenId4VpCodes.RequestMalformed) <= expected.Now - s_skew
            || claims.OptionalNumericDate(OpenId4VpNames.Nbf, OpenId4VpCodes.RequestMalformed) > expected.Now + s_skew)
            throw Invalid(OpenId4VpCodes.RequestTime, "The request object is expired or not yet valid.");
        // §5.10.1: whoever was sent a nonce repeats it.
        if (expected.WalletNonce is not null && request.WalletNonce != expected.WalletNonce)
            throw Invalid(OpenId4VpCodes.WalletNonce, "The request object does not repeat the wallet's nonce.");
    }

    // HAIP §5 and §5.1; that no certificate is self-signed and no anchor is in the chain is a rule of TrustStore for everybody.
    private static void CheckHaip(AuthorizationRequest request, RequestUri link)
    {
        if (request.ClientId.Prefix != ClientIdPrefix.X509Hash) throw Invalid(OpenId4VpCodes.ClientIdPrefix, "The profile knows x509_hash only.");
        if (link.Location is null) throw Invalid(OpenId4VpCodes.RequestNotSupported, "The profile needs a request_uri.");
        if (!request.WantsEncryption) throw Invalid(OpenId4VpCodes.Encryption, "The profile needs an encrypted answer.");
    }

    private static ProtocolException ClientMismatch(string message) => Invalid(OpenId4VpCodes.ClientIdMismatch, message);

    private static ProtocolException Invalid(string code, string message) => new(code, OpenId4VpErrors.InvalidRequest, message);
}
