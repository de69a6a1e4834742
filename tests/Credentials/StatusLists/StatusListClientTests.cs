using Credentials.Cose;
using Credentials.Http;
using Credentials.Jose;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Tests.Shared;
using Microsoft.AspNetCore.Http;

namespace Credentials.Tests.StatusLists;

public sealed class StatusListClientTests : IAsyncLifetime
{
    private static readonly StatusPolicy _online = new(StatusMode.Online);
    private static readonly StatusPolicy _eachTime = new(StatusMode.Online, TimeSpan.Zero);
    private static readonly StatusPolicy _offline = new(StatusMode.Offline);

    private readonly TestClock _clock = new();
    private readonly Agency _agency;
    private readonly OutboundHttp _http = FetchExtensions.ToLoopback();
    private readonly StatusListClient _client;
    private LocalServer _server = null!;
    private RequestDelegate _answer = _ => Task.CompletedTask;

    public StatusListClientTests()
    {
        _agency = new Agency("Agency", _clock.Now);
        _client = new StatusListClient(_http);
    }

    private string Uri => new Uri(_server.Url, "/status/1").ToString();

    private int Fetches => _server.Requests.Count;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalServer.StartAsync(context => _answer(context));
        await PublishAsync(Agency.List());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _agency.Dispose();
    }

    private async Task PublishAsync(StatusList list) => Serve(await _agency.TokenAsync(Uri, _clock.Now, list));

    // Answers as our issuer does: 304 for the entity tag of what is being served.
    private void Serve(string token) => _answer = context =>
    {
        var tag = $"\"{token.GetHashCode(StringComparison.Ordinal)}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return LocalServer.Body(token, StatusListNames.JwtMediaType)(context);
    };

    private void ServeBytes(byte[] token, string contentType) => _answer = BytesOf(token, contentType);

    private static RequestDelegate BytesOf(byte[] token, string contentType) => context =>
    {
        context.Response.ContentType = contentType;
        return context.Response.Body.WriteAsync(token).AsTask();
    };

    private async Task<byte[]> IdentifierListAsync(Agency agency, params byte[][] revoked) => await IdentifierListToken.IssueAsync(
        new IdentifierListTokenContent
        {
            Uri = Uri,
            List = IdentifierList.Create(revoked.Select(id => (ReadOnlyMemory<byte>)id)),
            IssuedAt = _clock.Now,
            ExpiresAt = _clock.Now.AddDays(1),
            TimeToLive = TimeSpan.FromMinutes(10),
            Certificates = [agency.Certificate],
        },
        agency.Key,
        TestContext.Current.CancellationToken);

    private Task<StatusResult> CheckAsync(byte[] identifier) =>
        _client.CheckAsync(new IdentifierReference(Uri, identifier), _agency.Status, _online, _clock.Now, TestContext.Current.CancellationToken);

    private Task<StatusResult> CheckAsync(long index = 0, StatusPolicy? policy = null, StatusAuthority? authority = null) => _client.CheckAsync(
        new StatusReference(Uri, index), authority ?? _agency.Status, policy ?? _online, _clock.Now, TestContext.Current.CancellationToken);

    private async Task AssertUnknownAsync(string code, StatusPolicy? policy = null)
    {
        var result = await CheckAsync(policy: policy);
        Assert.Equal((StatusOutcome.Unknown, code), (result.Outcome, result.Code));
    }

    private async Task AssertValidAsync(TimeSpan age, StatusPolicy? policy = null) =>
        Assert.Equal(new StatusResult(StatusOutcome.Valid, Age: age), await CheckAsync(policy: policy));

    [Theory]
    [Trait("Row", "TSL-06")]
    [InlineData(0, StatusOutcome.Valid, null)]
    [InlineData(1, StatusOutcome.Revoked, StatusListCodes.Revoked)]
    [InlineData(2, StatusOutcome.Suspended, StatusListCodes.Suspended)]
    [InlineData(3, StatusOutcome.Refused, StatusListCodes.UnknownValue)]
    [InlineData(7, StatusOutcome.Valid, null)]
    [InlineData(8, StatusOutcome.Refused, StatusListCodes.IndexOutOfRange)]
    [InlineData(2147483648, StatusOutcome.Refused, StatusListCodes.IndexOutOfRange)]
    [InlineData(9007199254740991, StatusOutcome.Refused, StatusListCodes.IndexOutOfRange)]
    public async Task The_value_at_the_index_decides(long index, StatusOutcome outcome, string? code) =>
        Assert.Equal(new StatusResult(outcome, code, TimeSpan.Zero), await CheckAsync(index));

    [Theory]
    [Trait("Row", "TSL-14")]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(204)]
    [InlineData(304)]
    public async Task An_error_answer_is_unknown_and_never_valid(int status)
    {
        _answer = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        Assert.Equal(StatusOutcome.Unknown, (await CheckAsync()).Outcome);

        _clock.Advance(TimeSpan.FromSeconds(30));
        await PublishAsync(Agency.List());
        await AssertValidAsync(TimeSpan.Zero);
    }

    [Fact]
    [Trait("Row", "TSL-14")]
    public async Task Nobody_answering_and_no_such_host_are_unreachable()
    {
        foreach (var uri in new[] { $"http://127.0.0.1:{FreePort.Next()}/", "https://agency.invalid/status" })
        {
            var result = await _client.CheckAsync(
                new StatusReference(uri, 0), _agency.Status, _online, _clock.Now, TestContext.Current.CancellationToken);
            Assert.Equal((StatusOutcome.Unknown, StatusListCodes.Unreachable), (result.Outcome, result.Code));
        }
    }

    [Theory]
    [Trait("Row", "TSL-20")]
    [InlineData("http://agency.example/status/1")]
    [InlineData("https://10.0.0.1/status/1")]
    [InlineData("https://[fd00::1]/status/1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("urn:status:1")]
    public async Task A_list_at_a_forbidden_url_is_unreachable(string uri)
    {
        var result = await _client.CheckAsync(
            new StatusReference(uri, 0), _agency.Status, _online, _clock.Now, TestContext.Current.CancellationToken);
        Assert.Equal((StatusOutcome.Unknown, StatusListCodes.Unreachable), (result.Outcome, result.Code));
    }

    [Fact]
    [Trait("Row", "TSL-20")]
    public async Task Up_to_three_redirects_lead_to_the_list()
    {
        var serve = _answer;
        var hops = 3;
        _answer = context =>
        {
            var hop = context.Request.Path == "/status/1" ? 0 : int.Parse(context.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            if (hop == hops)
                return serve(context);
            context.Response.Redirect($"/{hop + 1}");
            return Task.CompletedTask;
        };
        await AssertValidAsync(TimeSpan.Zero);

        hops = 4;
        await AssertUnknownAsync(StatusListCodes.Unreachable, _eachTime);
    }

    [Theory]
    [Trait("Row", "TSL-11")]
    [InlineData("text/html")]
    [InlineData("application/jwt")]
    [InlineData("application/cwt")]
    [InlineData("application/identifierlist+cwt")]
    public async Task A_list_of_another_content_type_is_not_used(string contentType)
    {
        var token = await _agency.TokenAsync(Uri, _clock.Now);
        _answer = LocalServer.Body(token, contentType);
        await AssertUnknownAsync(StatusListCodes.Unreachable);
        Assert.Equal("application/statuslist+jwt, application/statuslist+cwt", Assert.Single(_server.Requests)["Accept"]);
    }

    [Fact]
    [Trait("Row", "TSL-11")]
    public async Task A_form_under_the_content_type_of_the_other_is_not_used()
    {
        var cwt = await StatusListToken.IssueCwtAsync(_agency.Content(Uri, _clock.Now), _agency.Key, TestContext.Current.CancellationToken);
        _answer = LocalServer.Body(await _agency.TokenAsync(Uri, _clock.Now), StatusListNames.CwtMediaType);
        await AssertUnknownAsync(StatusListCodes.TokenMalformed);
        _clock.Advance(TimeSpan.FromSeconds(30));
        ServeBytes(cwt, StatusListNames.JwtMediaType);
        await AssertUnknownAsync(JoseCodes.JwsMalformed);
        _clock.Advance(TimeSpan.FromSeconds(30));
        ServeBytes(cwt, StatusListNames.CwtMediaType);
        await AssertValidAsync(TimeSpan.Zero);
    }

    [Theory]
    [Trait("Row", "TSL-06")]
    [InlineData(0, StatusOutcome.Valid, null)]
    [InlineData(1, StatusOutcome.Revoked, StatusListCodes.Revoked)]
    [InlineData(2, StatusOutcome.Suspended, StatusListCodes.Suspended)]
    [InlineData(3, StatusOutcome.Refused, StatusListCodes.UnknownValue)]
    [InlineData(8, StatusOutcome.Refused, StatusListCodes.IndexOutOfRange)]
    public async Task A_list_in_CWT_form_says_the_same(long index, StatusOutcome outcome, string? code)
    {
        ServeBytes(await StatusListToken.IssueCwtAsync(_agency.Content(Uri, _clock.Now), _agency.Key, TestContext.Current.CancellationToken), StatusListNames.CwtMediaType);
        Assert.Equal(new StatusResult(outcome, code, TimeSpan.Zero), await CheckAsync(index));
    }

    [Fact]
    [Trait("Row", "TSL-29")]
    public async Task A_policy_for_JWTs_alone_takes_no_CWT_not_even_one_that_is_at_hand()
    {
        ServeBytes(await StatusListToken.IssueCwtAsync(_agency.Content(Uri, _clock.Now), _agency.Key, TestContext.Current.CancellationToken), StatusListNames.CwtMediaType);
        await AssertValidAsync(TimeSpan.Zero);
        var jwtOnly = _online with { TakesCwt = false };
        await AssertUnknownAsync(StatusListCodes.Unreachable, jwtOnly);
        Assert.Equal("application/statuslist+jwt", _server.Requests.Last()["Accept"]);

        await AssertValidAsync(TimeSpan.Zero, _offline);
        _clock.Advance(TimeSpan.FromSeconds(30));
        await PublishAsync(Agency.List());
        await AssertValidAsync(TimeSpan.Zero, jwtOnly);
    }

    [Fact]
    public async Task An_identifier_list_tells_whose_identifier_it_has_and_is_kept_like_a_status_list()
    {
        byte[] revoked = [1, 2, 3], free = [1, 2, 4];
        ServeBytes(await IdentifierListAsync(_agency, revoked), StatusListNames.IdentifierListMediaType);
        Assert.Equal(new StatusResult(StatusOutcome.Revoked, StatusListCodes.Revoked, TimeSpan.Zero), await CheckAsync(revoked));
        Assert.Equal("application/identifierlist+cwt", Assert.Single(_server.Requests)["Accept"]);

        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(new StatusResult(StatusOutcome.Valid, Age: TimeSpan.FromMinutes(9)), await CheckAsync(free));
        Assert.Equal(1, Fetches);
        _clock.Advance(TimeSpan.FromMinutes(1));
        ServeBytes(await IdentifierListAsync(_agency, revoked, free), StatusListNames.IdentifierListMediaType);
        Assert.Equal(StatusOutcome.Revoked, (await CheckAsync(free)).Outcome);
    }

    [Fact]
    [Trait("Row", "TSL-28")]
    public async Task What_is_no_identifier_list_of_the_same_authority_says_nothing_about_an_identifier()
    {
        using var other = new Agency("Other", _clock.Now);
        async Task AssertUnknownAsync(byte[] token, string contentType, string code)
        {
            ServeBytes(token, contentType);
            var result = await CheckAsync(new byte[] { 1 });
            Assert.Equal((StatusOutcome.Unknown, code), (result.Outcome, result.Code));
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        await AssertUnknownAsync(await IdentifierListAsync(other), StatusListNames.IdentifierListMediaType, StatusListCodes.SignerNotTrusted);
        var statusList = await StatusListToken.IssueCwtAsync(_agency.Content(Uri, _clock.Now), _agency.Key, TestContext.Current.CancellationToken);
        await AssertUnknownAsync(statusList, StatusListNames.IdentifierListMediaType, CoseCodes.Type);
        await AssertUnknownAsync(statusList, StatusListNames.CwtMediaType, StatusListCodes.Unreachable);
        ServeBytes(await IdentifierListAsync(_agency), StatusListNames.IdentifierListMediaType);
        Assert.Equal(StatusOutcome.Valid, (await CheckAsync(new byte[] { 1 })).Outcome);
    }

    [Fact]
    [Trait("Row", "TSL-28")]
    public async Task A_certificate_in_the_reference_takes_the_place_of_the_credential_s_authority()
    {
        using var other = new Agency("Other", _clock.Now);
        var plain = new StatusReference(Uri, 1);
        async Task<(StatusOutcome, string?)> OutcomeAsync(StatusReference reference)
        {
            var result = await _client.CheckAsync(reference, _agency.Status, _eachTime, _clock.Now, TestContext.Current.CancellationToken);
            _clock.Advance(TimeSpan.FromSeconds(30));
            return (result.Outcome, result.Code);
        }

        ServeBytes(await StatusListToken.IssueCwtAsync(other.Content(Uri, _clock.Now), other.Key, TestContext.Current.CancellationToken), StatusListNames.CwtMediaType);
        Assert.Equal((StatusOutcome.Revoked, StatusListCodes.Revoked), await OutcomeAsync(plain with { Certificate = other.Root.RawData }));
        Assert.Equal((StatusOutcome.Unknown, StatusListCodes.SignerNotTrusted), await OutcomeAsync(plain));
        Assert.Equal((StatusOutcome.Unknown, StatusListCodes.SignerNotTrusted), await OutcomeAsync(plain with { Certificate = _agency.Root.RawData }));
        Assert.Equal((StatusOutcome.Unknown, StatusListCodes.MalformedReference), await OutcomeAsync(plain with { Certificate = new byte[] { 0xaa } }));

        // The authority of the credential itself does not count beside it.
        await PublishAsync(Agency.List());
        Assert.Equal((StatusOutcome.Unknown, StatusListCodes.SignerNotTrusted), await OutcomeAsync(plain with { Certificate = other.Root.RawData }));
        Assert.Equal((StatusOutcome.Revoked, StatusListCodes.Revoked), await OutcomeAsync(plain));
    }

    [Fact]
    [Trait("Row", "TSL-25")]
    public async Task All_lists_of_an_aggregation_are_fetched_and_a_bad_one_does_not_stop_the_others()
    {
        using var other = new Agency("Other", _clock.Now);
        string At(int number) => new Uri(_server.Url, $"/status/{number}").ToString();
        string[] named = [At(1), At(2), At(3), At(4), "https://10.0.0.1/status", At(1)];
        _answer = async context => await (context.Request.Path.Value switch
        {
            "/aggregation" => LocalServer.Body(new StatusListAggregation(named).ToJson().ToJsonString()),
            "/status/1" => LocalServer.Body(await _agency.TokenAsync(At(1), _clock.Now), StatusListNames.JwtMediaType),
            "/status/2" => BytesOf(await StatusListToken.IssueCwtAsync(_agency.Content(At(2), _clock.Now), _agency.Key), StatusListNames.CwtMediaType),
            "/status/3" => LocalServer.Body(await other.TokenAsync(At(3), _clock.Now), StatusListNames.JwtMediaType),
            _ => LocalServer.Body("", status: 404),
        })(context);

        var lists = await _client.FetchAllAsync(new Uri(_server.Url, "/aggregation").ToString(), _agency.Status, _online, _clock.Now, TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                new AggregatedList(At(1), null), new AggregatedList(At(2), null), new AggregatedList(At(3), StatusListCodes.SignerNotTrusted),
                new AggregatedList(At(4), StatusListCodes.Unreachable), new AggregatedList("https://10.0.0.1/status", StatusListCodes.Unreachable),
            ],
            lists);

        // What was fetched answers without the network.
        _answer = LocalServer.Body("", status: 503);
        foreach (var number in new[] { 1, 2 })
        {
            var result = await _client.CheckAsync(new StatusReference(At(number), 1), _agency.Status, _offline, _clock.Now, TestContext.Current.CancellationToken);
            Assert.Equal(StatusOutcome.Revoked, result.Outcome);
        }

        Assert.Equal(5, Fetches);
    }

    [Fact]
    [Trait("Row", "TSL-25")]
    public async Task An_aggregation_that_fills_the_memory_is_left_off_there()
    {
        var list = StatusList.Create(8, 100_000);
        string[] named = [.. Enumerable.Range(1, 20).Select(number => new Uri(_server.Url, $"/{number}").ToString())];
        _answer = async context => await (context.Request.Path == "/aggregation"
            ? LocalServer.Body(new StatusListAggregation(named).ToJson().ToJsonString())
            : LocalServer.Body(await _agency.TokenAsync($"http://{context.Request.Host}{context.Request.Path}", _clock.Now, list), StatusListNames.JwtMediaType))(context);
        var small = new StatusListClient(_http, maxCacheBytes: 350_000);
        var lists = await small.FetchAllAsync(new Uri(_server.Url, "/aggregation").ToString(), _agency.Status, _online, _clock.Now, TestContext.Current.CancellationToken);

        // Four are under way at once; none is begun once the memory is full.
        Assert.InRange(lists.Count(one => one.Code is null), 4, 8);
        Assert.All(lists.Where(one => one.Code is not null), one => Assert.Equal(StatusListCodes.CacheFull, one.Code));
        Assert.Equal(named, lists.Select(one => one.Uri));
    }

    [Theory]
    [Trait("Row", "TSL-25")]
    [InlineData("text/plain", "{\"status_lists\":[]}")]
    [InlineData("application/json", "{\"status_lists\":{}}")]
    [InlineData("application/json", "{\"status_lists\":[\"relative\"]}")]
    [InlineData("application/json", "")]
    public async Task What_is_no_aggregation_fetches_nothing(string contentType, string body)
    {
        _answer = LocalServer.Body(body, contentType);
        var uri = new Uri(_server.Url, "/aggregation").ToString();
        await Assert.ThrowsAnyAsync<CredentialException>(() => _client.FetchAllAsync(uri, _agency.Status, _online, _clock.Now, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<MalformedDataException>(() => _client.FetchAllAsync("aggregation", _agency.Status, _online, _clock.Now, TestContext.Current.CancellationToken));
        Assert.Equal(1, Fetches);

        _answer = LocalServer.Body("{\"status_lists\":[]}");
        Assert.Empty(await _client.FetchAllAsync(uri, _agency.Status, _online, _clock.Now, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Row", "TSL-02")]
    public async Task A_list_with_a_content_coding_is_not_used()
    {
        var serve = _answer;
        _answer = context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return serve(context);
        };
        await AssertUnknownAsync(StatusListCodes.Unreachable);
    }

    [Fact]
    [Trait("Row", "TSL-15")]
    public async Task A_copy_is_used_for_its_ttl_and_then_revalidated()
    {
        await AssertValidAsync(TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        await AssertValidAsync(TimeSpan.FromSeconds(599));
        Assert.Equal(1, Fetches);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await AssertValidAsync(TimeSpan.Zero);
        Assert.Equal(2, Fetches);
        Assert.NotEqual("", _server.Requests.Last()["If-None-Match"]);
    }

    [Fact]
    [Trait("Row", "TSL-15")]
    public async Task A_revocation_is_seen_when_the_ttl_is_over()
    {
        await AssertValidAsync(TimeSpan.Zero);
        var list = Agency.List();
        list[0] = StatusTypes.Invalid;
        _clock.Advance(TimeSpan.FromSeconds(1));
        await PublishAsync(list);

        await AssertValidAsync(TimeSpan.FromSeconds(1));
        // The policy of the resident certificate: each time.
        Assert.Equal(StatusOutcome.Revoked, (await CheckAsync(policy: _eachTime)).Outcome);
        Assert.Equal(StatusOutcome.Revoked, (await CheckAsync()).Outcome);
    }

    [Fact]
    [Trait("Row", "TSL-15")]
    public async Task A_policy_may_ask_for_a_younger_copy_but_not_stretch_the_ttl()
    {
        await AssertValidAsync(TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await AssertValidAsync(TimeSpan.FromMinutes(2), new StatusPolicy(StatusMode.Online, TimeSpan.FromMinutes(3)));
        Assert.Equal(1, Fetches);
        await AssertValidAsync(TimeSpan.Zero, new StatusPolicy(StatusMode.Online, TimeSpan.FromMinutes(1)));
        Assert.Equal(2, Fetches);
        _clock.Advance(TimeSpan.FromMinutes(10));
        await AssertValidAsync(TimeSpan.Zero, new StatusPolicy(StatusMode.Online, TimeSpan.FromDays(30)));
        Assert.Equal(3, Fetches);
    }

    [Fact]
    [Trait("Row", "TSL-24")]
    public async Task A_copy_is_never_used_past_its_expiry_however_often_it_is_read()
    {
        var reads = new StatusPolicy(StatusMode.Offline);
        await AssertValidAsync(TimeSpan.Zero);
        for (var hours = 1; hours < 24; hours++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await AssertValidAsync(TimeSpan.FromHours(hours), reads);
        }

        _clock.Advance(TimeSpan.FromHours(1));
        await AssertUnknownAsync(StatusListCodes.Offline, reads);
        // Served unchanged, it is expired as well.
        await AssertUnknownAsync(StatusListCodes.TokenExpired);
        // The same when its entity tag is confirmed: an expired copy is not asked for by it.
        Assert.DoesNotContain("If-None-Match", _server.Requests.Last().Keys);
    }

    [Theory]
    [Trait("Row", "TSL-24")]
    [InlineData(1, 60)]
    [InlineData(30, 60)]
    [InlineData(90, 90)]
    [InlineData(86400 * 365, 86400)]
    [InlineData(null, 3600)]
    public async Task The_ttl_is_in_seconds_and_kept_within_a_minute_and_a_day(int? ttl, int seconds)
    {
        var content = _agency.Content(Uri, _clock.Now) with
        {
            ExpiresAt = _clock.Now.AddDays(400),
            TimeToLive = ttl is { } value ? TimeSpan.FromSeconds(value) : null,
        };
        Serve(await StatusListToken.IssueAsync(content, _agency.Key, TestContext.Current.CancellationToken));
        await AssertValidAsync(TimeSpan.Zero);

        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        await AssertValidAsync(TimeSpan.FromSeconds(seconds - 1));
        Assert.Equal(1, Fetches);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await AssertValidAsync(TimeSpan.Zero);
        Assert.Equal(2, Fetches);
    }

    [Fact]
    [Trait("Row", "TSL-24")]
    public async Task A_failure_is_remembered_for_thirty_seconds_and_no_longer()
    {
        var serve = _answer;
        _answer = LocalServer.Body("", status: 503);
        await AssertUnknownAsync(StatusListCodes.Unreachable);
        _answer = serve;

        _clock.Advance(TimeSpan.FromSeconds(29));
        await AssertUnknownAsync(StatusListCodes.Unreachable);
        Assert.Equal(1, Fetches);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await AssertValidAsync(TimeSpan.Zero);
        Assert.Equal(2, Fetches);
    }

    [Fact]
    [Trait("Row", "TSL-24")]
    public async Task A_token_that_cannot_be_used_does_not_replace_a_good_one()
    {
        await AssertValidAsync(TimeSpan.Zero);
        using var other = new Agency("Other", _clock.Now);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Serve(await other.TokenAsync(Uri, _clock.Now));

        await AssertUnknownAsync(StatusListCodes.SignerNotTrusted);
        await AssertValidAsync(TimeSpan.FromMinutes(10), _offline);

        _clock.Advance(TimeSpan.FromSeconds(30));
        await PublishAsync(Agency.List());
        await AssertValidAsync(TimeSpan.Zero);
    }

    [Fact]
    [Trait("Row", "TSL-28")]
    [Trait("Row", "TSL-24")]
    public async Task One_authority_s_copy_is_not_used_for_another_s_credentials()
    {
        using var other = new Agency("Other", _clock.Now);
        await AssertValidAsync(TimeSpan.Zero);
        var result = await CheckAsync(authority: other.Status);
        Assert.Equal((StatusOutcome.Unknown, StatusListCodes.SignerNotTrusted), (result.Outcome, result.Code));
        await AssertValidAsync(TimeSpan.Zero);
    }

    [Fact]
    [Trait("Row", "TSL-16")]
    public async Task An_older_list_served_later_does_not_undo_a_newer_one()
    {
        var old = await _agency.TokenAsync(Uri, _clock.Now);
        var list = Agency.List();
        list[0] = StatusTypes.Invalid;
        _clock.Advance(TimeSpan.FromMinutes(5));
        await PublishAsync(list);
        Assert.Equal(StatusOutcome.Revoked, (await CheckAsync()).Outcome);

        _clock.Advance(TimeSpan.FromMinutes(10));
        Serve(old);
        var result = await CheckAsync();
        Assert.Equal(new StatusResult(StatusOutcome.Revoked, StatusListCodes.Revoked, TimeSpan.FromMinutes(10)), result);
        Assert.Equal(2, Fetches);
        // Asked and answered: the lagging cache is not asked again at once.
        await CheckAsync();
        Assert.Equal(2, Fetches);

        // A newer one wins again.
        _clock.Advance(TimeSpan.FromMinutes(10));
        await PublishAsync(Agency.List());
        await AssertValidAsync(TimeSpan.Zero);
    }

    [Fact]
    [Trait("Row", "TSL-14")]
    [Trait("Row", "TSL-15")]
    public async Task A_stale_copy_is_used_only_as_long_as_the_policy_says_and_says_its_age()
    {
        var patient = _online with { MaxStale = TimeSpan.FromHours(2) };
        await AssertValidAsync(TimeSpan.Zero);
        _answer = LocalServer.Body("", status: 503);

        _clock.Advance(TimeSpan.FromMinutes(30));
        await AssertUnknownAsync(StatusListCodes.Unreachable);
        await AssertValidAsync(TimeSpan.FromMinutes(30), patient);
        _clock.Advance(TimeSpan.FromSeconds(99 * 60 + 59));
        await AssertValidAsync(TimeSpan.FromSeconds(129 * 60 + 59), patient);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await AssertUnknownAsync(StatusListCodes.Unreachable, patient);
    }

    [Fact]
    public async Task Offline_only_copies_are_used_and_the_network_is_not()
    {
        await AssertUnknownAsync(StatusListCodes.Offline, _offline);
        Assert.Equal(0, Fetches);

        await AssertValidAsync(TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromHours(1));
        await AssertValidAsync(TimeSpan.FromHours(1), _offline);
        var young = new StatusPolicy(StatusMode.Offline, TimeSpan.FromMinutes(30));
        await AssertUnknownAsync(StatusListCodes.Offline, young);
        await AssertValidAsync(TimeSpan.FromHours(1), young with { MaxStale = TimeSpan.FromMinutes(31) });
        Assert.Equal(1, Fetches);
    }

    [Fact]
    public async Task Skipping_asks_nobody()
    {
        await AssertUnknownAsync(StatusListCodes.NotRequested, new StatusPolicy(StatusMode.Skip));
        Assert.Equal(0, Fetches);
    }

    [Fact]
    [Trait("Row", "TSL-23")]
    public async Task A_list_that_does_not_cover_the_time_asked_about_says_nothing()
    {
        // A verification as of last week gets today's list, as from a server that ignores ?time=.
        async Task<StatusResult> AtAsync(DateTimeOffset time) => await _client.CheckAsync(
            new StatusReference(Uri, 0), _agency.Status, _eachTime, time, TestContext.Current.CancellationToken);

        Assert.Equal((StatusOutcome.Unknown, StatusListCodes.TokenNotYetValid), Pair(await AtAsync(_clock.Now.AddDays(-7))));
        Assert.Equal((StatusOutcome.Unknown, StatusListCodes.TokenExpired), Pair(await AtAsync(_clock.Now.AddDays(7))));
        Assert.Equal((StatusOutcome.Valid, null), Pair(await AtAsync(_clock.Now.AddHours(1))));

        static (StatusOutcome, string?) Pair(StatusResult result) => (result.Outcome, result.Code);
    }

    [Fact]
    public async Task A_clock_set_back_makes_a_copy_count_as_old()
    {
        var issued = _clock.Now;
        _clock.Advance(TimeSpan.FromHours(5));
        await AssertValidAsync(TimeSpan.Zero);
        _clock.Now = issued.AddMinutes(1);
        await AssertValidAsync(TimeSpan.Zero);
        Assert.Equal(2, Fetches);
    }

    [Fact]
    [Trait("Row", "NET-07")]
    public async Task A_thousand_parallel_checks_are_one_fetch()
    {
        var serve = _answer;
        var release = new TaskCompletionSource();
        _answer = async context =>
        {
            await release.Task;
            await serve(context);
        };
        var checks = Enumerable.Range(0, 1000).Select(i => CheckAsync(i % 8, _eachTime)).ToArray();
        release.SetResult();
        var results = await Task.WhenAll(checks);

        Assert.Equal(1, Fetches);
        Assert.Equal(125, results.Count(result => result.Outcome == StatusOutcome.Revoked));
    }

    [Fact]
    public async Task The_cache_is_bounded_and_keeps_what_was_used_last()
    {
        var list = StatusList.Create(8, 100_000);
        _answer = async context => await LocalServer.Body(
            await _agency.TokenAsync($"http://{context.Request.Host}{context.Request.Path}", _clock.Now, list), StatusListNames.JwtMediaType)(context);
        var small = new StatusListClient(_http, maxCacheBytes: 350_000);
        async Task<int> FetchesForAsync(int number)
        {
            var before = Fetches;
            await small.CheckAsync(
                new StatusReference(new Uri(_server.Url, $"/{number}").ToString(), 0), _agency.Status, _online, _clock.Now, TestContext.Current.CancellationToken);
            return Fetches - before;
        }

        // Three lists fit. The first is used again, so the second makes room for the fourth.
        foreach (var (number, fetches) in new[] { (1, 1), (2, 1), (3, 1), (1, 0), (4, 1), (1, 0), (3, 0), (4, 0), (2, 1) })
            Assert.Equal(fetches, await FetchesForAsync(number));
    }
}
