using Credentials.Issuer.Authorization;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Issuance;

/// <summary>The keys that a request wants credentials for: proved one by one, or attested (OpenID4VCI Appendices D and F).</summary>
internal sealed class HolderKeys(AttestationTrust trust, AttestationStatus status, NonceMint nonces, IssuerOptions options)
{
    /// <summary>The keys, all different, and the nonces of the proofs, which the caller holds to be current.</summary>
    /// <exception cref="ProtocolException"><c>invalid_proof</c> or <c>invalid_credential_request</c>.</exception>
    internal async Task<(IReadOnlyList<PublicKey> Keys, IReadOnlyList<string> Nonces)> VerifyAsync(
        CredentialRequest request, AccessToken access, CredentialType type, DateTimeOffset now, CancellationToken ct)
    {
        var demanded = trust.ForKeys(type.Id, now);
        var (keys, used) = request.AttestationProof is { } attestation
            ? await ByAttestationAsync(attestation, demanded, now, ct)
            : await ByProofsAsync(request, access, demanded, now, ct);
        if (keys.Count > options.BatchSize)
            throw new ProtocolException(IssuerCodes.BatchTooLarge, OpenId4VciNames.InvalidCredentialRequest, "More keys than batch_size.", 400);
        return keys.DistinctBy(Jwk.Thumbprint).Count() == keys.Count
            ? (keys, used)
            : throw new ProtocolException(IssuerCodes.KeyTwice, OpenId4VciNames.InvalidProof, "Two proofs have the same key.", 400);
    }

    /// <exception cref="ProtocolException"><c>invalid_nonce</c>.</exception>
    internal IReadOnlyList<(string Nonce, long Expiry)> RequireCurrent(IReadOnlyList<string> used) =>
        [.. used.Distinct(StringComparer.Ordinal).Select(nonce => (nonce, Expiry: nonces.ReadExpiry(nonce) ?? throw IssueCredential.BadNonce()))];

    private async Task<(IReadOnlyList<PublicKey>, IReadOnlyList<string>)> ByProofsAsync(
        CredentialRequest request, AccessToken access, AttestationExpectations? demanded, DateTimeOffset now, CancellationToken ct)
    {
        if (request.JwtProofs.Count == 0)
            throw new ProtocolException(OpenId4VciCodes.ProofMissing, OpenId4VciNames.InvalidProof, "'proofs' is missing.", 400);
        // Counted before any signature is checked.
        if (request.JwtProofs.Count > options.BatchSize)
            throw new ProtocolException(IssuerCodes.BatchTooLarge, OpenId4VciNames.InvalidCredentialRequest, "More proofs than batch_size.", 400);
        var expected = new KeyProofExpectations
        {
            CredentialIssuer = options.PublicUrl,
            ClientId = access.ClientId,
            Algorithms = Metadata.IssuerMetadataDocument.ProofAlgorithms,
            NonceRequired = true,
            Now = now,
            Attestation = demanded,
        };
        var keys = new List<PublicKey>();
        var used = new List<string>();
        foreach (var jwt in request.JwtProofs)
        {
            var proof = KeyProof.Verify(jwt, expected);
            used.Add(proof.Nonce!);
            if (proof.Attestation is not { } attestation)
            {
                keys.Add(proof.HolderKey);
                continue;
            }

            // Appendix F.1: one credential for each attested key, the one of the proof among them.
            used.Add(await RequireAsync(attestation, now, ct));
            keys.AddRange(attestation.Keys);
        }

        return (keys, used);
    }

    private async Task<(IReadOnlyList<PublicKey>, IReadOnlyList<string>)> ByAttestationAsync(
        string jwt, AttestationExpectations? demanded, DateTimeOffset now, CancellationToken ct)
    {
        if (demanded is null)
            throw new ProtocolException(OpenId4VciCodes.ProofMissing, OpenId4VciNames.InvalidProof, "The proof type 'attestation' is not served for this credential.", 400);
        var attestation = KeyAttestation.Verify(jwt, demanded, expiryRequired: false);
        return (attestation.Keys, [await RequireAsync(attestation, now, ct)]);
    }

    private async Task<string> RequireAsync(KeyAttestation attestation, DateTimeOffset now, CancellationToken ct)
    {
        await status.RequireValidAsync(attestation.Status, attestation.Anchor, OpenId4VciNames.InvalidProof, now, ct);
        // Appendix D.1, F.3: with a nonce endpoint, an attestation carries one of its nonces.
        return attestation.Nonce is { Length: > 0 } nonce
            ? nonce
            : throw new ProtocolException(OpenId4VciCodes.ProofNonceMissing, OpenId4VciNames.InvalidProof, "The key attestation has no 'nonce'.", 400);
    }
}
