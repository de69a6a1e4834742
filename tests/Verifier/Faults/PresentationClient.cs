using System.Net;
using System.Text;
using Credentials.Codecs;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests.Faults;

/// <summary>
/// A relying party and a wallet: each request goes to any replica and, as it is, to any again until an answer comes. Now and then a wallet sends its
/// answer twice, one after the other or to both replicas at once, or the relying party cancels first.
/// </summary>
internal sealed class PresentationClient(HttpClient http, IReadOnlyList<VerifierReplica> replicas, string apiKey, TrustStore trust, IssuedTo held, PresentationHistory history)
{
    private readonly PatientClient _service = new(http, replicas, history);

    /// <summary>Plays whole presentations until told to stop; the last one is played to its end.</summary>
    internal async Task RunAsync(CancellationToken stop, CancellationToken ct)
    {
        while (!stop.IsCancellationRequested)
            await PlayAsync(ct);
    }

    private async Task PlayAsync(CancellationToken ct)
    {
        var created = await _service.SendAsync(HttpMethod.Post, "/verifications", """{"policy":"over-19"}"""u8.ToArray(), "application/json", apiKey, ct);
        if (created.Status != HttpStatusCode.Created)
        {
            history.Surprise("a verification was refused", created);
            return;
        }

        var (id, link) = (created.Json.RequireString("id"), RequestUri.Parse(created.Json.RequireString("request_uri")));
        var fetched = await _service.SendAsync(HttpMethod.Get, link.Location!.PathAndQuery, null, null, null, ct);
        if (fetched.Status != HttpStatusCode.OK)
        {
            history.Surprise("a request object was refused", fetched);
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        var request = await RequestVerifier.VerifyAsync(Encoding.UTF8.GetString(fetched.Body), link, new RequestExpectations(trust, now), ct);
        var isCancelled = PatientClient.OneIn(6) && await CancelAsync(id, ct);
        await AnswerAsync(id, request, now, isCancelled, ct);
        var state = await _service.SendAsync(HttpMethod.Get, $"/verifications/{id}", null, null, apiKey, ct);
        var read = state.Status == HttpStatusCode.OK ? state.Json.RequireString("state") : $"HTTP {(int)state.Status}";
        if (read != (isCancelled ? TransactionStates.Cancelled : TransactionStates.Accepted))
            history.Surprises.Enqueue($"{id} should be {(isCancelled ? "cancelled" : "accepted")} and is {read}");
        history.Read[id] = read;
    }

    private async Task<bool> CancelAsync(string id, CancellationToken ct)
    {
        var answer = await _service.SendAsync(HttpMethod.Delete, $"/verifications/{id}", null, null, apiKey, ct);
        // One whose answer was lost has been cancelled already.
        if ((int)answer.Status >= 300 && !answer.IsRepeated)
            history.Surprise("a verification could not be cancelled", answer);
        return true;
    }

    private async Task AnswerAsync(string id, VerifiedRequest request, DateTimeOffset now, bool isCancelled, CancellationToken ct)
    {
        var asked = request.Request;
        var presentation = await SdJwtPresenter.PresentAsync(
            SdJwtCredential.Parse(held.Credential), asked.DcqlQuery.Credentials[0].Claims!.Select(claim => claim.Path), new KeyBinding(asked.ClientId.Full, asked.Nonce, now), held.HolderKey);
        var form = await TestWallet.FormAsync(request, AuthorizationResponse.Success(TestWallet.Token(asked, presentation), asked.State));
        var body = Encoding.ASCII.GetBytes(StrictForm.Encode(form));
        history.Sent[id] = true;
        var twice = PatientClient.OneIn(4) ? PostAsync() : null;
        var answer = await PostAsync();
        var other = twice is null ? null : await twice;
        if (isCancelled ? answer.Status != HttpStatusCode.BadRequest : answer.Status != HttpStatusCode.OK && !answer.IsRepeated && other?.Status != HttpStatusCode.OK && other?.IsRepeated != true)
            history.Surprise($"an answer{(isCancelled ? " to a cancelled request" : "")} was answered wrongly", answer);
        if (PatientClient.OneIn(4) && await PostAsync() is { Status: not HttpStatusCode.BadRequest } again)
            history.Surprise("an answer that came again was answered wrongly", again);

        async Task<FaultAnswer> PostAsync()
        {
            var posted = await _service.SendAsync(HttpMethod.Post, asked.ResponseUri.PathAndQuery, body, "application/x-www-form-urlencoded", null, ct);
            if (posted.Status == HttpStatusCode.OK)
                history.Taken.AddOrUpdate(id, 1, (_, times) => times + 1);
            return posted;
        }
    }
}
