using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Tests.Shared;

namespace Credentials.Tests.StatusLists;

public sealed class StatusCheckTests : IDisposable
{
    private static readonly StatusPolicy _online = new(StatusMode.Online);

    private readonly TestClock _clock = new();
    private readonly Agency _agency;

    public StatusCheckTests() => _agency = new Agency("Agency", _clock.Now);

    public void Dispose() => _agency.Dispose();

    private async Task<VerificationCheck> RecordAsync(JsonObject claims, StatusPolicy policy, StatusListClient? client)
    {
        var recorder = new CheckRecorder([StatusCheck.Id], [StatusCheck.Id]);
        await StatusCheck.RecordAsync(
            recorder, StrictJson.ToElement(claims), policy, client, _agency.Status, _clock.Now, TestContext.Current.CancellationToken);
        return Assert.Single(recorder.Checks);
    }

    [Theory]
    [Trait("Row", "SVC-12")]
    [InlineData("{}", CheckOutcome.NotApplicable, StatusListCodes.Absent)]
    [InlineData("""{"status":null}""", CheckOutcome.Failed, StatusListCodes.MalformedReference)]
    [InlineData("""{"status":{}}""", CheckOutcome.Failed, StatusListCodes.MalformedReference)]
    [InlineData("""{"status":{"status_list":{"idx":1}}}""", CheckOutcome.Failed, StatusListCodes.MalformedReference)]
    [InlineData("""{"status":{"other":{}}}""", CheckOutcome.Indeterminate, StatusListCodes.UnsupportedMechanism)]
    [InlineData("""{"status":{"status_list":{"idx":1,"uri":"https://agency.invalid/"}}}""", CheckOutcome.Indeterminate, StatusListCodes.Unreachable)]
    public async Task What_cannot_be_checked_is_said_and_never_passes(string claims, CheckOutcome outcome, string code)
    {
        using var http = FetchExtensions.ToLoopback();
        var check = await RecordAsync(StrictJson.ToNode(StrictJson.Parse(claims))!.AsObject(), _online, new StatusListClient(http));
        Assert.Equal((outcome, code), (check.Outcome, check.Code));
    }

    [Theory]
    [InlineData(0, CheckOutcome.Passed, null)]
    [InlineData(1, CheckOutcome.Failed, StatusListCodes.Revoked)]
    [InlineData(2, CheckOutcome.Failed, StatusListCodes.Suspended)]
    [InlineData(3, CheckOutcome.Failed, StatusListCodes.UnknownValue)]
    [InlineData(9, CheckOutcome.Failed, StatusListCodes.IndexOutOfRange)]
    public async Task What_the_list_says_is_recorded_with_its_age(int index, CheckOutcome outcome, string? code)
    {
        var token = "";
        await using var server = await LocalServer.StartAsync(context => LocalServer.Body(token, StatusListNames.JwtMediaType)(context));
        token = await _agency.TokenAsync(server.Url.ToString(), _clock.Now);
        var claims = new JsonObject { ["status"] = new StatusReference(server.Url.ToString(), index).ToJson() };
        using var http = FetchExtensions.ToLoopback();

        var check = await RecordAsync(claims, _online, new StatusListClient(http));

        Assert.Equal((outcome, code, TimeSpan.Zero), (check.Outcome, check.Code, check.Age));
    }

    [Fact]
    public async Task Skipped_is_not_requested_and_no_client_is_offline()
    {
        var claims = new JsonObject { ["status"] = new StatusReference("https://agency.example/", 1).ToJson() };
        var skipped = await RecordAsync(claims, new StatusPolicy(StatusMode.Skip), null);
        Assert.Equal((CheckOutcome.NotApplicable, StatusListCodes.NotRequested), (skipped.Outcome, skipped.Code));
        var offline = await RecordAsync(claims, _online, null);
        Assert.Equal((CheckOutcome.Indeterminate, StatusListCodes.Offline), (offline.Outcome, offline.Code));
    }
}
