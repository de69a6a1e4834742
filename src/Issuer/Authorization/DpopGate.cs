using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Authorization;

/// <summary>Checks the DPoP proof of a request (RFC 9449 §4.3, §8) and gives out the next nonce with every answer.</summary>
internal sealed class DpopGate(IssuerDbContext db, DpopNonceMint nonces, IssuerOptions options, TimeProvider time)
{
    /// <summary>Algorithms of proofs.</summary>
    internal static IReadOnlyList<string> Algorithms => AttestationTrust.Algorithms;

    /// <summary>The verified proof of this request; null where none came.</summary>
    /// <param name="http">The request.</param>
    /// <param name="path">The path of the endpoint below the public URL: the address comes from the configuration, not from the request.</param>
    /// <param name="accessToken">The access token that came along, if one did.</param>
    /// <param name="thumbprint">The key that must have made it; null: any.</param>
    /// <exception cref="ProtocolException"><c>invalid_dpop_proof</c> or <c>use_dpop_nonce</c>.</exception>
    internal async Task<DpopProof?> ReadAsync(HttpContext http, string path, string? accessToken = null, string? thumbprint = null)
    {
        OfferNonce(http, nonces);
        var expected = new DpopExpectations
        {
            Method = http.Request.Method,
            Url = new Uri(options.PublicUrl + path),
            Now = time.GetUtcNow(),
            Algorithms = Algorithms,
            NonceRequired = true,
            AccessToken = accessToken,
            Thumbprint = thumbprint,
        };
        var header = http.Request.Headers[OpenId4VciNames.DpopTokenType];
        if (header.Count == 0)
            return null;
        // §4.3 step 1: not more than one. A list in one line is refused as no JWT.
        if (header.Count != 1)
            throw Refused(accessToken, OpenId4VciCodes.DpopMalformed, "There is more than one DPoP header.");
        var proof = DpopProof.Verify(header[0] ?? "", expected);
        if (nonces.ReadExpiry(proof.Nonce!) is null)
            throw DpopProof.NonceNeeded(expected);
        // Until nobody would take it any more for its age, whatever clock the client has.
        var until = proof.IssuedAt + expected.MaxAge + expected.MaxAhead;
        return await UsedOnce.TryAsync(db, [(proof.ReplayHash, until)], http.RequestAborted)
            ? proof
            : throw Refused(accessToken, IssuerCodes.ProofReplayed, "This DPoP proof was used before.");
    }

    /// <summary>Puts a fresh nonce on the answer, errors included.</summary>
    internal static void OfferNonce(HttpContext http, DpopNonceMint nonces) => Answers.KeepHeader(http.Response, OpenId4VciNames.DpopNonceHeader, nonces.Create());

    private static ProtocolException Refused(string? accessToken, string code, string message) =>
        new(code, OpenId4VciNames.InvalidDpopProof, message, accessToken is null ? 400 : 401);
}
