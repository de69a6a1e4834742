using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Tests.Setup;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>
/// An agency and its wallets: each request goes to any replica and, as it is, to any again until an answer comes, also after this side hung up.
/// Now and then a wallet tries what must not work: a code, a nonce or an offer a second time.
/// </summary>
internal sealed class CrashClient(HttpClient http, IReadOnlyList<KillableReplica> replicas, string apiKey, string url, IssuanceHistory history)
{
    private const string Json = "application/json";

    private readonly PatientClient _service = new(http, replicas, history);
    private readonly List<SoftwareSigningKey> _keys = [.. Enumerable.Range(0, 3).Select(_ => Proofs.NewKey())];
    private string? _usedNonce;

    /// <summary>Plays whole issuances until told to stop; the last one is played to its end.</summary>
    internal async Task RunAsync(CancellationToken stop, CancellationToken ct)
    {
        while (!stop.IsCancellationRequested)
        {
            await PlayAsync(ct);
            history.CountIssuance();
        }
    }

    /// <summary>Watches until told to stop that what was said to be served as revoked is, by every replica, and stays so.</summary>
    internal async Task WatchAsync(CancellationToken stop, CancellationToken ct)
    {
        while (!stop.IsCancellationRequested)
        {
            var lists = history.Revocations.Where(revocation => revocation.Published).ToLookup(revocation => revocation.Place.ListId, revocation => revocation.Place.Index);
            foreach (var list in lists)
            {
                var answer = await _service.SendAsync(HttpMethod.Get, $"/status/{list.Key}", null, null, null, ct);
                var served = StatusListToken.Parse(Encoding.ASCII.GetString(answer.Body)).UnverifiedList;
                foreach (var index in list.Where(index => served[index] != StatusTypes.Invalid))
                    history.Surprises.Enqueue($"the revocation of {index} in {list.Key} was served and is not any more");
            }

            await Task.Delay(50, ct);
        }
    }

    /// <summary>Revokes a credential that a wallet holds, found by its offer and its place.</summary>
    internal async Task RevokeAsync(HeldCredential held, bool wait, CancellationToken ct)
    {
        var rows = await _service.SendAsync(HttpMethod.Get, $"/agency/v1/credentials?offer={held.OfferId}", null, null, apiKey, ct);
        var row = rows.Json.RequireArray("credentials").EnumerateArray()
            .SingleOrDefault(row => new StatusPlace(row.RequireString("status_list"), (int)row.RequireIndex("status_index")) == held.Place);
        if (row.ValueKind != JsonValueKind.Object)
        {
            history.Surprises.Enqueue($"the credential at {held.Place} cannot be revoked: it is not in the register");
            return;
        }

        history.RevocationsAsked[held.Place] = true;
        var body = new JsonObject { ["status"] = "revoked", ["reason"] = "test" };
        var path = $"/agency/v1/credentials/{row.RequireString("id")}/status{(wait ? "?wait=published" : "")}";
        var answer = await _service.SendAsync(HttpMethod.Post, path, StrictJson.ToUtf8(body), Json, apiKey, ct);
        if (answer.Status == HttpStatusCode.OK)
            history.Revocations.Enqueue(new AcknowledgedRevocation(held.Place, wait));
        else
            history.Surprise("a revocation was refused", answer);
    }

    private async Task PlayAsync(CancellationToken ct)
    {
        string[] types = PatientClient.OneIn(4) ? ["mdl_sd_jwt", "resident_sd_jwt"] : ["mdl_sd_jwt"];
        var made = await _service.SendAsync(HttpMethod.Post, "/agency/v1/offers", StrictJson.ToUtf8(SampleClaims.OfferBody(false, null, types)), Json, apiKey, ct);
        if (made.Status != HttpStatusCode.Created)
        {
            history.Surprise("an offer was refused", made);
            return;
        }

        var offer = RunningIssuer.ReadOffer(made.Json);
        if (await RedeemAsync(offer, ct) is not { } token)
            return;
        foreach (var type in types)
        {
            if (await ReceiveAsync(offer.Id, type, token, ct) is not { } credentials)
                return;
            if (PatientClient.OneIn(3))
                await RevokeAsync(credentials[RandomNumberGenerator.GetInt32(credentials.Count)], PatientClient.OneIn(2), ct);
        }
    }

    private async Task<string?> RedeemAsync(MadeOffer offer, CancellationToken ct)
    {
        var answer = await RequestTokenAsync(offer, ct);
        if (answer.Status == HttpStatusCode.OK)
        {
            var token = TokenResponse.Parse(answer.Json).AccessToken;
            if (PatientClient.OneIn(4))
                await RequestTokenAsync(offer, ct);
            return token;
        }

        // A code is used once: where the answer to the first use was lost, so is the offer.
        if (answer.IsRepeated && answer.Status == HttpStatusCode.BadRequest)
            history.CountLost();
        else
            history.Surprise("the code of an offer that was acknowledged was refused", answer);
        return null;
    }

    private async Task<FaultAnswer> RequestTokenAsync(MadeOffer offer, CancellationToken ct)
    {
        var form = Encoding.ASCII.GetBytes(new TokenRequest { PreAuthorizedCode = offer.Code }.ToForm());
        var answer = await _service.SendAsync(HttpMethod.Post, "/token", form, "application/x-www-form-urlencoded", null, ct);
        if (answer.Status == HttpStatusCode.OK)
            history.Tokens.Enqueue(new GrantedToken(offer.Id, offer.Code, TokenResponse.Parse(answer.Json).AccessToken));
        return answer;
    }

    /// <summary>The credentials of one type, asked for as often as it takes; null when they were refused.</summary>
    private async Task<IReadOnlyList<HeldCredential>?> ReceiveAsync(string offerId, string type, string token, CancellationToken ct)
    {
        if (_usedNonce is { } used && PatientClient.OneIn(4))
            await RequestAsync(offerId, type, token, used, await BodyAsync(type, used), ct);
        var nonce = await NonceAsync(ct);
        var body = await BodyAsync(type, nonce);
        var (answer, held) = await RequestAsync(offerId, type, token, nonce, body, ct);
        if (answer.Status != HttpStatusCode.OK)
        {
            history.Surprise("a wallet with a good token was refused", answer);
            return null;
        }

        _usedNonce = nonce;
        if (PatientClient.OneIn(3) && (await RequestAsync(offerId, type, token, nonce, body, ct)).Answer is { Status: not HttpStatusCode.OK } again)
            history.Surprise("the same request was refused when it came again", again);
        if (PatientClient.OneIn(4))
        {
            var other = await NonceAsync(ct);
            await RequestAsync(offerId, type, token, other, await BodyAsync(type, other), ct);
        }

        return held;
    }

    private async Task<byte[]> BodyAsync(string type, string nonce)
    {
        var proofs = new List<string>();
        foreach (var key in _keys.Take(1 + RandomNumberGenerator.GetInt32(_keys.Count)))
            proofs.Add(await Proofs.MakeAsync(key, url, nonce));
        return StrictJson.ToUtf8(new CredentialRequest { ConfigurationId = type, JwtProofs = proofs }.ToJson());
    }

    private async Task<string> NonceAsync(CancellationToken ct) =>
        NonceResponse.Parse((await _service.SendAsync(HttpMethod.Post, "/nonce", null, null, null, ct)).Json).CNonce;

    private async Task<(FaultAnswer Answer, IReadOnlyList<HeldCredential> Held)> RequestAsync(string offerId, string type, string token, string nonce, byte[] body, CancellationToken ct)
    {
        var answer = await _service.SendAsync(HttpMethod.Post, "/credential", body, Json, token, ct);
        if (answer.Status != HttpStatusCode.OK)
            return (answer, []);
        var held = CredentialResponse.Parse(answer.Json).Credentials.Select(credential => Hold(offerId, credential)).ToList();
        history.Answers.Enqueue(new CredentialAnswer(offerId, type, nonce, Convert.ToHexString(SHA256.HashData(answer.Body)), held));
        return (answer, held);
    }

    private static HeldCredential Hold(string offerId, string credential)
    {
        var status = StatusReference.FromClaims(SdJwtCredential.Parse(credential).UnverifiedClaims())!;
        return new HeldCredential(
            offerId, new StatusPlace(status.Uri[(status.Uri.LastIndexOf('/') + 1)..], (int)status.Index), Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(credential))));
    }
}
