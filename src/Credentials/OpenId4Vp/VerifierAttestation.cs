using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Trust;

namespace Credentials.OpenId4Vp;

/// <summary>What somebody whom wallets trust says about a verifier and its key (OpenID4VP 1.0 §12).</summary>
/// <param name="Issuer">Who says it: the <c>iss</c> that wallets trust.</param>
/// <param name="Subject">The verifier's client identifier without its prefix.</param>
/// <param name="Key">The key that the verifier signs requests with.</param>
/// <param name="ExpiresAt">Its end.</param>
/// <param name="RedirectUris">The response addresses that it is for; null: any.</param>
public sealed record VerifierAttestation(string Issuer, string Subject, PublicKey Key, DateTimeOffset ExpiresAt, IReadOnlyList<string>? RedirectUris = null)
{
    private const string Code = OpenId4VpCodes.VerifierAttestation;

    /// <summary>Signs the attestation.</summary>
    /// <param name="key">The issuer's key.</param>
    /// <param name="now">The time of issuing.</param>
    /// <param name="cancellationToken">Stops before signing.</param>
    public ValueTask<string> IssueAsync(ISigningKey key, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var claims = new JsonObject
        {
            [OpenId4VpNames.Iss] = Issuer,
            [OpenId4VpNames.Sub] = Subject,
            [OpenId4VpNames.Iat] = NumericDate.From(now),
            [OpenId4VpNames.Exp] = NumericDate.From(ExpiresAt),
            [OpenId4VpNames.Cnf] = new JsonObject { [OpenId4VpNames.Jwk] = Jwk.Write(Key) },
        };
        if (RedirectUris is not null) claims[OpenId4VpNames.RedirectUris] = new JsonArray([.. RedirectUris.Select(uri => (JsonNode)uri)]);
        return Jws.SignAsync(new JsonObject { [JoseNames.Typ] = OpenId4VpNames.VerifierAttestationType }, claims, key, cancellationToken);
    }

    /// <summary>Reads an attestation. Nothing of it is verified: for the verifier that was given it.</summary>
    /// <exception cref="CredentialException">Not a verifier attestation.</exception>
    public static VerifierAttestation ParseUnverified(string text) => Read(CompactJws.Parse(text));

    /// <summary>The attestation in the header of a request, issued by somebody whom the wallet trusts for verifiers.</summary>
    internal static (VerifierAttestation Attestation, TrustAnchor Anchor) Verify(CompactJws request, RequestExpectations expected)
    {
        if (request.Header.Member(OpenId4VpNames.Jwt) is not { ValueKind: JsonValueKind.String } text)
            throw RequestVerifier.Invalid(Code, "The request object has no verifier attestation.");
        var jws = CompactJws.Parse(text.GetString()!);
        var attestation = Read(jws);
        // A key counts for the issuer that it was configured for and no other: iss decides (§5.9.3). A certificate of a verifier is no such key.
        var anchor = expected.Trust.PinnedKeys(attestation.Issuer, jws.KeyId, TrustPurpose.Verifier, type: null)
            .FirstOrDefault(candidate => candidate.Issuer == attestation.Issuer && jws.VerifySignature(candidate.Key!))
            ?? throw RequestSigner.Untrusted(TrustCodes.UnknownIssuer);
        var notBefore = jws.PayloadObject.OptionalNumericDate(OpenId4VpNames.Nbf, Code);
        if (attestation.ExpiresAt <= expected.Now - RequestVerifier.s_skew || notBefore > expected.Now + RequestVerifier.s_skew)
            throw RequestVerifier.Invalid(Code, "The verifier attestation is expired or not yet valid.");
        return (attestation, anchor);
    }

    private static VerifierAttestation Read(CompactJws jws)
    {
        jws.RequireType(OpenId4VpNames.VerifierAttestationType);
        var claims = jws.PayloadObject;
        return new VerifierAttestation(
            claims.RequireString(OpenId4VpNames.Iss, Code),
            claims.RequireString(OpenId4VpNames.Sub, Code),
            Jwk.ParsePublic(claims.RequireObjectMember(OpenId4VpNames.Cnf, Code).RequireObjectMember(OpenId4VpNames.Jwk, Code)),
            claims.OptionalNumericDate(OpenId4VpNames.Exp, Code) ?? throw new MalformedDataException(Code, "The verifier attestation has no end."),
            claims.OptionalStringArray(OpenId4VpNames.RedirectUris, Code));
    }
}
