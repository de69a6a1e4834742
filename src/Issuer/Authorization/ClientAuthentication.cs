using System.Security.Cryptography;
using System.Text;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Jose;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Authorization;

/// <summary>Who asks at the PAR and token endpoints: a wallet with an attestation (attestation-based client authentication -07), or one that just says so.</summary>
internal sealed class ClientAuthentication(
    IssuerDbContext db, AttestationTrust trust, AttestationStatus status, ChallengeMint challenges, IssuerOptions options, TimeProvider time)
{
    /// <summary>Checks what the request has, and that it is enough.</summary>
    /// <param name="http">The request.</param>
    /// <param name="clientId">The <c>client_id</c> parameter, if there is one.</param>
    /// <exception cref="ProtocolException"><c>invalid_client</c> or <c>use_attestation_challenge</c>.</exception>
    internal async Task<WalletClient> RequireAsync(HttpContext http, string? clientId)
    {
        if (clientId is { Length: > 256 } || clientId?.Any(char.IsControl) == true)
            throw new ProtocolException(IssuerCodes.Client, OpenId4VciNames.InvalidRequest, "'client_id' is not usable.", 400);
        if (trust.ServesWallets)
            Answers.KeepHeader(http.Response, OpenId4VciNames.ClientAttestationChallengeHeader, challenges.Create());
        var (attestations, pops) = (http.Request.Headers[OpenId4VciNames.ClientAttestationHeader], http.Request.Headers[OpenId4VciNames.ClientAttestationPopHeader]);
        WalletClient client;
        if (attestations.Count == 0 && pops.Count == 0)
            client = options.RequireWalletAttestation ? throw Refused("A wallet attestation is needed.") : new WalletClient(clientId, null);
        // -07 §6.2: precisely one of each.
        else if (attestations.Count != 1 || pops.Count != 1)
            throw Refused("A wallet attestation and its proof of possession come together, once each.");
        else
            client = await VerifyAsync(http, attestations[0] ?? "", pops[0] ?? "", clientId);
        if (options.AllowedClients.Count > 0 && (client.Id is null || !options.AllowedClients.Contains(client.Id)))
            throw Refused("This client is not served.");
        return client;
    }

    private async Task<WalletClient> VerifyAsync(HttpContext http, string jwt, string popJwt, string? clientId)
    {
        var now = time.GetUtcNow();
        var attestation = ClientAttestation.Verify(jwt, trust.ForWallets(now));
        var pop = ClientAttestationPop.Verify(popJwt, attestation, new PopExpectations
        {
            AuthorizationServer = options.PublicUrl,
            Algorithms = AttestationTrust.Algorithms,
            ChallengeRequired = true,
            Now = now,
        });
        // -07 §9 step 13
        if (clientId is not null && clientId != attestation.ClientId)
            throw Refused("'client_id' is not the client of the wallet attestation.");
        if (challenges.ReadExpiry(pop.Challenge!) is not { } expiry)
            throw ClientAttestationPop.ChallengeNeeded();
        await status.RequireValidAsync(attestation.Status, attestation.Anchor, OpenId4VciNames.InvalidClient, now, http.RequestAborted);
        var challenge = SHA256.HashData(Encoding.UTF8.GetBytes($"challenge\n{pop.Challenge}"));
        var until = DateTimeOffset.FromUnixTimeMilliseconds(expiry);
        return await UsedOnce.TryAsync(db, [(challenge, until), (pop.ReplayHash, until)], http.RequestAborted)
            ? new WalletClient(attestation.ClientId, Jwk.Thumbprint(attestation.InstanceKey))
            : throw ClientAttestationPop.ChallengeNeeded();
    }

    private static ProtocolException Refused(string message) => new(IssuerCodes.Client, OpenId4VciNames.InvalidClient, message, 401);
}
