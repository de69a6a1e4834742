using Credentials.Codecs;
using Credentials.OpenId4Vci;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Tests.Peers;

namespace Credentials.Wallet.Core.Tests.Documents;

/// <summary>How often copies are shown, against a real issuer and a real verifier.</summary>
public sealed class ReusePolicyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "VPW-24")]
    public async Task A_limited_copy_is_shown_so_often_and_then_the_document_answers_nothing_also_after_a_restart()
    {
        await using var fixture = await StartAsync(ReusePolicy.Limited(2));
        var document = await fixture.ReceiveAsync(copies: 2);
        var shown = new List<string>();
        for (var time = 0; time < 4; time++) shown.Add(await fixture.PresentAsync());

        Assert.All(shown.GroupBy(copy => copy), times => Assert.Equal(2, times.Count()));
        Assert.Equal(2, shown.Take(2).Distinct().Count());
        Assert.False(await fixture.CanPresentAsync());
        await fixture.ReopenAsync();
        Assert.False(await fixture.CanPresentAsync());
        Assert.Equal(ReusePolicy.Limited(2), (await fixture.Wallet.FindDocumentAsync(document.Id, Token))!.Reuse);
    }

    [Fact]
    public async Task Rotating_copies_are_shown_in_turn_without_an_end()
    {
        await using var fixture = await StartAsync(ReusePolicy.Rotating);
        await fixture.ReceiveAsync(copies: 2);
        var shown = new List<string>();
        for (var time = 0; time < 6; time++) shown.Add(await fixture.PresentAsync());

        Assert.All(shown.GroupBy(copy => copy), times => Assert.Equal(3, times.Count()));
        Assert.Empty(await fixture.Wallet.ListDueRenewalsAsync(Token));
    }

    [Theory]
    [InlineData(null, ReuseKind.Once, 1, 14)]
    [InlineData("""{"id":"arf_annex_ii","options":[{"details":["once_only"],"batch_size":10,"reissue_trigger_unused":3}]}""", ReuseKind.Once, 3, 14)]
    [InlineData("""{"id":"arf_annex_ii","options":[{"details":["limited_time"],"reissue_trigger_lifetime_left":86400}]}""", ReuseKind.Rotating, 1, 1)]
    [InlineData("""
        {"id":"arf_annex_ii","options":[{"details":["per-relying-party","rotating-batch"],"batch_size":4,"reissue_trigger_lifetime_left":172800},
            {"details":["once_only"],"batch_size":9,"reissue_trigger_unused":2}]}
        """, ReuseKind.Rotating, 1, 2)]
    [InlineData("""{"id":"another","options":[{"details":["limited_time"]}]}""", ReuseKind.Once, 1, 14)]
    [InlineData("""{"id":"arf_annex_ii","options":[{"details":["unheard-of"]}]}""", ReuseKind.Once, 1, 14)]
    [InlineData("""{"id":"arf_annex_ii"}""", ReuseKind.Once, 1, 14)]
    public async Task The_issuer_says_for_each_configuration_what_it_wants_and_without_that_a_copy_is_shown_once(
        string? policy, ReuseKind kind, int unused, int days)
    {
        await using var fixture = await WalletFixture.StartAsync();
        State(fixture.Issuer, policy);

        var document = await fixture.ReceiveAsync();

        Assert.Equal((kind, unused, TimeSpan.FromDays(days)), (document.Reuse.Kind, document.Reuse.RenewAtUnused, document.Reuse.RenewBefore));
        Assert.Equal("licence", document.ConfigurationId);
        var metadata = CredentialIssuerMetadata.Parse(StrictJson.ToElement(fixture.Issuer.Metadata), fixture.Issuer.Url, allowLoopbackHttp: true);
        var again = CredentialIssuerMetadata.Parse(StrictJson.ToElement(metadata.ToJson()), fixture.Issuer.Url, allowLoopbackHttp: true);
        Assert.Equal(metadata.Configurations["licence"].ReuseOptions, again.Configurations["licence"].ReuseOptions);
    }

    [Fact]
    public async Task What_the_app_says_for_a_configuration_goes_before_what_the_issuer_says()
    {
        await using var fixture = await StartAsync(ReusePolicy.Limited(1));
        State(fixture.Issuer, """{"id":"arf_annex_ii","options":[{"details":["rotating-batch"],"batch_size":4,"reissue_trigger_lifetime_left":86400}]}""");
        Assert.Equal(ReusePolicy.Limited(1), (await fixture.ReceiveAsync()).Reuse);

        fixture.ReusePolicyFor = (_, configuration) => configuration == "other" ? ReusePolicy.Limited(1) : null;
        await fixture.ReopenAsync();
        Assert.Equal(ReuseKind.Rotating, (await fixture.ReceiveAsync()).Reuse.Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => ReusePolicy.Limited(0));
    }

    [Theory]
    [InlineData("""{"id":"arf_annex_ii","options":["once_only"]}""")]
    [InlineData("""{"id":"arf_annex_ii","options":[{"details":"once_only"}]}""")]
    [InlineData("""{"id":"arf_annex_ii","options":[{"details":["once_only"],"reissue_trigger_unused":-1}]}""")]
    [InlineData("""{"id":"arf_annex_ii","options":[{"details":["once_only"],"batch_size":4294967296}]}""")]
    [InlineData("""{"id":"arf_annex_ii","options":[{"details":["limited_time"],"reissue_trigger_lifetime_left":9007199254740991}]}""")]
    public async Task A_policy_that_nobody_can_calculate_with_is_refused_with_the_metadata(string policy)
    {
        await using var fixture = await WalletFixture.StartAsync();
        State(fixture.Issuer, policy);
        var error = await Assert.ThrowsAsync<MalformedDataException>(() => fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token));
        Assert.Equal(OpenId4VciCodes.IssuerMetadata, error.Code);
    }

    private static async Task<WalletFixture> StartAsync(ReusePolicy policy)
    {
        var fixture = await WalletFixture.StartAsync();
        fixture.ReusePolicyFor = (issuer, configuration) => issuer == fixture.Issuer.Url && configuration == "licence" ? policy : null;
        await fixture.ReopenAsync();
        return fixture;
    }

    private static void State(TestIssuer issuer, string? policy)
    {
        if (policy is null) return;
        var metadata = issuer.Metadata["credential_configurations_supported"]!["licence"]!["credential_metadata"]!.AsObject();
        metadata["credential_reuse_policy"] = StrictJson.ToNode(StrictJson.Parse(policy));
    }
}
