using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Jose;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Issuance;

/// <summary><c>POST /credential</c> (OpenID4VCI §8): key proofs in, credentials out. What happens between is <see cref="IssuanceDesk"/>.</summary>
internal static class IssueCredential
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/credential", HandleAsync).RequireRateLimiting(RateLimits.Public);

    private static async Task HandleAsync(
        HttpContext http, IssuerDbContext db, CredentialCatalog catalog, NonceMint nonces, IssuanceDesk desk, IssuerOptions options, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var (token, access) = await CredentialAccess.FindTokenAsync(http, db);
        var body = await RequestBody.ReadAsync(http, RequestBody.CredentialCap);
        // A byte-identical retry gets the same answer, although its nonce is used up and its token may have expired by now.
        var requestHash = SHA256.HashData([.. Encoding.UTF8.GetBytes(token), 0, .. body]);
        if (await desk.FindKeptAsync(token, access.OfferId, requestHash, http.RequestAborted) is { } kept)
        {
            await Answers.BytesAsync(http.Response, kept, "application/json");
            return;
        }

        CredentialAccess.RequireUnexpired(access, now);
        if (!RequestBody.IsType(http.Request, "application/json"))
            throw new ProtocolException(OpenId4VciCodes.CredentialRequest, OpenId4VciNames.InvalidCredentialRequest, "The request must be application/json.", 400);
        var request = CredentialRequest.Parse(body, new JsonLimits(MaxBytes: RequestBody.CredentialCap));
        var type = CredentialAccess.RequireType(request, access, catalog);
        var proofs = Verify(request, access, options, now);
        var order = new IssuanceOrder(token, access.OfferId, type, requestHash, proofs);
        if (await desk.FindAnswerAsync(order, http.RequestAborted) is { } finished)
        {
            await Answers.BytesAsync(http.Response, finished, "application/json");
            return;
        }

        var used = proofs.Select(proof => proof.Nonce!).Distinct(StringComparer.Ordinal)
            .Select(nonce => (nonce, Expiry: nonces.ReadExpiry(nonce) ?? throw BadNonce())).ToList();
        await Answers.BytesAsync(http.Response, await desk.IssueAsync(order, used, now, http.RequestAborted), "application/json");
    }

    internal static ProtocolException BadNonce() => new(IssuerCodes.Nonce, OpenId4VciNames.InvalidNonce, "A nonce is not ours, expired or used.", 400);

    private static List<KeyProof> Verify(CredentialRequest request, AccessToken access, IssuerOptions options, DateTimeOffset now)
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
        };
        var proofs = request.JwtProofs.Select(jwt => KeyProof.Verify(jwt, expected)).ToList();
        if (proofs.DistinctBy(proof => Jwk.Thumbprint(proof.HolderKey)).Count() != proofs.Count)
            throw new ProtocolException(IssuerCodes.KeyTwice, OpenId4VciNames.InvalidProof, "Two proofs have the same key.", 400);
        return proofs;
    }
}
