using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
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
    private const string Json = "application/json";

    /// <summary>Plays whole presentations until told to stop; the last one is played to its end.</summary>
    internal async Task RunAsync(CancellationToken stop, CancellationToken ct)
    {
        while (!stop.IsCancellationRequested)
            await PlayAsync(ct);
    }

    private async Task PlayAsync(CancellationToken ct)
    {
        var created = await SendAsync(HttpMethod.Post, "/verifications", """{"policy":"over-19"}"""u8.ToArray(), Json, true, ct);
        if (created.Status != HttpStatusCode.Created)
        {
            Surprise("a verification was refused", created);
            return;
        }

        var (id, link) = (created.Json.RequireString("id"), RequestUri.Parse(created.Json.RequireString("request_uri")));
        var fetched = await SendAsync(HttpMethod.Get, link.Location!.PathAndQuery, null, null, false, ct);
        if (fetched.Status != HttpStatusCode.OK)
        {
            Surprise("a request object was refused", fetched);
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        var request = await RequestVerifier.VerifyAsync(Encoding.UTF8.GetString(fetched.Body), link, new RequestExpectations(trust, now), ct);
        var isCancelled = OneIn(6) && await CancelAsync(id, ct);
        await AnswerAsync(id, request, now, isCancelled, ct);
        var state = await SendAsync(HttpMethod.Get, $"/verifications/{id}", null, null, true, ct);
        var read = state.Status == HttpStatusCode.OK ? state.Json.RequireString("state") : $"HTTP {(int)state.Status}";
        if (read != (isCancelled ? TransactionStates.Cancelled : TransactionStates.Accepted))
            history.Surprises.Enqueue($"{id} should be {(isCancelled ? "cancelled" : "accepted")} and is {read}");
        history.Read[id] = read;
    }

    private async Task<bool> CancelAsync(string id, CancellationToken ct)
    {
        var answer = await SendAsync(HttpMethod.Delete, $"/verifications/{id}", null, null, true, ct);
        // One whose answer was lost has been cancelled already.
        if ((int)answer.Status >= 300 && !answer.IsRepeated)
            Surprise("a verification could not be cancelled", answer);
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
        var twice = OneIn(4) ? PostAsync() : null;
        var answer = await PostAsync();
        var other = twice is null ? null : await twice;
        if (isCancelled ? answer.Status != HttpStatusCode.BadRequest : answer.Status != HttpStatusCode.OK && !answer.IsRepeated && other?.Status != HttpStatusCode.OK && other?.IsRepeated != true)
            Surprise($"an answer{(isCancelled ? " to a cancelled request" : "")} was answered wrongly", answer);
        if (OneIn(4) && await PostAsync() is { Status: not HttpStatusCode.BadRequest } again)
            Surprise("an answer that came again was answered wrongly", again);

        async Task<Answer> PostAsync()
        {
            var posted = await SendAsync(HttpMethod.Post, asked.ResponseUri.PathAndQuery, body, "application/x-www-form-urlencoded", false, ct);
            if (posted.Status == HttpStatusCode.OK)
                history.Taken.AddOrUpdate(id, 1, (_, times) => times + 1);
            return posted;
        }
    }

    /// <summary>Sends the same bytes until there is an answer. One in twelve hangs up on the first try, at any moment.</summary>
    private async Task<Answer> SendAsync(HttpMethod method, string path, byte[]? body, string? mediaType, bool isParty, CancellationToken ct)
    {
        for (var tries = 0; ; tries++)
        {
            var replica = replicas[RandomNumberGenerator.GetInt32(replicas.Count)];
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var hangsUp = tries == 0 && OneIn(12);
            if (hangsUp)
                hangUp.CancelAfter(RandomNumberGenerator.GetInt32(40));
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(replica.Address, path)) { Content = body is null ? null : new ByteArrayContent(body) };
                if (request.Content is not null)
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType!);
                if (isParty)
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
                var asked = Stopwatch.GetTimestamp();
                using var response = await http.SendAsync(request, hangUp.Token);
                var answer = new Answer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(hangUp.Token), tries > 0);
                if ((int)answer.Status < 500)
                {
                    replica.CountAnswer();
                    return answer;
                }

                if (answer.Status != HttpStatusCode.ServiceUnavailable || response.Headers.RetryAfter is null)
                    Surprise($"{path} was answered with an error that is no 503 with Retry-After", answer);
                replica.CountUnavailable();
                history.CountUnavailable(Stopwatch.GetElapsedTime(asked));
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                if (!hangsUp)
                    history.Surprises.Enqueue($"{path} was not answered within {http.Timeout}");
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // The replica is gone, before or after it did what was asked.
            }

            history.CountBroken();
            await Task.Delay(RandomNumberGenerator.GetInt32(20, 100), ct);
        }
    }

    private void Surprise(string what, Answer answer) => history.Surprises.Enqueue($"{what}: {(int)answer.Status} {Encoding.UTF8.GetString(answer.Body)}");

    private static bool OneIn(int many) => RandomNumberGenerator.GetInt32(many) == 0;

    /// <summary>An answer; repeated: not to the first try.</summary>
    private sealed record Answer(HttpStatusCode Status, byte[] Body, bool IsRepeated)
    {
        internal JsonElement Json => StrictJson.ParseObject(Body);
    }
}
