using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Mdoc;
using Credentials.OpenId4Vp;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Tests.Peers;

namespace Credentials.Wallet.Core.Tests.Presentation;

/// <summary>Presenting mdocs: the consent tree has the elements asked for, the answer shows them and nothing else.</summary>
public sealed class PresentMdocTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OpenId4VpNames.DirectPost)]
    [InlineData(OpenId4VpNames.DirectPostJwt)]
    public async Task The_elements_asked_for_are_shown_bound_to_the_request_and_nothing_else(string mode)
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync(configuration: "mdl");
        (fixture.Verifier.ResponseMode, fixture.Verifier.Query) = (mode, TestVerifier.QueryForMdoc("age_over_19", "given_name"));
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
        var match = Assert.Single(request.Sets[0].Options[0].Members[0].Matches);
        Assert.Equal([ClaimPath.Of(MdocNames.MdlNamespace, "age_over_19"), ClaimPath.Of(MdocNames.MdlNamespace, "given_name")], match.Disclose);
        Assert.Empty(match.AlwaysShown);

        Assert.True((await fixture.Wallet.PresentAsync(request, request.Proposal!, Token)).IsConfirmed);

        var report = await VerifyAsync(fixture);
        Assert.True(report.IsAccepted, report.ToJson().ToString());
        Assert.Empty(report.Parts[0].Notes);
        var text = (await fixture.Verifier.ReadAsync()).VpToken!.Presentations["m"][0].GetString()!;
        Assert.Equal(["given_name", "age_over_19"], Assert.Single(DeviceResponse.Parse(StrictBase64Url.Decode(text)).Documents).IssuerSigned.NameSpaces[MdocNames.MdlNamespace].Select(item => item.ElementIdentifier));
        var entry = Assert.Single(await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Kind = HistoryKind.Presented }, Token));
        Assert.Equal((document.Id, 2), (entry.Claims[0].DocumentId, entry.Claims[0].Claims.Count));
    }

    [Fact]
    [Trait("Row", "VPW-16")]
    public async Task A_query_without_claims_shows_no_element()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync(configuration: "mdl");
        fixture.Verifier.Query = TestVerifier.QueryForMdoc();
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);

        await fixture.Wallet.PresentAsync(request, request.Proposal!, Token);

        Assert.True((await VerifyAsync(fixture)).IsAccepted);
        var text = (await fixture.Verifier.ReadAsync()).VpToken!.Presentations["m"][0].GetString()!;
        Assert.Empty(DeviceResponse.Parse(StrictBase64Url.Decode(text)).Documents[0].IssuerSigned.NameSpaces);
    }

    [Fact]
    public async Task A_request_for_both_formats_gets_one_response_for_each()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        await fixture.ReceiveAsync(configuration: "mdl");
        var (sdJwt, mdoc) = (TestVerifier.QueryFor("age_over_19"), TestVerifier.QueryForMdoc("age_over_19"));
        fixture.Verifier.Query = $$"""{"credentials":[{{Inner(sdJwt)}},{{Inner(mdoc)}}]}""";
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);

        await fixture.Wallet.PresentAsync(request, request.Proposal!, Token);

        var report = await VerifyAsync(fixture);
        Assert.True(report.IsAccepted, report.ToJson().ToString());
        Assert.Equal([CredentialFormat.SdJwtVc, CredentialFormat.Mdoc], report.Parts.Select(part => part.Subject!.Format));

        static string Inner(string query) => query["""{"credentials":[""".Length..^2];
    }

    [Fact]
    public async Task The_proposal_takes_the_format_that_shows_less()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        var mdl = await fixture.ReceiveAsync(configuration: "mdl");
        fixture.Verifier.Query = $$"""
            {"credentials":[
              {"id":"sd","format":"dc+sd-jwt","meta":{"vct_values":["{{TestIssuer.Type}}"]},"claims":[{"path":["age_over_19"]}]},
              {"id":"md","format":"mso_mdoc","meta":{"doctype_value":"org.iso.18013.5.1.mDL"},"claims":[{"path":["org.iso.18013.5.1","age_over_19"]}]}],
             "credential_sets":[{"options":[["sd"],["md"]]}]}
            """;

        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);

        // The SD-JWT VC always shows its issuing country besides.
        Assert.Equal(mdl.Id, Assert.Single(request.Proposal!.Documents["md"]));
        Assert.False(request.Proposal.Documents.ContainsKey("sd"));
    }

    [Theory]
    [InlineData("no_such_element", true)]
    [InlineData("age_over_19", false)]
    public async Task An_element_that_the_mdoc_does_not_have_cannot_be_shown(string element, bool isMissing)
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync(configuration: "mdl");
        fixture.Verifier.Query = TestVerifier.QueryForMdoc("given_name", element);

        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);

        Assert.Equal(isMissing, !request.IsSatisfiable);
    }

    [Fact]
    [Trait("Row", "VPW-13")]
    public async Task A_transaction_cannot_be_authorized_by_an_mdoc()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync(configuration: "mdl");
        fixture.Verifier.Query = TestVerifier.QueryForMdoc("age_over_19");
        fixture.Verifier.TransactionData = [TransactionData.Create(new() { ["type"] = "payment", ["credential_ids"] = new System.Text.Json.Nodes.JsonArray("m"), ["amount"] = "1" })];

        var error = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token));

        Assert.Equal(OpenId4VpCodes.TransactionData, error.Code);
        fixture.Verifier.TransactionData = [];
        Assert.True((await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token)).IsSatisfiable);
    }

    /// <summary>Verifies the last answer through the verifier's door, bound as the verifier works it out.</summary>
    private static async Task<VerificationReport> VerifyAsync(WalletFixture fixture) => await VpTokenVerifier.VerifyAsync(
        (await fixture.Verifier.ReadAsync()).VpToken!,
        new PresentationExpectations
        {
            Query = DcqlQuery.Parse(StrictJson.Parse(fixture.Verifier.Query)),
            Binding = fixture.Verifier.Binding,
            Response = new ResponseFacts(CheckOutcome.Passed, CheckOutcome.Passed, CheckOutcome.Passed),
            Trust = TrustStore.Create([TrustAnchor.ForCertificate(fixture.Issuer.Authority.Certificate, TrustPurpose.CredentialIssuer)]),
            Status = new StatusPolicy(StatusMode.Skip),
            StatusClient = null,
            Now = fixture.Clock.Now,
        },
        Token);
}
