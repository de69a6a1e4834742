using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.OpenId4Vci;

/// <summary>A verified key proof of type <c>jwt</c> (OpenID4VCI Appendix F.1): its maker holds the private key of <see cref="HolderKey"/>.</summary>
/// <param name="HolderKey">The key the credential will be bound to.</param>
/// <param name="Nonce">The nonce the proof carries; whether it is a current one of ours, the caller decides.</param>
/// <param name="IssuedAt">When the wallet says it made the proof; its clock may be wrong.</param>
public sealed record KeyProof(PublicKey HolderKey, string? Nonce, DateTimeOffset IssuedAt)
{
    /// <summary>The verified attestation in its header, which attests <see cref="HolderKey"/> and perhaps more keys; null: none.</summary>
    public KeyAttestation? Attestation { get; init; }

    /// <summary>Makes a proof.</summary>
    /// <param name="key">The holder's key; its public half goes into the header.</param>
    /// <param name="credentialIssuer">The credential issuer identifier, exactly as in its metadata.</param>
    /// <param name="nonce">The issuer's nonce; null only when it has no nonce endpoint.</param>
    /// <param name="clientId">The client id; null after an anonymous pre-authorized flow.</param>
    /// <param name="now">The time of the proof.</param>
    /// <param name="keyAttestation">A key attestation that has this key among others; null: none.</param>
    public static ValueTask<string> CreateAsync(
        ISigningKey key, string credentialIssuer, string? nonce, string? clientId, DateTimeOffset now,
        string? keyAttestation = null, CancellationToken ct = default)
    {
        var header = new JsonObject { ["typ"] = OpenId4VciNames.KeyProofType, ["jwk"] = Jwk.Write(key.PublicKey) };
        header.AddText("key_attestation", keyAttestation);
        var payload = new JsonObject();
        payload.AddText("iss", clientId);
        payload["aud"] = credentialIssuer;
        payload["iat"] = NumericDate.From(now);
        payload.AddText("nonce", nonce);
        return Jws.SignAsync(header, payload, key, ct);
    }

    /// <summary>Verifies a proof (Appendix F.4); all but whether its nonce is a current one.</summary>
    /// <exception cref="ProtocolException">The proof is refused: <c>invalid_proof</c>.</exception>
    public static KeyProof Verify(string jwt, KeyProofExpectations expected)
    {
        try
        {
            var token = CompactJws.Parse(jwt);
            token.RequireType(OpenId4VciNames.KeyProofType);
            if (!expected.Algorithms.Contains(token.Algorithm))
                throw Refused(OpenId4VciCodes.ProofAlgorithm, "The algorithm of the key proof is not accepted.");
            var attestation = ReadAttestation(token.Header, expected);
            var key = ReadKey(token.Header, attestation);
            if (!token.VerifySignature(key))
                throw Refused(OpenId4VciCodes.ProofSignature, "The signature of the key proof does not verify.");
            return ReadClaims(token.PayloadObject, key, expected) with { Attestation = attestation };
        }
        catch (CredentialException e) when (e is MalformedDataException or NotSupportedCredentialException)
        {
            throw new ProtocolException(e.Code, OpenId4VciNames.InvalidProof, e.Message, 400);
        }
    }

    private static KeyAttestation? ReadAttestation(JsonElement header, KeyProofExpectations expected)
    {
        if (header.OptionalString("key_attestation", OpenId4VciCodes.ProofMalformed) is { } jwt)
        {
            return expected.Attestation is { } demanded
                ? KeyAttestation.Verify(jwt, demanded, expiryRequired: true)
                : throw Refused(OpenId4VciCodes.ProofKey, "Key attestations are not served for this credential.");
        }

        return expected.Attestation is null ? null : throw Refused(OpenId4VciCodes.KeyAttestationProof, "A key attestation is needed.");
    }

    // Appendix F.1: kid, jwk and x5c exclude each other. A kid alone is served for attested keys only: elsewhere it would have to be
    // resolved from somewhere, and x5c needs a trust decision that is not configured.
    private static PublicKey ReadKey(JsonElement header, KeyAttestation? attestation)
    {
        foreach (var other in (ReadOnlySpan<string>)["x5c", "x5u", "jku", "trust_chain"])
        {
            if (header.TryGetProperty(other, out _))
                throw Refused(OpenId4VciCodes.ProofKey, $"Key proofs with '{other}' are not served.");
        }

        var hasKeyId = header.TryGetProperty("kid", out _);
        if (!header.TryGetProperty("jwk", out var jwk))
        {
            if (!hasKeyId) throw Refused(OpenId4VciCodes.ProofKey, "The key proof has no 'jwk' in its header.");
            return attestation?.Find(header.RequireText("kid", OpenId4VciCodes.ProofMalformed))
                ?? throw Refused(OpenId4VciCodes.ProofKey, "Key proofs with 'kid' are served for attested keys only.");
        }

        if (hasKeyId) throw Refused(OpenId4VciCodes.ProofKey, "A key proof has 'jwk' or 'kid', not both.");
        var key = Jwk.ParsePublic(jwk);
        // Appendix D.1: the proof is signed by a key that the attestation attests.
        return attestation is null || attestation.Keys.Contains(key)
            ? key
            : throw Refused(OpenId4VciCodes.KeyAttestationProof, "The key proof is made with a key that is not attested.");
    }

    private static KeyProof ReadClaims(JsonElement payload, PublicKey key, KeyProofExpectations expected)
    {
        const string malformed = OpenId4VciCodes.ProofMalformed;
        // F.1: aud is one string, the credential issuer identifier; no array, no normalisation.
        if (!payload.TryGetProperty("aud", out var audience) || audience.ValueKind != JsonValueKind.String
            || !string.Equals(audience.GetString(), expected.CredentialIssuer, StringComparison.Ordinal))
            throw Refused(OpenId4VciCodes.ProofAudience, "The key proof is not for this credential issuer.");
        // F.1: iss is the client_id, and MUST be omitted after anonymous access.
        if (payload.OptionalString("iss", malformed) is { } issuer && issuer != expected.ClientId)
            throw Refused(OpenId4VciCodes.ProofIssuer, "'iss' of the key proof is not the client of the access token.");
        var issuedAt = payload.OptionalNumericDate("iat", malformed) ?? throw Refused(OpenId4VciCodes.ProofTime, "The key proof has no 'iat'.");
        var nonce = payload.OptionalString("nonce", malformed);
        if (string.IsNullOrEmpty(nonce))
        {
            if (expected.NonceRequired)
                throw Refused(OpenId4VciCodes.ProofNonceMissing, "The key proof has no 'nonce'.");
            // §13.8: without a nonce that carries our own time, the wallet's clock is all there is.
            if ((expected.Now - issuedAt).Duration() > expected.MaxAge)
                throw Refused(OpenId4VciCodes.ProofTime, "The key proof is too old or from the future.");
        }

        return new KeyProof(key, nonce, issuedAt);
    }

    private static ProtocolException Refused(string code, string message) => new(code, OpenId4VciNames.InvalidProof, message, 400);
}
