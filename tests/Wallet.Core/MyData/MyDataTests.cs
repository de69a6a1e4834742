using Credentials.Codecs;
using Credentials.OpenId4Vp;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.MyData;
using Credentials.Wallet.Core.Tests.Peers;
using Microsoft.AspNetCore.Http;

namespace Credentials.Wallet.Core.Tests.MyData;

/// <summary>What the holder can find out and ask for afterwards, against a real verifier on the network.</summary>
public sealed class MyDataTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deletion_request_really_goes_to_the_verifiers_endpoint_and_names_no_claim_value()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var party = await ShareAsync(fixture, Statement(fixture));

        var request = await fixture.Wallet.MyData.PrepareAsync(new RightsRequestDraft(RightsRequestKind.Deletion, party), Token);
        Assert.Equal((true, RightsRequestState.Prepared, null), (request.IsEndpoint, request.State, request.OpenUri));
        Assert.Empty(fixture.Verifier.DeletionRequests);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        request = await fixture.Wallet.MyData.SendAsync(request.Id, Token);

        Assert.Equal((RightsRequestState.Sent, fixture.Clock.Now), (request.State, request.SentAt));
        var body = StrictJson.ParseObject(System.Text.Encoding.UTF8.GetBytes(Assert.Single(fixture.Verifier.DeletionRequests)));
        Assert.Equal((MyDataRecords.DeletionType, request.Id, party),
            (body.GetProperty("type").GetString(), body.GetProperty("request_id").GetString(), body.GetProperty("client_id").GetString()));
        var presentation = Assert.Single(body.GetProperty("presentations").EnumerateArray().ToList());
        Assert.Equal(TestVerifier.Nonce, presentation.GetProperty("nonce").GetString());
        Assert.Equal("""[["issuing_country"],["age_over_19"]]""", presentation.GetProperty("credentials")[0].GetProperty("claims").GetRawText());
        Assert.DoesNotContain("SECRET", fixture.Verifier.DeletionRequests[0], StringComparison.Ordinal);
        var entry = Assert.Single(await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Kind = HistoryKind.DeletionRequested }, Token));
        Assert.Equal((party, request.Id), (entry.Party, entry.Reference));
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Wallet.MyData.SendAsync(request.Id, Token));
    }

    public static TheoryData<IResult, RightsRequestState> EndpointAnswers() => new()
    {
        { Results.Text("""{"state":"deleted"}""", "application/json"), RightsRequestState.Fulfilled },
        { Results.Text("""{"state":"received"}""", "application/json"), RightsRequestState.Sent },
        { Results.Text("<html>", "text/html"), RightsRequestState.Sent },
        { Results.Text("""{"state":"deleted","state":"no"}""", "application/json"), RightsRequestState.Sent },
        { Results.StatusCode(400), RightsRequestState.Refused },
        { Results.StatusCode(503), RightsRequestState.Prepared },
        { Results.Redirect("/elsewhere", false, true), RightsRequestState.Prepared },
        { Results.Text(new string('x', 70_000), "application/json"), RightsRequestState.Prepared },
    };

    [Theory]
    [MemberData(nameof(EndpointAnswers))]
    public async Task What_the_endpoint_answers_decides_how_far_a_request_has_come(IResult answer, RightsRequestState expected)
    {
        await using var fixture = await WalletFixture.StartAsync();
        var party = await ShareAsync(fixture, Statement(fixture));
        fixture.Verifier.DeletionAnswer = answer;
        var prepared = await fixture.Wallet.MyData.PrepareAsync(new RightsRequestDraft(RightsRequestKind.Deletion, party), Token);

        var request = await fixture.Wallet.MyData.SendAsync(prepared.Id, Token);

        Assert.Equal(expected, request.State);
        Assert.Equal(expected is RightsRequestState.Prepared or RightsRequestState.Refused, request.Code is not null);
        Assert.DoesNotContain(fixture.Verifier.Posted, form => form.Keys.Any(key => key.StartsWith("elsewhere:", StringComparison.Ordinal)));
        if (expected != RightsRequestState.Prepared) return;
        fixture.Verifier.DeletionAnswer = Results.Ok();
        Assert.Equal(RightsRequestState.Sent, (await fixture.Wallet.MyData.SendAsync(prepared.Id, Token)).State);
        Assert.Equal(fixture.Verifier.DeletionRequests[0], fixture.Verifier.DeletionRequests[1]);
    }

    [Fact]
    public async Task Without_an_endpoint_a_letter_is_prepared_for_the_holder_and_tracked_over_a_restart()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var party = await ShareAsync(fixture, new DataRightsStatement([new Uri("mailto:privacy@verifier.example")], null, []));

        var draft = new RightsRequestDraft(RightsRequestKind.Deletion, party)
        {
            Language = "ko-KR",
            Note = "감사합니다 & ?subject=x",
        };
        var request = await fixture.Wallet.MyData.PrepareAsync(draft, Token);
        Assert.Contains("삭제하고", request.Letter, StringComparison.Ordinal);
        Assert.Contains("age_over_19", request.Letter, StringComparison.Ordinal);
        var open = request.OpenUri!.AbsoluteUri;
        Assert.StartsWith("mailto:privacy@verifier.example?subject=", open, StringComparison.Ordinal);
        Assert.Equal(1, open.Count(c => c == '?'));
        Assert.Equal(1, open.Count(c => c == '&'));
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Wallet.MyData.SendAsync(request.Id, Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Wallet.MyData.MarkAnsweredAsync(request.Id, true, Token));
        await fixture.Wallet.MyData.MarkSentAsync(request.Id, Token);

        await fixture.Wallet.DisposeAsync();
        await fixture.OpenAsync();
        var kept = Assert.Single(await fixture.Wallet.MyData.ListRequestsAsync(Token));
        Assert.Equal((request.Letter, RightsRequestState.Sent, true), (kept.Letter, kept.State, kept.IsOpen));
        Assert.False((await fixture.Wallet.MyData.MarkAnsweredAsync(request.Id, isFulfilled: true, Token)).IsOpen);
        await fixture.Wallet.MyData.DeleteRequestAsync(request.Id, Token);
        Assert.Empty(await fixture.Wallet.MyData.ListRequestsAsync(Token));
    }

    [Fact]
    public async Task A_verifier_that_nobody_vouches_for_gets_no_connection_and_one_without_contact_needs_an_address()
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Verifier.ResponseMode = OpenId4VpNames.DirectPost;
        var party = await ShareAsync(fixture, Statement(fixture), unsigned: true);
        var verifier = Assert.Single(await fixture.Wallet.MyData.ListVerifiersAsync(Token));
        Assert.Equal((false, null), (verifier.IsTrusted, verifier.Contact!.DeletionEndpoint));
        Assert.False((await fixture.Wallet.MyData.PrepareAsync(new RightsRequestDraft(RightsRequestKind.Deletion, party), Token)).IsEndpoint);

        await using var other = await WalletFixture.StartAsync();
        var silent = await ShareAsync(other, null);
        var draft = new RightsRequestDraft(RightsRequestKind.Deletion, silent);
        var error = await Assert.ThrowsAsync<NotSupportedCredentialException>(() => other.Wallet.MyData.PrepareAsync(draft, Token));
        Assert.Equal(WalletCodes.NoContact, error.Code);
        var address = new Uri("mailto:found@elsewhere.example");
        Assert.Equal(address, (await other.Wallet.MyData.PrepareAsync(draft with { Address = address }, Token)).Address);
        foreach (var bad in new[] { "javascript:alert(1)", "mailto:a@b.example?cc=c@d.example", "http://verifier.example/" })
            await Assert.ThrowsAsync<ArgumentException>(() => other.Wallet.MyData.PrepareAsync(draft with { Address = new Uri(bad) }, Token));
    }

    [Fact]
    public async Task A_report_goes_to_the_authority_that_the_app_knows_and_may_be_about_what_was_not_shown()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        fixture.Verifier.DataRights = new DataRightsStatement([], null, [new Uri("https://authority.verifier.example/complain")]).ToVerifierInfo();
        var asked = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
        await fixture.Wallet.DeclineRequestAsync(asked, Token);

        var draft = new RightsRequestDraft(RightsRequestKind.Report, asked.ClientId) { Note = "It asked for too much." };
        var report = await fixture.Wallet.MyData.PrepareAsync(draft, Token);

        Assert.Equal("https://authority.verifier.example/complain", report.OpenUri!.AbsoluteUri);
        Assert.Contains("nothing was shown", report.Letter, StringComparison.Ordinal);
        Assert.Contains("It asked for too much.", report.Letter, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Wallet.MyData.PrepareAsync(draft with { Kind = RightsRequestKind.Deletion }, Token));
        await fixture.Wallet.MyData.MarkSentAsync(report.Id, Token);
        Assert.Single(await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Kind = HistoryKind.VerifierReported }, Token));
    }

    [Fact]
    public async Task Dashboard_verifiers_search_and_export_tell_what_was_shown_and_never_what_it_says()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var party = await ShareAsync(fixture, Statement(fixture));
        fixture.Clock.Advance(TimeSpan.FromDays(40));
        fixture.Verifier.Query = TestVerifier.QueryFor("family_name");
        await PresentAsync(fixture, fixture.Verifier.Link());

        var data = await fixture.Wallet.MyData.GetDashboardAsync(Token);
        Assert.Equal((1, 1, 1, 0), (data.Documents, data.Verifiers.Count, data.RecentSharings, data.UnconfirmedSharings));
        var verifier = data.Verifiers[0];
        Assert.Equal((party, "Test verifier", true, 2), (verifier.Party, verifier.Names.In(), verifier.IsTrusted, verifier.Sharings.Count));
        Assert.Equal([ClaimPath.Of("issuing_country"), ClaimPath.Of("family_name"), ClaimPath.Of("age_over_19")], Assert.Single(verifier.Shared).Claims);

        Assert.Equal(2, (await SearchAsync("BEER verifier")).Count);
        Assert.Single(await SearchAsync("family_name"));
        Assert.Empty(await SearchAsync("beer wine"));
        var export = (await fixture.Wallet.MyData.ExportAsync(Token)).ToJsonString();
        Assert.Contains("age_over_19", export, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", export, StringComparison.Ordinal);

        async Task<IReadOnlyList<HistoryEntry>> SearchAsync(string text) =>
            await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Text = text, Kind = HistoryKind.Presented }, Token);
    }

    [Theory]
    [InlineData("mailto:privacy@verifier.example", true)]
    [InlineData("https://verifier.example/privacy", true)]
    [InlineData("mailto:privacy@verifier.example?bcc=all@evil.example", false)]
    [InlineData("mailto:a@b.example,c@d.example", false)]
    [InlineData("mailto:a%0ABcc:x@y.example", false)]
    [InlineData("mailto:", false)]
    [InlineData("mailto:a@...", false)]
    [InlineData("mailto:a@b@c.example", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("http://verifier.example/", false)]
    [InlineData("https://user@verifier.example/", false)]
    [InlineData("data:text/html,x", false)]
    public void Only_plain_addresses_of_a_verifier_are_kept(string uri, bool isKept)
    {
        var data = StrictJson.ParseObject(System.Text.Encoding.UTF8.GetBytes($$"""{"support_uri":["{{uri}}"]}"""));
        var found = DataRightsStatement.Find([new VerifierInfo(DataRightsStatement.Format, data)], allowLoopbackHttp: false)!;
        Assert.Equal(isKept ? [uri] : [], found.SupportUris.Select(kept => kept.OriginalString));
    }

    private static DataRightsStatement Statement(WalletFixture fixture) => new(
        [new Uri("mailto:privacy@verifier.example")], new Uri(fixture.Verifier.Url + "/deletion"), [new Uri("https://authority.example/")]);

    private static async Task<string> ShareAsync(WalletFixture fixture, DataRightsStatement? statement, bool unsigned = false)
    {
        await fixture.ReceiveAsync();
        fixture.Verifier.DataRights = statement?.ToVerifierInfo();
        return await PresentAsync(fixture, unsigned ? fixture.Verifier.UnsignedLink() : fixture.Verifier.Link());
    }

    private static async Task<string> PresentAsync(WalletFixture fixture, string link)
    {
        var request = await fixture.Wallet.ResolveRequestAsync(link, Token);
        await fixture.Wallet.PresentAsync(request, request.Proposal!, Token);
        return request.ClientId;
    }
}
