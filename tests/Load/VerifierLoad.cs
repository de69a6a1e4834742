using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.Trust;

namespace Credentials.Load;

/// <summary>A relying party and its customers' wallets.</summary>
/// <param name="verifier">The service.</param>
/// <param name="trust">The verifiers that wallets trust.</param>
/// <param name="held">Credentials of many people, with their keys.</param>
internal sealed class VerifierLoad(ServiceClient verifier, TrustStore trust, IReadOnlyList<(string Credential, SoftwareSigningKey Key)> held)
{
    private readonly ConcurrentQueue<string> _asked = new();
    private int _next;

    internal IReadOnlyList<Scenario> Scenarios =>
    [
        new("presentation: request, request object, response, result", "presentations", 1, "", PresentAsync),
        new("the wallet's part of it: request object, response, stored report", "presentations", 1, "≥ 400/s, p99 ≤ 250 ms", AnswerNextAsync) { PrepareAsync = AskAsync },
        new("POST /documents/verify", "documents", 1, "≥ 1 500/s", CheckAsync),
    ];

    private (string Credential, SoftwareSigningKey Key) Next() => held[(Interlocked.Increment(ref _next) & int.MaxValue) % held.Count];

    private async Task PresentAsync(CancellationToken ct)
    {
        var created = await CreateAsync();
        await AnswerAsync(created.RequireString("request_uri"), ct);
        var result = await verifier.GetAsync($"/verifications/{created.RequireString("id")}");
        if (result.RequireString("state") != "accepted")
            throw new InvalidOperationException($"The presentation came out as {result}.");
    }

    private Task AskAsync(int times) =>
        Parallel.ForEachAsync(Enumerable.Range(0, times), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => _asked.Enqueue((await CreateAsync()).RequireString("request_uri")));

    private Task AnswerNextAsync(CancellationToken ct) =>
        _asked.TryDequeue(out var link) ? AnswerAsync(link, ct) : throw new InvalidOperationException("More was answered than asked: make the measured time shorter.");

    private Task<JsonElement> CreateAsync() => verifier.PostJsonAsync("/verifications", new JsonObject { ["policy"] = "over-19" }, withKey: true);

    /// <summary>The wallet's part. Its answer is taken, or refused, when the report is stored.</summary>
    private async Task AnswerAsync(string requestUri, CancellationToken ct)
    {
        var (credential, key) = Next();
        var link = RequestUri.Parse(requestUri);
        var now = DateTimeOffset.UtcNow;
        var text = Encoding.ASCII.GetString(await verifier.GetBytesAsync(link.Location!.OriginalString, "application/oauth-authz-req+jwt"));
        var verified = await RequestVerifier.VerifyAsync(text, link, new RequestExpectations(trust, now), ct);
        var request = verified.Request;
        var query = request.DcqlQuery.Credentials.First(one => one.Format == CredentialFormat.SdJwtVc);
        var binding = new KeyBinding(request.ClientId.Full, request.Nonce, now);
        var presentation = await SdJwtPresenter.PresentAsync(SdJwtCredential.Parse(credential), query.Claims!.Select(claim => claim.Path), binding, key);
        var response = AuthorizationResponse.Success(VpToken.Create([KeyValuePair.Create(query.Id, (IReadOnlyList<string>)[presentation])]), request.State);
        var form = verified.Encryption is { } encryption ? await encryption.EncryptAsync(response) : response.ToForm();
        await verifier.PostFormAsync(request.ResponseUri!.OriginalString, StrictForm.Encode(form));
    }

    private async Task CheckAsync(CancellationToken ct)
    {
        var report = await verifier.PostJsonAsync("/documents/verify", new JsonObject { ["document"] = Next().Credential }, withKey: true);
        if (!report.GetProperty("accepted").GetBoolean())
            throw new InvalidOperationException($"The document came out as {report}.");
    }
}
