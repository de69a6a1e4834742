using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.OpenId4Vp;
using Credentials.Tests.Shared;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Tests.Setup;
using Credentials.Verifier.Transactions;
using Credentials.Verifier.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Credentials.Verifier.Tests;

/// <summary>Messages to relying parties about the ends of their verifications: once in the outbox, signed, again until they are taken.</summary>
public sealed class WebhookTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    /// <summary>The published example of Standard Webhooks.</summary>
    [Fact]
    [Trait("Row", "VPV-21")]
    public void The_signature_is_that_of_the_published_example() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSender.Sign(Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8));

    /// <summary>The example that receivers' authors are given.</summary>
    [Fact]
    public async Task The_page_for_relying_parties_shows_a_genuine_message()
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("spec", "http-api.md"), TestContext.Current.CancellationToken);
        var lines = page.Split('\n').SkipWhile(line => line != "POST /hooks HTTP/1.1").Skip(1).ToList();
        var headers = lines.TakeWhile(line => line != "").ToDictionary(line => line.Split(": ")[0], line => line.Split(": ")[1]);
        var secret = page.Split("the one above with `")[1].Split('`')[0];

        var message = new ReceivedWebhook("POST", "/hooks", headers, lines[headers.Count + 1]);

        Assert.True(message.IsGenuine(secret, new DateTimeOffset(2026, 11, 2, 9, 0, 2, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "VPV-21")]
    public async Task Every_end_is_told_once_signed_and_without_a_word_about_the_holder(bool onPostgres)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var verifier = await StartAsync(onPostgres, receiver);
        var secret = await SetAsync(verifier, receiver);
        var wallet = new TestWallet(verifier);
        var ends = new Dictionary<string, string>();

        var accepted = await verifier.CreateAsync("over-19");
        (await wallet.PresentToAsync(accepted, await verifier.Issuer.IssueLicenceAsync())).Response.Dispose();
        ends[accepted.Id] = "accepted";
        var refused = await verifier.CreateAsync("over-19");
        (await wallet.PresentToAsync(refused, await verifier.Issuer.IssueLicenceAsync(over19: false))).Response.Dispose();
        ends[refused.Id] = "not_accepted";
        foreach (var (error, state) in new[] { ("access_denied", "refused_by_holder"), ("wallet_unavailable", "error") })
        {
            var created = await verifier.CreateAsync("over-19");
            var request = await wallet.ResolveAsync(created.RequestUri);
            (await wallet.SendAsync(request.Request, AuthorizationResponse.Refusal(error, request.Request.State).ToForm())).Dispose();
            ends[created.Id] = state;
        }

        var cancelled = await verifier.CreateAsync("over-19");
        (await verifier.SendAsync(HttpMethod.Delete, $"/verifications/{cancelled.Id}")).Dispose();
        ends[cancelled.Id] = "cancelled";
        var told = new Dictionary<string, string>();
        await TakeAsync(ends.Count);

        var (asked, swept) = (await verifier.CreateAsync("over-19"), await verifier.CreateAsync("over-19"));
        verifier.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("expired", TestVerifier.Text(await verifier.StateAsync(asked.Id), "state"));
        await SweepAsync(verifier.Host);
        ends[asked.Id] = ends[swept.Id] = "expired";
        await TakeAsync(2);

        Assert.Equal(ends, told);
        await SweepAsync(verifier.Host);
        await UntilAsync(verifier, hook => hook.GetProperty("waiting").GetInt32() == 0);
        Assert.False(receiver.HasMore);

        async Task TakeAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var message = await receiver.NextAsync();
                Assert.True(message.IsGenuine(secret, verifier.Clock.Now));
                Assert.Equal(("POST", "/hooks?token=receivers-own-secret", "application/json"), (message.Method, message.Target, message.Headers["content-type"]));
                Assert.Equal(["type", "id", "state", "at"], message.Json.EnumerateObject().Select(member => member.Name));
                Assert.Equal("verification.finished", message.Json.GetProperty("type").GetString());
                Assert.Equal($"msg_{message.TransactionId}", message.Id);
                told.Add(message.TransactionId, message.State);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "VPV-01")]
    public async Task A_hundred_copies_of_one_response_are_told_once(bool onPostgres)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var verifier = await StartAsync(onPostgres, receiver);
        await SetAsync(verifier, receiver);
        var wallet = new TestWallet(verifier);
        var created = await verifier.CreateAsync("over-19");
        var request = await wallet.ResolveAsync(created.RequestUri);
        var form = await TestWallet.FormAsync(request, AuthorizationResponse.Success(
            TestWallet.Token(request.Request, await wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request)), request.Request.State));

        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => wallet.SendAsync(request.Request, form)));

        Assert.Single(responses, r => r.StatusCode == HttpStatusCode.OK);
        Assert.Equal((created.Id, "accepted"), await NextAsync(receiver));
        await UntilAsync(verifier, hook => hook.GetProperty("waiting").GetInt32() == 0);
        Assert.False(receiver.HasMore);
        Assert.Equal(1, await InDatabaseAsync(verifier.Host, db => db.WebhookMessages.CountAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    [Trait("Row", "VPV-13")]
    public async Task A_held_answer_is_told_when_it_is_let_out_or_refused()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var verifier = await StartAsync(false, receiver);
        await SetAsync(verifier, receiver);
        var (first, second) = (await HeldAsync(), await HeldAsync());
        Assert.Equal(0, await InDatabaseAsync(verifier.Host, db => db.WebhookMessages.CountAsync(TestContext.Current.CancellationToken)));

        (await verifier.BrowseAsync(first.Target, first.Cookie)).Dispose();
        Assert.Equal((first.Id, "accepted"), await NextAsync(receiver));
        (await verifier.BrowseAsync(second.Target)).Dispose();
        Assert.Equal((second.Id, "not_accepted"), await NextAsync(receiver));

        async Task<(string Id, string Cookie, string Target)> HeldAsync()
        {
            var created = await verifier.CreateAsync("over-19", body => body["same_device"] = true);
            var cookie = await verifier.OpenPageAsync(created);
            var response = (await new TestWallet(verifier).PresentToAsync(created, await verifier.Issuer.IssueLicenceAsync())).Response;
            return (created.Id, cookie, TestVerifier.Text(await TestVerifier.ReadAsync(response), "redirect_uri"));
        }
    }

    [Theory]
    [InlineData("500")]
    [InlineData("404")]
    [InlineData("redirect")]
    [InlineData("hangs")]
    [InlineData("breaks off")]
    [InlineData("too much")]
    [Trait("Row", "VPV-21")]
    public async Task What_is_not_taken_comes_again_with_the_same_id_and_a_fresh_signature(string fault)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var elsewhere = await WebhookReceiver.StartAsync();
        var timeout = TimeSpan.FromSeconds(fault == "hangs" ? 5 : 30);
        await using var verifier = await StartAsync(false, o => o with { WebhookHosts = [receiver.Host, elsewhere.Host], WebhookTimeout = timeout });
        var secret = await SetAsync(verifier, receiver);
        receiver.Answer = fault switch
        {
            "redirect" => http =>
            {
                http.Response.StatusCode = 308;
                http.Response.Headers.Location = elsewhere.Url;
                return Task.CompletedTask;
            }
            ,
            "hangs" => http => Task.Delay(Timeout.Infinite, http.RequestAborted),
            "breaks off" => http =>
            {
                http.Abort();
                return Task.CompletedTask;
            }
            ,
            "too much" => http => http.Response.Body.WriteAsync(new byte[100_000]).AsTask(),
            _ => http =>
            {
                http.Response.StatusCode = int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture);
                return Task.CompletedTask;
            }
            ,
        };
        var id = await CancelledAsync(verifier);

        var first = await receiver.NextAsync();
        var code = fault switch { "redirect" => "http.redirect_refused", "hangs" => "http.timeout", "breaks off" => "http.unreachable", "too much" => "http.too_large", _ => "http.status_refused" };
        await UntilAsync(verifier, hook => hook.GetProperty("last_error").GetString() == code && hook.GetProperty("waiting").GetInt32() == 1);
        WebhookReceiver.Answering(receiver, 200);
        verifier.Clock.Advance(TimeSpan.FromSeconds(5));
        var second = await receiver.NextAsync();

        Assert.Equal((id, first.Id, first.Body), (second.TransactionId, second.Id, second.Body));
        Assert.NotEqual(first.Headers["webhook-signature"], second.Headers["webhook-signature"]);
        Assert.True(second.IsGenuine(secret, verifier.Clock.Now));
        await UntilAsync(verifier, hook => hook.GetProperty("last_error").ValueKind == JsonValueKind.Null && hook.GetProperty("waiting").GetInt32() == 0);
        Assert.False(elsewhere.HasMore);
    }

    [Fact]
    [Trait("Row", "VPV-21")]
    public async Task What_is_forged_changed_or_replayed_is_not_genuine()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var verifier = await StartAsync(false, receiver);
        var secret = await SetAsync(verifier, receiver);
        await CancelledAsync(verifier);

        var message = await receiver.NextAsync();

        Assert.True(message.IsGenuine(secret, verifier.Clock.Now));
        Assert.False(message.IsGenuine($"whsec_{Convert.ToBase64String(new byte[32])}", verifier.Clock.Now));
        Assert.False((message with { Body = message.Body.Replace("cancelled", "accepted", StringComparison.Ordinal) }).IsGenuine(secret, verifier.Clock.Now));
        Assert.False(message.IsGenuine(secret, verifier.Clock.Now.AddMinutes(6)));
        Assert.False((message with { Headers = message.Headers.ToDictionary(h => h.Key, h => h.Key == "webhook-id" ? "msg_other" : h.Value) }).IsGenuine(secret, verifier.Clock.Now));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "REL-19")]
    public async Task A_receiver_that_is_down_for_a_day_misses_nothing(bool onPostgres)
    {
        var port = FreePort.Next();
        await using var verifier = await StartAsync(onPostgres, o => o with { WebhookHosts = [$"localhost:{port}"] });
        await SetAsync(verifier, $"http://localhost:{port}/hooks");
        var ids = new[] { await CancelledAsync(verifier), await CancelledAsync(verifier), await CancelledAsync(verifier) };
        var pauses = new[] { 5, 30, 120, 600, 1800 }.Concat(Enumerable.Repeat(3600, 24)).ToArray();
        for (var failed = 1; failed <= pauses.Length; failed++)
        {
            var (times, now) = (failed, verifier.Clock.Now.ToUnixTimeMilliseconds());
            await UntilAsync(verifier.Host, db => db.WebhookMessages.AllAsync(m => m.Attempts == times && m.DueAt > now && m.Claim == null, TestContext.Current.CancellationToken));
            Assert.All(
                await InDatabaseAsync(verifier.Host, db => db.WebhookMessages.Select(m => m.DueAt!.Value).ToListAsync(TestContext.Current.CancellationToken)),
                due => Assert.Equal(now + (pauses[times - 1] * 1000L), due));
            if (failed < pauses.Length)
                verifier.Clock.Advance(TimeSpan.FromSeconds(pauses[failed - 1]));
        }

        // The results are deleted after a day; the messages about them are not.
        await using var receiver = await WebhookReceiver.StartAsync(port);
        verifier.Clock.Advance(TimeSpan.FromHours(1));
        await SweepAsync(verifier.Host);
        Assert.Equal(0, await InDatabaseAsync(verifier.Host, db => db.Transactions.CountAsync(TestContext.Current.CancellationToken)));
        var told = new[] { await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync() };

        Assert.Equal(ids.Order(), told.Select(m => m.TransactionId).Order());
    }

    [Fact]
    [Trait("Row", "REL-19")]
    public async Task After_three_days_a_message_is_given_up_counted_and_kept_until_its_retention_is_over()
    {
        await using var receiver = WebhookReceiver.Answering(await WebhookReceiver.StartAsync(), 503);
        await using var verifier = await StartAsync(false, receiver);
        await SetAsync(verifier, receiver);
        await CancelledAsync(verifier);
        await receiver.NextAsync();
        await UntilAsync(verifier, hook => hook.GetProperty("last_error").GetString() == "http.status_refused");

        verifier.Clock.Advance(TimeSpan.FromDays(3));
        await receiver.NextAsync();

        await UntilAsync(verifier, hook => (hook.GetProperty("waiting").GetInt32(), hook.GetProperty("given_up").GetInt32()) == (0, 1));
        using var metrics = await verifier.GetAsync("/metrics");
        Assert.Contains("credentials_verifier_webhooks_total{outcome=\"given_up\"} 1", await metrics.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await SweepAsync(verifier.Host);
        Assert.Equal(1, (await HookAsync(verifier)).GetProperty("given_up").GetInt32());
        verifier.Clock.Advance(TimeSpan.FromDays(1));
        await SweepAsync(verifier.Host);
        Assert.Equal(0, (await HookAsync(verifier)).GetProperty("given_up").GetInt32());
    }

    [Fact]
    public void Pauses_grow_to_an_hour_and_end_after_three_days()
    {
        const long day = 86_400_000;
        Assert.Equal([5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 3_600_000], Enumerable.Range(1, 7).Select(n => WebhookWorker.Next(n, 0, 0)!.Value));
        Assert.Equal(3 * day, WebhookWorker.Next(50, 0, (3 * day) - 3_600_000));
        Assert.Null(WebhookWorker.Next(50, 0, (3 * day) - 3_599_999));
        Assert.NotNull(WebhookWorker.Next(int.MaxValue, 0, 0));
    }

    [Theory]
    [InlineData("https://10.0.0.5/hooks")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::ffff:10.0.0.5]/hooks")]
    [InlineData("https://shop.example:8443/hooks")]
    [InlineData("https://shop.example.attacker.example/hooks")]
    [InlineData("https://shop.example./hooks")]
    [InlineData("http://127.0.0.1:5432/hooks")]
    [InlineData("https://localhost/hooks")]
    [Trait("Row", "VPV-21")]
    public async Task A_host_that_the_operator_does_not_name_is_refused(string url)
    {
        await using var verifier = await StartAsync(false, o => o with { WebhookHosts = ["shop.example"] });
        using var good = await PutAsync(verifier, "https://SHOP.example/hooks?x=1");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);

        using var refused = await PutAsync(verifier, url);

        await AssertProblemAsync(refused, HttpStatusCode.BadRequest, "verifier.webhook_host");
        Assert.Equal("https://shop.example/hooks?x=1", TestVerifier.Text(await HookAsync(verifier), "url"));
    }

    [Theory]
    [InlineData("""{"url":"http://shop.example/hooks"}""", "verifier.webhook_url")]
    [InlineData("""{"url":"https://user@shop.example/hooks"}""", "verifier.webhook_url")]
    [InlineData("""{"url":"https://shop.example/hooks#x"}""", "verifier.webhook_url")]
    [InlineData("""{"url":"file:///etc/passwd"}""", "verifier.webhook_url")]
    [InlineData("""{"url":"/hooks"}""", "verifier.webhook_url")]
    [InlineData("""{"url":"https://shop.example/\r\nhost: x"}""", "verifier.webhook_url")]
    [InlineData("""{"url":7}""", "verifier.request_malformed")]
    [InlineData("""{}""", "verifier.request_malformed")]
    [InlineData("""[]""", "verifier.request_malformed")]
    [InlineData("""{"url":"https://shop.example/","secret":"mine"}""", "verifier.request_unknown_member")]
    public async Task An_address_that_is_none_is_refused(string body, string code)
    {
        await using var verifier = await StartAsync(false, o => o with { WebhookHosts = ["shop.example"] });

        using var refused = await verifier.SendAsync(HttpMethod.Put, "/webhook", content: new StringContent(body, Encoding.UTF8, "application/json"));

        await AssertProblemAsync(refused, HttpStatusCode.BadRequest, code);
        using var none = await verifier.GetAsync("/webhook");
        await AssertProblemAsync(none, HttpStatusCode.NotFound, "verifier.webhook_none");
    }

    [Fact]
    [Trait("Row", "VPV-21")]
    public async Task A_host_that_the_operator_names_no_more_is_not_called()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var verifier = await StartAsync(false, receiver);
        await SetAsync(verifier, receiver);
        verifier.Alter = o => o with { WebhookHosts = ["shop.example"] };
        await verifier.RestartAsync();

        await CancelledAsync(verifier);

        await UntilAsync(verifier, hook => hook.GetProperty("last_error").GetString() == "verifier.webhook_host");
        Assert.False(receiver.HasMore);
    }

    [Fact]
    [Trait("Row", "VPV-21")]
    public async Task Plain_http_to_this_machine_is_refused_where_it_is_not_allowed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var verifier = await StartAsync(false, o => o with { WebhookHosts = [receiver.Host], AllowLoopbackHttp = false });

        using var plain = await PutAsync(verifier, receiver.Url);
        await AssertProblemAsync(plain, HttpStatusCode.BadRequest, "verifier.webhook_url");
        using var secure = await PutAsync(verifier, $"https://{receiver.Host}/hooks");
        Assert.Equal(HttpStatusCode.OK, secure.StatusCode);
        await CancelledAsync(verifier);

        await UntilAsync(verifier, hook => hook.GetProperty("last_error").GetString() == "http.address_refused");
        Assert.False(receiver.HasMore);
    }

    [Theory]
    [InlineData("user@shop.example")]
    [InlineData("shop.example/path")]
    [InlineData("https://shop.example")]
    [InlineData("shop.example:99999")]
    [InlineData("")]
    public async Task A_webhook_host_that_is_none_keeps_the_service_from_starting(string host)
    {
        using var folder = new TempFolder();
        var e = await Assert.ThrowsAsync<VerifierStartException>(() => VerifierHost.BuildAsync(
            new VerifierHostOptions { DataFolder = folder.Combine("data"), Port = 0, WebhookHosts = [host] }, _ => { }, TestContext.Current.CancellationToken));
        Assert.Contains("webhook host", e.Message, StringComparison.Ordinal);
    }

    /// <summary>The first process stalls with the message under way; for the second that is the same as if it had been killed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "REL-19")]
    public async Task What_a_dead_process_had_under_way_another_takes_up_when_its_lease_is_over(bool onPostgres)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var release = new TaskCompletionSource();
        receiver.Answer = async http =>
        {
            await release.Task;
            http.Response.StatusCode = 500;
        };
        await using var verifier = await StartAsync(onPostgres, o => o with { WebhookHosts = [receiver.Host], WebhookTimeout = TimeSpan.FromMinutes(5) });
        await SetAsync(verifier, receiver);
        var id = await CancelledAsync(verifier);
        var first = await receiver.NextAsync();

        WebhookReceiver.Answering(receiver, 200);
        await using var other = await verifier.StartAsync(o => verifier.Alter(o) with { Port = 0 });
        verifier.Clock.Advance(WebhookWorker.Lease - TimeSpan.FromSeconds(1));
        var claimed = await InDatabaseAsync(other, db => db.WebhookMessages.Where(m => m.Claim != null).Select(m => m.DueAt).SingleAsync(TestContext.Current.CancellationToken));
        Assert.Equal(verifier.Clock.Now.AddSeconds(1).ToUnixTimeMilliseconds(), claimed);
        verifier.Clock.Advance(TimeSpan.FromSeconds(2));
        var second = await receiver.NextAsync();

        Assert.Equal((id, first.Id), (second.TransactionId, second.Id));
        await UntilAsync(other, db => db.WebhookMessages.AllAsync(m => m.DueAt == null, TestContext.Current.CancellationToken));
        // The first one comes to life again and has no say any more.
        release.SetResult();
        await verifier.Host.DisposeAsync();
        Assert.Equal((0, false), await InDatabaseAsync(other, db => db.WebhookMessages.Select(m => new ValueTuple<int, bool>(m.Attempts, m.GivenUp)).SingleAsync(TestContext.Current.CancellationToken)));
        Assert.False(receiver.HasMore);
    }

    [Fact]
    [Trait("Row", "REL-19")]
    public async Task What_is_under_way_when_the_service_stops_is_sent_again_by_the_next_one()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        await using var verifier = await StartAsync(false, o => o with { WebhookHosts = [receiver.Host], WebhookTimeout = TimeSpan.FromMinutes(5) });
        await SetAsync(verifier, receiver);
        var id = await CancelledAsync(verifier);
        await receiver.NextAsync();

        WebhookReceiver.Answering(receiver, 200);
        await verifier.RestartAsync();

        // Without waiting for the lease: the clock stands.
        Assert.Equal((id, "cancelled"), await NextAsync(receiver));
    }

    [Fact]
    [Trait("Row", "VPV-21")]
    public async Task A_receiver_that_hangs_holds_up_nobody_elses_messages()
    {
        await using var hanging = await WebhookReceiver.StartAsync();
        hanging.Answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var verifier = await StartAsync(false, o => o with { WebhookHosts = [hanging.Host, receiver.Host], WebhookTimeout = TimeSpan.FromMinutes(5) });
        var other = await KeyAsync(verifier, "other");
        await SetAsync(verifier, hanging);
        await SetAsync(verifier, receiver.Url, other);
        for (var i = 0; i < 2 * WebhookWorker.MessagesAtOnce; i++)
            await CancelledAsync(verifier);
        await hanging.NextAsync();

        var told = new List<string> { await CancelledAsync(verifier, other), await CancelledAsync(verifier, other) };

        Assert.Equal(told.Order(), new[] { (await receiver.NextAsync()).TransactionId, (await receiver.NextAsync()).TransactionId }.Order());
        Assert.Equal(2 * WebhookWorker.MessagesAtOnce, (await HookAsync(verifier)).GetProperty("waiting").GetInt32());
    }

    [Fact]
    public async Task Each_relying_party_hears_of_its_own_verifications_only()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var verifier = await StartAsync(false, receiver);
        await SetAsync(verifier, receiver);
        var other = await KeyAsync(verifier, "other");
        using var none = await verifier.GetAsync("/webhook", other);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);

        await CancelledAsync(verifier, other);
        var own = await CancelledAsync(verifier);

        Assert.Equal((own, "cancelled"), await NextAsync(receiver));
        await UntilAsync(verifier, hook => hook.GetProperty("waiting").GetInt32() == 0);
        Assert.False(receiver.HasMore);
    }

    [Fact]
    public async Task The_wish_to_get_no_more_ends_the_webhook()
    {
        await using var receiver = WebhookReceiver.Answering(await WebhookReceiver.StartAsync(), 410);
        await using var verifier = await StartAsync(false, receiver);
        await SetAsync(verifier, receiver);
        await CancelledAsync(verifier);
        await receiver.NextAsync();

        await UntilAsync(verifier.Host, async db => !await db.Webhooks.AnyAsync(TestContext.Current.CancellationToken));

        using var gone = await verifier.GetAsync("/webhook");
        await AssertProblemAsync(gone, HttpStatusCode.NotFound, "verifier.webhook_none");
        await CancelledAsync(verifier);
        await UntilAsync(verifier.Host, async db => !await db.WebhookMessages.AnyAsync(TestContext.Current.CancellationToken));
        Assert.False(receiver.HasMore);
    }

    [Fact]
    public async Task Deleting_the_webhook_deletes_what_waits_and_a_new_one_has_a_new_secret()
    {
        await using var receiver = WebhookReceiver.Answering(await WebhookReceiver.StartAsync(), 500);
        await using var verifier = await StartAsync(false, receiver);
        var old = await SetAsync(verifier, receiver);
        await CancelledAsync(verifier);
        await receiver.NextAsync();
        await UntilAsync(verifier, hook => hook.GetProperty("last_error").ValueKind == JsonValueKind.String);

        using (var deleted = await verifier.SendAsync(HttpMethod.Delete, "/webhook"))
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using (var again = await verifier.SendAsync(HttpMethod.Delete, "/webhook"))
            await AssertProblemAsync(again, HttpStatusCode.NotFound, "verifier.webhook_none");
        Assert.False(await InDatabaseAsync(verifier.Host, db => db.WebhookMessages.AnyAsync(TestContext.Current.CancellationToken)));
        WebhookReceiver.Answering(receiver, 200);
        var first = await SetAsync(verifier, receiver);
        var second = await SetAsync(verifier, receiver);
        verifier.Clock.Advance(TimeSpan.FromMinutes(1));
        var id = await CancelledAsync(verifier);

        var message = await receiver.NextAsync();
        Assert.Equal(id, message.TransactionId);
        Assert.Equal(3, new HashSet<string> { old, first, second }.Count);
        Assert.Equal([false, false, true], new[] { old, first, second }.Select(secret => message.IsGenuine(secret, verifier.Clock.Now)));
    }

    [Fact]
    public async Task A_key_without_the_scope_or_no_key_at_all_changes_nothing()
    {
        await using var verifier = await StartAsync(false, o => o with { WebhookHosts = ["shop.example"] });
        var limited = await KeyAsync(verifier, "default", ApiScopes.Verifications);
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Get, HttpMethod.Delete })
        {
            using var forbidden = await verifier.SendAsync(method, "/webhook", limited, new StringContent("""{"url":"https://shop.example/"}""", Encoding.UTF8, "application/json"));
            await AssertProblemAsync(forbidden, HttpStatusCode.Forbidden, "verifier.request_scope");
            using var unknown = await verifier.SendAsync(method, "/webhook", "no-such-key", new StringContent("{}", Encoding.UTF8, "application/json"));
            await AssertProblemAsync(unknown, HttpStatusCode.Unauthorized, "verifier.request_unauthorized");
        }
        using var none = await verifier.GetAsync("/webhook");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var made = await PutAsync(verifier, "https://shop.example/", await KeyAsync(verifier, "default", ApiScopes.Webhook));
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    [Fact]
    public async Task Address_and_secret_are_in_no_log_and_not_readable_in_the_database()
    {
        await using var receiver = WebhookReceiver.Answering(await WebhookReceiver.StartAsync(), 500);
        await using var verifier = await StartAsync(false, receiver);
        var secret = await SetAsync(verifier, receiver);
        await CancelledAsync(verifier);
        await receiver.NextAsync();
        await UntilAsync(verifier, hook => hook.GetProperty("last_error").ValueKind == JsonValueKind.String);

        verifier.Log.AssertLoggedNoneOf(secret, secret["whsec_".Length..], "receivers-own-secret");
        await verifier.Host.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var raw = Convert.FromBase64String(secret["whsec_".Length..]);
        foreach (var file in Directory.GetFiles(verifier.DataFolder, "verifier.db*"))
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(-1, bytes.AsSpan().IndexOf("receivers-own-secret"u8));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(raw));
        }
    }

    private Task<TestVerifier> StartAsync(bool onPostgres, params WebhookReceiver[] receivers) =>
        StartAsync(onPostgres, o => o with { WebhookHosts = [.. receivers.Select(r => r.Host)] });

    private async Task<TestVerifier> StartAsync(bool onPostgres, Func<VerifierHostOptions, VerifierHostOptions> alter)
    {
        var connection = onPostgres ? await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken) : null;
        var verifier = new TestVerifier { Alter = o => alter(o with { Connection = connection, WebhookTimeout = TimeSpan.FromSeconds(30) }) };
        await verifier.InitializeAsync();
        return verifier;
    }

    private static Task<HttpResponseMessage> PutAsync(TestVerifier verifier, string url, string? key = null) => verifier.SendAsync(
        HttpMethod.Put, "/webhook", key, new StringContent(new JsonObject { ["url"] = url }.ToJsonString(), Encoding.UTF8, "application/json"));

    private static Task<string> SetAsync(TestVerifier verifier, WebhookReceiver receiver) => SetAsync(verifier, receiver.Url);

    /// <summary>Sets the webhook and returns its secret.</summary>
    private static async Task<string> SetAsync(TestVerifier verifier, string url, string? key = null)
    {
        using var response = await PutAsync(verifier, url, key);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var secret = TestVerifier.Text(await TestVerifier.ReadAsync(response), "secret");
        Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length);
        Assert.False((await HookAsync(verifier, key)).TryGetProperty("secret", out _));
        return secret;
    }

    private static async Task<JsonElement> HookAsync(TestVerifier verifier, string? key = null)
    {
        using var response = await verifier.GetAsync("/webhook", key);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await TestVerifier.ReadAsync(response);
    }

    /// <summary>A transaction that ends without a wallet.</summary>
    private static async Task<string> CancelledAsync(TestVerifier verifier, string? key = null)
    {
        using var created = await verifier.PostJsonAsync("/verifications", new JsonObject { ["policy"] = "over-19" }, key);
        var id = TestVerifier.Text(await TestVerifier.ReadAsync(created), "id");
        using var cancelled = await verifier.SendAsync(HttpMethod.Delete, $"/verifications/{id}", key);
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        return id;
    }

    private static Task<string> KeyAsync(TestVerifier verifier, string party, params string[] scopes) => InDatabaseAsync(
        verifier.Host, db => ApiKeys.CreateAsync(db, party, null, scopes.Length == 0 ? null : scopes, verifier.Clock.Now, TestContext.Current.CancellationToken));

    private static async Task<(string Id, string State)> NextAsync(WebhookReceiver receiver)
    {
        var message = await receiver.NextAsync();
        return (message.TransactionId, message.State);
    }

    private static Task SweepAsync(VerifierHost host) =>
        host.Services.GetServices<IHostedService>().OfType<ExpirySweep>().Single().RunAsync(TestContext.Current.CancellationToken);

    private static async Task<T> InDatabaseAsync<T>(VerifierHost host, Func<VerifierDbContext, Task<T>> read)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<VerifierDbContext>());
    }

    private static async Task UntilAsync(TestVerifier verifier, Func<JsonElement, bool> holds)
    {
        while (!holds(await HookAsync(verifier)))
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(VerifierHost host, Func<VerifierDbContext, Task<bool>> holds)
    {
        while (!await InDatabaseAsync(host, holds))
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, TestVerifier.Text(await TestVerifier.ReadAsync(response), "code"));
    }
}
