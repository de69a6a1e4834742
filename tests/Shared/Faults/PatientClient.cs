using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Credentials.Tests.Shared;

/// <summary>
/// Sends each request to any replica and, as it is, to any again until there is an answer. One in twelve hangs up itself on the first try, at any moment.
/// </summary>
public sealed class PatientClient(HttpClient http, IReadOnlyList<Replica> replicas, FaultHistory history)
{
    /// <param name="bearer">The key or token that it carries; null: none.</param>
    public async Task<FaultAnswer> SendAsync(HttpMethod method, string path, byte[]? body, string? mediaType, string? bearer, CancellationToken ct)
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
                if (bearer is not null)
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
                var asked = Stopwatch.GetTimestamp();
                using var response = await http.SendAsync(request, hangUp.Token);
                var answer = new FaultAnswer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(hangUp.Token), tries > 0);
                if ((int)answer.Status < 500)
                {
                    replica.CountAnswer();
                    return answer;
                }

                if (answer.Status != HttpStatusCode.ServiceUnavailable || response.Headers.RetryAfter is null)
                    history.Surprise($"{path} was answered with an error that is no 503 with Retry-After", answer);
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

    public static bool OneIn(int many) => RandomNumberGenerator.GetInt32(many) == 0;
}
