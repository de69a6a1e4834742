using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
using Credentials.Issuer.Authorization;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Issuance;

/// <summary><c>POST /credential</c> (OpenID4VCI §8): key proofs in, credentials out, or the promise of some. What happens between is <see cref="IssuanceDesk"/>.</summary>
internal static class IssueCredential
{
    internal const string Path = "/credential";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, HandleAsync).RequireRateLimiting(RateLimits.Public);

    private static async Task HandleAsync(
        HttpContext http, IssuerDbContext db, DpopGate dpop, CredentialCatalog catalog, HolderKeys holders, IssuanceDesk desk, DeferralDesk deferral, SecureMessages messages, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var (token, access) = await CredentialAccess.FindTokenAsync(http, db, dpop, Path);
        var body = await RequestBody.ReadAsync(http, RequestBody.CredentialCap);
        // A byte-identical retry gets the same answer, although its nonce is used up and its token may have expired by now.
        var requestHash = HashOf(token, body);
        var (offer, kept) = await desk.FindAsync(token, access.OfferId, requestHash, http.RequestAborted);
        if (kept is null)
            CredentialAccess.RequireUnexpired(access, now);
        var (json, wasEncrypted) = await messages.OpenAsync(http, body);
        var request = CredentialRequest.Parse(json, new JsonLimits(MaxBytes: RequestBody.CredentialCap), wasEncrypted);
        messages.RequireEncryption(request.ResponseEncryption);
        if (kept is not null)
        {
            await SecureMessages.WriteAsync(http, kept, request.ResponseEncryption);
            return;
        }

        var type = CredentialAccess.RequireType(request, access, catalog);
        var (keys, nonces) = await holders.VerifyAsync(request, access, type, now, http.RequestAborted);
        var order = new IssuanceOrder(token, offer, type, requestHash, keys);
        var used = holders.RequireCurrent(nonces);
        if (await deferral.DeferAsync(order, used, now, http.RequestAborted) is { } promise)
            await SecureMessages.WriteAsync(http, promise, request.ResponseEncryption, StatusCodes.Status202Accepted);
        else
            await SecureMessages.WriteAsync(http, await desk.IssueAsync(order, used, now, http.RequestAborted), request.ResponseEncryption);
    }

    internal static byte[] HashOf(string token, byte[] body) => SHA256.HashData([.. Encoding.UTF8.GetBytes(token), 0, .. body]);

    internal static ProtocolException BadNonce() => new(IssuerCodes.Nonce, OpenId4VciNames.InvalidNonce, "A nonce is not ours, expired or used.", 400);
}
