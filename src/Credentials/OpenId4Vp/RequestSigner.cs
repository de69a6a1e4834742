using Credentials.Dids;
using Credentials.Jose;
using Credentials.Trust;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.OpenId4Vp;

/// <summary>Who signed a request (OpenID4VP 1.0 §5.9.3): the client identifier's prefix says where the key comes from and who vouches for it.</summary>
/// <param name="Anchor">The authority that vouches for the verifier.</param>
/// <param name="Name">What that proves: the name in the certificate, the DID, or the attestation's subject.</param>
internal sealed record RequestSigner(TrustAnchor Anchor, string? Name)
{
    /// <summary>Checks the signature, that the client identifier is the signer's, and that an authority vouches for it; all but DIDs.</summary>
    /// <param name="jws">The signed request.</param>
    /// <param name="clientId">Who it says is asking.</param>
    /// <param name="responseUri">Where the answer goes; null over the Digital Credentials API.</param>
    /// <param name="expected">Trust and time.</param>
    public static RequestSigner Authenticate(CompactJws jws, ClientIdentifier clientId, Uri? responseUri, RequestExpectations expected) => clientId.Prefix switch
    {
        ClientIdPrefix.X509Hash or ClientIdPrefix.X509SanDns => ByCertificate(jws, clientId, expected),
        ClientIdPrefix.VerifierAttestation => ByAttestation(jws, clientId, responseUri, expected),
        ClientIdPrefix.RedirectUri => throw Invalid(OpenId4VpCodes.ClientIdPrefix, "A client that is known by its address alone cannot sign."),
        _ => throw Invalid(OpenId4VpCodes.ClientIdPrefix, "The client's DID cannot be resolved here."),
    };

    /// <summary>The same, DIDs included.</summary>
    public static async Task<RequestSigner> AuthenticateAsync(
        CompactJws jws, ClientIdentifier clientId, Uri? responseUri, RequestExpectations expected, CancellationToken cancellationToken) =>
        clientId.Prefix == ClientIdPrefix.DecentralizedIdentifier
            ? await ByDidAsync(jws, clientId.Name, expected, cancellationToken).ConfigureAwait(false)
            : Authenticate(jws, clientId, responseUri, expected);

    private static RequestSigner ByCertificate(CompactJws jws, ClientIdentifier clientId, RequestExpectations expected)
    {
        var chain = X5c.DerOf(jws) ?? throw Invalid(OpenId4VpCodes.RequestSignature, "The request object has no certificate.");
        var trust = expected.Trust.EvaluateChain(chain, TrustPurpose.Verifier, type: null, expected.Now);
        if (trust is not { Anchor: { } anchor, Key: { } key, Certificate: { } leaf }) throw Untrusted(trust.Code);
        RequireSignature(jws, key);
        if (!RequestVerifier.Identifies(clientId, leaf)) throw Invalid(OpenId4VpCodes.ClientIdMismatch, "The client identifier is not the certificate's.");
        return new RequestSigner(anchor, leaf.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: false));
    }

    private static RequestSigner ByAttestation(CompactJws jws, ClientIdentifier clientId, Uri? responseUri, RequestExpectations expected)
    {
        var (attestation, anchor) = VerifierAttestation.Verify(jws, expected);
        RequireSignature(jws, attestation.Key);
        if (attestation.Subject != clientId.Name) throw Invalid(OpenId4VpCodes.ClientIdMismatch, "The client identifier is not the attestation's subject.");
        // Over the Digital Credentials API the answer goes to no address.
        if (responseUri is not null && attestation.RedirectUris?.Contains(responseUri.OriginalString) == false)
            throw Invalid(OpenId4VpCodes.VerifierAttestation, "The attestation is not for this response address.");
        return new RequestSigner(anchor, attestation.Subject);
    }

    private static async Task<RequestSigner> ByDidAsync(CompactJws jws, string did, RequestExpectations expected, CancellationToken cancellationToken)
    {
        if (expected.Dids is null) throw Invalid(OpenId4VpCodes.ClientIdPrefix, "Clients identified by a DID are not accepted.");
        // Before anything is fetched: an unknown DID must not make this wallet call its host.
        if (expected.Trust.ControlledIdentifier(did, TrustPurpose.Verifier, type: null) is not { } anchor) throw Untrusted(TrustCodes.UnknownIssuer);
        if (jws.KeyId is not { } keyId || !keyId.StartsWith(did + "#", StringComparison.Ordinal))
            throw Invalid(OpenId4VpCodes.RequestSignature, "The request object does not name a key of the client's DID.");
        var document = await expected.Dids.ResolveAsync(did, expected.Now, cancellationToken).ConfigureAwait(false);
        RequireSignature(jws, KeyOf(document, keyId, expected));
        return new RequestSigner(anchor, did);
    }

    // Any key of the document will do; a key that is there for something else than to sign as its controller will not verify.
    private static PublicKey KeyOf(ControlledIdentifierDocument document, string keyId, RequestExpectations expected)
    {
        try
        {
            return document.Find(keyId, VerificationRelationship.Authentication, expected.Now).Key;
        }
        catch (MalformedDataException e) when (e.Code == DidCodes.Relationship)
        {
            return document.Find(keyId, VerificationRelationship.AssertionMethod, expected.Now).Key;
        }
    }

    private static void RequireSignature(CompactJws jws, PublicKey key)
    {
        if (!jws.VerifySignature(key)) throw Invalid(OpenId4VpCodes.RequestSignature, "The signature is wrong.");
    }

    internal static ProtocolException Untrusted(string? why) =>
        new(OpenId4VpCodes.VerifierUntrusted, OpenId4VpErrors.InvalidClient, $"The verifier is not trusted ({why}).");

    private static ProtocolException Invalid(string code, string message) => RequestVerifier.Invalid(code, message);
}
