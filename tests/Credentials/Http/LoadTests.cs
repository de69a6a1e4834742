using Credentials.Http;
using Microsoft.AspNetCore.Http;

namespace Credentials.Tests.Http;

public class LoadTests
{
    [Fact]
    [Trait("Row", "NET-07")]
    public async Task A_thousand_parallel_fetches_of_one_url_are_one_request()
    {
        var release = new TaskCompletionSource();
        await using var server = await LocalServer.StartAsync(async context =>
        {
            await release.Task;
            await LocalServer.Body("{}")(context);
        });
        using var http = FetchExtensions.ToLoopback();

        var fetches = Enumerable.Range(0, 1000).Select(_ => http.FetchAsync(server.Url)).ToArray();
        release.SetResult();
        var documents = await Task.WhenAll(fetches);

        Assert.All(documents, document => Assert.Equal(200, document.Status));
        Assert.Single(server.Requests);

        // What is over is over: the next one asks again.
        await http.FetchAsync(server.Url);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    [Trait("Row", "NET-07")]
    public async Task Who_gives_up_does_not_spoil_it_for_the_others()
    {
        var release = new TaskCompletionSource();
        await using var server = await LocalServer.StartAsync(async context =>
        {
            await release.Task;
            await LocalServer.Body("{}")(context);
        });
        using var http = FetchExtensions.ToLoopback();
        using var cancel = new CancellationTokenSource();

        var impatient = http.GetAsync(server.Url, FetchRule.Json, cancellationToken: cancel.Token);
        var patient = http.FetchAsync(server.Url);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        release.SetResult();

        Assert.Equal(200, (await patient).Status);
        Assert.Single(server.Requests);
    }

    [Fact(Timeout = 30_000)]
    [Trait("Row", "NET-08")]
    public async Task Slow_hosts_take_only_so_many_places_and_the_queue_is_bounded()
    {
        var hosts = new SlowHosts();
        await using var server = await LocalServer.StartAsync(hosts.AnswerAsync, addresses: 100);
        using var http = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true, MaxConcurrent = 5, MaxQueued = 20 });

        // Distinct hosts, so that neither single flight nor the cap per host comes in between.
        var fetches = Enumerable.Range(1, 100).Select(i => http.FetchAsync($"http://127.0.0.{i}:{server.Port}/")).ToArray();
        await hosts.ArrivedAsync(5);
        // The 75 over the bound are told at once; those waiting still wait.
        while (fetches.Count(fetch => fetch.IsFaulted) < 75)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        hosts.Release();
        var outcomes = await Task.WhenAll(fetches.Select(OutcomeAsync));

        Assert.Equal(75, outcomes.Count(outcome => outcome == HttpCodes.Busy));
        Assert.Equal(25, outcomes.Count(outcome => outcome == "fetched"));
        Assert.Equal(5, hosts.Most);
        // All places are free again.
        Assert.Equal(200, (await http.FetchAsync($"http://127.0.0.1:{server.Port}/")).Status);
    }

    [Fact]
    [Trait("Row", "NET-08")]
    public async Task One_slow_host_does_not_take_the_places_of_the_others()
    {
        var slow = new SlowHosts();
        await using var slowServer = await LocalServer.StartAsync(slow.AnswerAsync);
        await using var otherServer = await LocalServer.StartAsync(LocalServer.Body("{}"), addresses: 2);
        using var http = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true, MaxConcurrent = 4, MaxConcurrentPerHost = 2 });

        var fetches = Enumerable.Range(0, 10).Select(i => http.FetchAsync(new Uri(slowServer.Url, $"/{i}"))).ToArray();
        await slow.ArrivedAsync(2);
        Assert.Equal(200, (await http.FetchAsync($"http://127.0.0.2:{otherServer.Port}/")).Status);
        slow.Release();
        await Task.WhenAll(fetches);

        Assert.Equal(2, slow.Most);
    }

    private static async Task<string> OutcomeAsync(Task<FetchedDocument> fetch)
    {
        try
        {
            await fetch;
            return "fetched";
        }
        catch (FetchException e)
        {
            return e.Code;
        }
    }

    /// <summary>Answers only when released, and counts how many requests were waiting at once.</summary>
    private sealed class SlowHosts
    {
        private readonly TaskCompletionSource _release = new();
        private int _now;
        private int _most;

        public int Most => Volatile.Read(ref _most);

        public async Task AnswerAsync(HttpContext context)
        {
            var now = Interlocked.Increment(ref _now);
            lock (_release)
                _most = Math.Max(_most, now);
            await _release.Task;
            // Counted out before the client can know that it has its answer.
            Interlocked.Decrement(ref _now);
            await LocalServer.Body("{}")(context);
        }

        public async Task ArrivedAsync(int count)
        {
            while (Volatile.Read(ref _now) < count)
                await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        public void Release() => _release.SetResult();
    }
}
