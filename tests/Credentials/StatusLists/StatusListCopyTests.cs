using Credentials.Http;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Tests.Shared;
using Microsoft.AspNetCore.Http;

namespace Credentials.Tests.StatusLists;

/// <summary>Copies of lists on disk, and how much memory a list is counted with.</summary>
public sealed class StatusListCopyTests : IAsyncLifetime
{
    private static readonly StatusPolicy _away = new(StatusMode.Online) { MaxOfflineAge = TimeSpan.FromHours(12) };

    private readonly TestClock _clock = new();
    private readonly TempFolder _folder = new();
    private readonly Agency _agency;
    private LocalServer _server = null!;
    private RequestDelegate _answer = _ => Task.CompletedTask;

    public StatusListCopyTests() => _agency = new Agency("Agency", _clock.Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Uri => new Uri(_server.Url, "/status/1").ToString();

    public async ValueTask InitializeAsync() => _server = await LocalServer.StartAsync(context => _answer(context));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _agency.Dispose();
        _folder.Dispose();
    }

    private OutboundHttp Open() => new(new OutboundHttpOptions { AllowLoopbackHttp = true, Kept = new KeptDocuments(_folder.FullPath, new byte[32]) });

    /// <summary>Asks as a process that has just started: what it knows is on disk or on the network.</summary>
    private async Task<StatusResult> CheckAfreshAsync(StatusPolicy? policy = null, int index = 0)
    {
        using var http = Open();
        return await CheckAsync(new StatusListClient(http), policy, index);
    }

    private Task<StatusResult> CheckAsync(StatusListClient client, StatusPolicy? policy = null, int index = 0) =>
        client.CheckAsync(new StatusReference(Uri, index), _agency.Status, policy ?? _away, _clock.Now, Ct);

    private async Task PublishAsync(bool revokesFirst = false, string? etag = null)
    {
        var list = Agency.List();
        if (revokesFirst) list[0] = StatusTypes.Invalid;
        var token = await _agency.TokenAsync(Uri, _clock.Now, list);
        _answer = context =>
        {
            if (etag is not null) context.Response.Headers.ETag = etag;
            if (etag is null || context.Request.Headers.IfNoneMatch != etag) return LocalServer.Body(token, StatusListNames.JwtMediaType)(context);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        };
    }

    private void GoAway() => _answer = LocalServer.Body("", status: 503);

    [Fact]
    public async Task A_copy_on_disk_serves_where_the_network_does_not_as_long_as_the_policy_says_and_the_list_itself()
    {
        await PublishAsync();
        Assert.Equal(new StatusResult(StatusOutcome.Valid, Age: TimeSpan.Zero), await CheckAfreshAsync());
        GoAway();

        // Still within its time to live of ten minutes.
        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(new StatusResult(StatusOutcome.Valid, Age: TimeSpan.FromMinutes(9)), await CheckAfreshAsync());
        _clock.Advance(TimeSpan.FromHours(6));
        var age = TimeSpan.FromMinutes(369);
        Assert.Equal(new StatusResult(StatusOutcome.Valid, StatusListCodes.CopyUsed, age), await CheckAfreshAsync());
        Assert.Equal(new StatusResult(StatusOutcome.Revoked, StatusListCodes.Revoked, age), await CheckAfreshAsync(index: 1));
        Assert.Equal(new StatusResult(StatusOutcome.Unknown, StatusListCodes.Unreachable, age), await CheckAfreshAsync(new StatusPolicy(StatusMode.Online)));
        _clock.Advance(TimeSpan.FromHours(6));
        age = TimeSpan.FromMinutes(729);
        Assert.Equal(new StatusResult(StatusOutcome.Unknown, StatusListCodes.CopyTooOld, age), await CheckAfreshAsync());

        // Past its exp it is shown as such, whatever the policy.
        _clock.Advance(TimeSpan.FromHours(12));
        age = TimeSpan.FromMinutes(1449);
        Assert.Equal(new StatusResult(StatusOutcome.Unknown, StatusListCodes.TokenExpired, age), await CheckAfreshAsync(_away with { MaxOfflineAge = TimeSpan.FromDays(30) }));
    }

    [Fact]
    public async Task Without_a_folder_nothing_is_kept()
    {
        await PublishAsync();
        using (var http = FetchExtensions.ToLoopback())
            Assert.Equal(StatusOutcome.Valid, (await CheckAsync(new StatusListClient(http))).Outcome);
        GoAway();
        Assert.Equal(new StatusResult(StatusOutcome.Unknown, StatusListCodes.Unreachable), await CheckAfreshAsync());
    }

    [Fact]
    [Trait("Row", "TSL-28")]
    public async Task A_copy_is_checked_again_before_it_is_used()
    {
        await PublishAsync();
        await CheckAfreshAsync();
        GoAway();
        using var other = new Agency("Other", _clock.Now);
        using var http = Open();
        var result = await new StatusListClient(http).CheckAsync(new StatusReference(Uri, 0), other.Status, _away, _clock.Now, Ct);
        Assert.Equal(new StatusResult(StatusOutcome.Unknown, StatusListCodes.Unreachable), result);
        Assert.Equal(StatusOutcome.Valid, (await CheckAfreshAsync()).Outcome);
    }

    [Fact]
    public async Task A_list_that_was_confirmed_by_its_entity_tag_is_as_young_as_that_on_disk_too()
    {
        await PublishAsync(etag: "\"1\"");
        using var http = Open();
        var client = new StatusListClient(http);
        await CheckAsync(client);
        _clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(TimeSpan.Zero, (await CheckAsync(client)).Age);
        Assert.Equal("\"1\"", _server.Requests.Last()["If-None-Match"]);
        // The tag is known still, although a 304 need not repeat it.
        _clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(TimeSpan.Zero, (await CheckAsync(client)).Age);
        Assert.Equal("\"1\"", _server.Requests.Last()["If-None-Match"]);

        GoAway();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new StatusResult(StatusOutcome.Valid, Age: TimeSpan.FromMinutes(1)), await CheckAfreshAsync());
    }

    // What another process fetched meanwhile is used, unless it would undo what is known here.
    [Fact]
    [Trait("Row", "TSL-16")]
    public async Task A_younger_copy_of_another_process_counts_unless_it_is_an_older_list()
    {
        using var http = Open();
        var client = new StatusListClient(http);
        var tick = TimeSpan.FromMinutes(11);
        await PublishAsync();
        var older = _answer;
        Assert.Equal(StatusOutcome.Valid, (await CheckAsync(client)).Outcome);
        _clock.Advance(tick);
        await PublishAsync(revokesFirst: true);
        Assert.Equal(StatusOutcome.Revoked, (await CheckAfreshAsync()).Outcome);
        _clock.Advance(tick);
        GoAway();
        Assert.Equal(new StatusResult(StatusOutcome.Revoked, StatusListCodes.Revoked, tick), await CheckAsync(client));

        // A process that knows no better kept the older list after that.
        _clock.Advance(tick);
        _answer = older;
        Assert.Equal(StatusOutcome.Valid, (await CheckAfreshAsync()).Outcome);
        GoAway();
        _clock.Advance(tick);
        Assert.Equal(StatusOutcome.Revoked, (await CheckAsync(client)).Outcome);
    }

    // Only where nobody can be reached: a list that was refused is an answer.
    [Fact]
    public async Task A_list_that_is_refused_does_not_bring_up_a_copy()
    {
        await PublishAsync();
        await CheckAfreshAsync();
        _answer = LocalServer.Body("no.list.token", StatusListNames.JwtMediaType);
        var refused = await CheckAfreshAsync();
        Assert.Equal(StatusOutcome.Unknown, refused.Outcome);
        Assert.NotEqual(StatusListCodes.Unreachable, refused.Code);
        Assert.Null(refused.Age);
    }

    [Fact]
    public async Task A_list_is_counted_with_the_bytes_that_it_holds()
    {
        var content = _agency.Content(Uri, _clock.Now, StatusList.Create(8, 1000));
        var jwt = await StatusListToken.IssueAsync(content, _agency.Key, Ct);
        var cwt = await StatusListToken.IssueCwtAsync(content, _agency.Key, Ct);
        Assert.Equal((4L * jwt.Length) + 1000, StatusListToken.Parse(jwt).Cost);
        Assert.Equal(cwt.Length + 1000L, StatusListToken.Parse(cwt).Cost);
        Assert.Equal(2048, CachedStatusList.Nothing.Cost);
        Assert.Equal(2048 + cwt.Length + 1000L, new CachedStatusList { Token = StatusListToken.Parse(cwt) }.Cost);

        byte[][] revoked = [[1], [2, 3], [1]];
        Assert.Equal(56 + 1 + 56 + 2, IdentifierList.Create(revoked.Select(id => (ReadOnlyMemory<byte>)id)).Size);
    }

    [Fact]
    public async Task A_kind_of_reference_that_is_not_known_is_a_mistake_of_the_caller()
    {
        using var http = FetchExtensions.ToLoopback();
        await Assert.ThrowsAsync<ArgumentException>(() => new StatusListClient(http).CheckAsync(new StrangeReference(Uri), _agency.Status, _away, _clock.Now, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => new StatusListClient(http).FetchAllAsync(Uri, _agency.Status, new StatusPolicy(StatusMode.Offline), _clock.Now, Ct));
    }

    private sealed record StrangeReference(string Uri) : CredentialStatus(Uri)
    {
        protected override string Mechanism => "strange";

        protected override void WriteInfo(System.Formats.Cbor.CborWriter writer) => writer.WriteNull();
    }
}
