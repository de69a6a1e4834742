using System.Text.Json.Nodes;
using Credentials.Http;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Presentation;
using Credentials.Wallet.Core.Tests.Peers;
using Microsoft.AspNetCore.Http;

namespace Credentials.Wallet.Core.Tests.Presentation;

/// <summary>Answering requests of a real verifier on the network, good and bad.</summary>
public sealed class PresentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OpenId4VpNames.DirectPostJwt, false)]
    [InlineData(OpenId4VpNames.DirectPostJwt, true)]
    [InlineData(OpenId4VpNames.DirectPost, false)]
    public async Task A_consented_answer_shows_what_was_asked_for_and_nothing_else(string mode, bool usePost)
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync();
        fixture.Verifier.ResponseMode = mode;
        fixture.Verifier.ResponseAnswer = Results.Text("""{"redirect_uri":"https://verifier.example/done#code"}""", "application/json");

        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(usePost), Token);
        Assert.Equal((true, "Test verifier", "To sell beer"), (request.IsVerifierTrusted, request.VerifierNames.In(), request.Purpose.In("en")));
        Assert.Equal("Bank of nobody", request.UnverifiedNames.In());
        Assert.Equal(mode == OpenId4VpNames.DirectPostJwt, request.IsAnswerEncrypted);
        var match = Assert.Single(request.Sets[0].Options[0].Members[0].Matches);
        Assert.Equal([ClaimPath.Of("age_over_19")], match.Disclose);
        Assert.Equal([ClaimPath.Of("issuing_country")], match.AlwaysShown);
        Assert.Empty(fixture.Verifier.Posted);

        var outcome = await fixture.Wallet.PresentAsync(request, request.Proposal!, Token);

        Assert.Equal((true, "https://verifier.example/done#code"), (outcome.IsConfirmed, outcome.RedirectUri!.OriginalString));
        var claims = await VerifiedClaimsAsync(fixture, request);
        Assert.True(claims.GetProperty("age_over_19").GetBoolean());
        Assert.DoesNotContain(claims.EnumerateObject(), claim => claim.Name is "family_name" or "given_name" or "document_number");
        var entry = Assert.Single(await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Kind = HistoryKind.Presented }, Token));
        Assert.Equal((request.ClientId, "To sell beer", document.Id), (entry.Party, entry.Purpose, entry.Claims[0].DocumentId));
        Assert.Equal([ClaimPath.Of("issuing_country"), ClaimPath.Of("age_over_19")], entry.Claims[0].Claims);
        Assert.Empty(await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Kind = HistoryKind.Requested }, Token));
    }

    [Fact]
    [Trait("Row", "VPW-16")]
    public async Task A_query_without_claims_gets_no_disclosure()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        fixture.Verifier.Query = TestVerifier.QueryFor();

        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
        await fixture.Wallet.PresentAsync(request, request.Proposal!, Token);

        var text = (await fixture.Verifier.ReadAsync()).VpToken!.Presentations["q"][0].GetString()!;
        Assert.Empty(SdJwtCredential.Parse(text).Disclosures);
    }

    [Fact]
    [Trait("Row", "VPW-01")]
    public async Task An_unsigned_request_is_refused_by_the_high_assurance_profile_and_shown_as_unverified_elsewhere()
    {
        await using var fixture = await WalletFixture.StartAsync(profile: RequestProfile.Haip);
        fixture.Verifier.ResponseMode = OpenId4VpNames.DirectPost;
        var error = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.ResolveRequestAsync(fixture.Verifier.UnsignedLink(), Token));
        Assert.Equal(OpenId4VpCodes.SignatureRequired, error.Code);
        var entry = Assert.Single(await fixture.Wallet.GetHistoryAsync(cancellationToken: Token));
        Assert.Equal((HistoryKind.RequestRefused, error.Code, false), (entry.Kind, entry.Code, entry.IsPartyTrusted));

        await fixture.Wallet.DisposeAsync();
        await fixture.OpenAsync();
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.UnsignedLink(), Token);
        Assert.False(request.IsVerifierTrusted);
        Assert.Null(request.VerifierNames.In());
    }

    // OpenID4VP 1.0 §5.1: members of client_metadata that no profile defines are ignored.
    [Theory]
    [Trait("Row", "PRV-03")]
    [InlineData("/logos/seal.png")]
    [InlineData("javascript:alert(1)")]
    public async Task A_picture_that_a_verifier_names_is_not_looked_at(string logo)
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        fixture.Verifier.ResponseMode = OpenId4VpNames.DirectPost;
        var asked = fixture.Issuer.Requests.Count;
        var member = $",\"logo_uri\":\"{(logo[0] == '/' ? fixture.Issuer.Url + logo : logo)}\",\"client_name\"";
        var link = fixture.Verifier.UnsignedLink().Replace(Uri.EscapeDataString(",\"client_name\""), Uri.EscapeDataString(member), StringComparison.Ordinal);
        Assert.Contains("logo_uri", link, StringComparison.Ordinal);

        var request = await fixture.Wallet.ResolveRequestAsync(link, Token);

        Assert.True((await fixture.Wallet.PresentAsync(request, request.Proposal!, Token)).IsConfirmed);
        Assert.Equal(asked, fixture.Issuer.Requests.Count);
    }

    [Fact]
    [Trait("Row", "VPW-05")]
    public async Task A_verifier_that_only_an_issuer_authority_vouches_for_is_refused()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await using var other = await TestVerifier.StartAsync(fixture.Clock);
        await fixture.Wallet.AddTrustAnchorAsync(TrustAnchor.ForCertificate(other.Authority.Certificate, TrustPurpose.CredentialIssuer), Token);
        var error = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.ResolveRequestAsync(other.Link(), Token));
        Assert.Equal(OpenId4VpCodes.VerifierUntrusted, error.Code);

        await fixture.Wallet.AddTrustAnchorAsync(TrustAnchor.ForCertificate(other.Authority.Certificate, TrustPurpose.Verifier), Token);
        Assert.True((await fixture.Wallet.ResolveRequestAsync(other.Link(), Token)).IsVerifierTrusted);
    }

    [Fact]
    [Trait("Row", "VPW-11")]
    public async Task A_request_object_that_forgets_the_wallets_nonce_is_refused()
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Verifier.ForgetsWalletNonce = true;

        var error = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(usePost: true), Token));

        Assert.Equal(OpenId4VpCodes.WalletNonce, error.Code);
        fixture.Verifier.ForgetsWalletNonce = false;
        Assert.NotNull(await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(usePost: true), Token));
    }

    public static TheoryData<IResult, string> BadRequestAnswers() => new()
    {
        { Results.Redirect("/request2"), HttpCodes.RedirectRefused },
        { Results.StatusCode(404), HttpCodes.StatusRefused },
        { Results.StatusCode(500), HttpCodes.StatusRefused },
        { Results.Text("{}", "application/json"), HttpCodes.ContentTypeRefused },
        { Results.Text(new string('x', 300 * 1024), "application/oauth-authz-req+jwt"), HttpCodes.TooLarge },
    };

    [Theory]
    [Trait("Row", "VPW-10")]
    [MemberData(nameof(BadRequestAnswers), DisableDiscoveryEnumeration = true)]
    public async Task A_request_address_that_answers_with_something_else_ends_the_request(IResult answer, string code)
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Verifier.RequestAnswer = answer;

        foreach (var usePost in new[] { false, true })
        {
            var error = await Assert.ThrowsAsync<FetchException>(() => fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(usePost), Token));
            Assert.Equal(code, error.Code);
        }
        fixture.Verifier.RequestAnswer = null;
        Assert.NotNull(await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token));
    }

    [Theory]
    [Trait("Row", "VPW-10")]
    [Trait("Row", "QRC-01")]
    [InlineData("http://192.168.0.1/r")]
    [InlineData("https://10.0.0.1/r")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    public async Task A_request_at_a_forbidden_place_is_not_fetched(string place)
    {
        await using var fixture = await WalletFixture.StartAsync();
        var link = $"openid4vp://?client_id=x509_hash%3AAAAA&request_uri={Uri.EscapeDataString(place)}";

        await Assert.ThrowsAnyAsync<CredentialException>(() => fixture.Wallet.ResolveRequestAsync(link, Token));
    }

    [Theory]
    [Trait("Row", "VPW-12")]
    [InlineData(307)]
    [InlineData(308)]
    [InlineData(302)]
    public async Task A_response_address_that_redirects_is_not_followed_and_the_holder_finds_that_it_may_have_the_answer(int status)
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        fixture.Verifier.ResponseAnswer = new RedirectTo(status, fixture.Verifier.Url + "/elsewhere");
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);

        var outcome = await fixture.Wallet.PresentAsync(request, request.Proposal!, Token);

        Assert.Equal((false, HttpCodes.RedirectRefused), (outcome.IsConfirmed, outcome.Code));
        Assert.Single(fixture.Verifier.Posted);
        Assert.Single(await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Kind = HistoryKind.PresentedUnconfirmed }, Token));
    }

    [Fact]
    [Trait("Row", "VPW-13")]
    public async Task Transaction_data_is_shown_and_bound_and_unknown_transaction_data_is_refused()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        fixture.Verifier.TransactionData = [Transaction("payment", ("amount", "10 EUR"))];
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
        Assert.Equal("10 EUR", Assert.Single(request.TransactionData).Json.GetProperty("amount").GetString());
        await fixture.Wallet.PresentAsync(request, request.Proposal!, Token);
        await VerifiedClaimsAsync(fixture, request);

        foreach (var bad in new[] { Transaction("unknown", ("amount", "1")), Transaction("payment"), Transaction("payment", ("amount", "1"), ("more", "2")) })
        {
            fixture.Verifier.TransactionData = [bad];
            var error = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token));
            Assert.Equal((OpenId4VpCodes.TransactionData, OpenId4VpErrors.InvalidTransactionData), (error.Code, error.Error));
        }
        Assert.Single(fixture.Verifier.Posted);
    }

    [Fact]
    [Trait("Row", "VPW-19")]
    public async Task A_refusal_and_a_missing_document_look_the_same_and_neither_is_sent_before_the_holder_decides()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        var answers = new List<string>();
        foreach (var type in new[] { TestIssuer.Type, "urn:test:missing:1" })
        {
            fixture.Verifier.Query = TestVerifier.Credential(type, "age_over_19");
            var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
            Assert.Equal(type == TestIssuer.Type, request.IsSatisfiable);
            Assert.Equal(request.IsSatisfiable, request.Proposal is not null);
            Assert.Equal(answers.Count, fixture.Verifier.Posted.Count);
            await fixture.Wallet.DeclineRequestAsync(request, Token);
            answers.Add(string.Join('&', fixture.Verifier.Posted[^1].OrderBy(field => field.Key).Select(field => $"{field.Key}={field.Value}")));
        }

        Assert.Equal($"error=access_denied&state={TestVerifier.State}", answers[0]);
        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(2, (await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Kind = HistoryKind.RequestDeclined }, Token)).Count);
    }

    [Fact]
    [Trait("Row", "VPW-23")]
    public async Task One_request_is_open_at_a_time_and_each_is_answered_once_and_only_by_a_fitting_selection()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync();
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
        var second = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token));
        Assert.Equal(WalletCodes.RequestOpen, second.Code);

        foreach (var misfit in new[] { Select(), Select(("other", document.Id)), Select(("q", "unknown")) })
            await Assert.ThrowsAsync<ArgumentException>(() => fixture.Wallet.PresentAsync(request, misfit, Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => fixture.Wallet.PresentAsync(request, null!, Token));
        Assert.Empty(fixture.Verifier.Posted);

        await fixture.Wallet.PresentAsync(request, Select(("q", document.Id)), Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Wallet.PresentAsync(request, Select(("q", document.Id)), Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Wallet.DeclineRequestAsync(request, Token));
        Assert.Single(fixture.Verifier.Posted);
    }

    [Fact]
    [Trait("Row", "VPW-24")]
    public async Task Each_presentation_uses_a_fresh_copy_and_the_holder_is_warned_when_there_is_none_left()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync(copies: 2);
        var shown = new HashSet<string>();
        for (var time = 0; time < 3; time++)
        {
            var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
            Assert.Equal(time == 2, request.Sets[0].Options[0].Members[0].Matches[0].IsLinkable);
            Assert.Equal(Math.Max(0, 2 - time), (await fixture.Wallet.FindDocumentAsync(document.Id, Token))!.UnusedCopies);
            await fixture.Wallet.PresentAsync(request, request.Proposal!, Token);
            shown.Add((await fixture.Verifier.ReadAsync()).VpToken!.Presentations["q"][0].GetString()!.Split('~')[0]);
        }

        Assert.Equal(2, shown.Count);
    }

    [Theory]
    [InlineData(WalletCodes.KeyLocked)]
    [InlineData(WalletCodes.KeyInvalidated)]
    [InlineData(WalletCodes.KeyMissing)]
    public async Task A_key_that_cannot_sign_sends_nothing_and_leaves_the_request_open(string code)
    {
        var area = new LockableArea();
        await using var fixture = await WalletFixture.StartAsync(area: area);
        await fixture.ReceiveAsync();
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
        area.Code = code;

        var error = await Assert.ThrowsAsync<KeyUnavailableException>(() => fixture.Wallet.PresentAsync(request, request.Proposal!, Token));
        Assert.Equal(code, error.Code);
        Assert.Empty(fixture.Verifier.Posted);

        area.Code = null;
        Assert.True((await fixture.Wallet.PresentAsync(request, request.Proposal!, Token)).IsConfirmed);
    }

    [Fact]
    public async Task A_document_that_has_run_out_answers_nothing()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        fixture.Clock.Advance(TimeSpan.FromDays(92));

        Assert.False((await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.UnsignedLink(), Token)).IsSatisfiable);
    }

    [Fact]
    public async Task An_answer_that_the_verifier_refuses_is_told_to_the_app_and_kept_as_shared()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        fixture.Verifier.ResponseAnswer = Results.Text("""{"error":"invalid_request"}""", "application/json", statusCode: 400);
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);

        var outcome = await fixture.Wallet.PresentAsync(request, request.Proposal!, Token);

        Assert.Equal((false, WalletCodes.VerifierRefused), (outcome.IsConfirmed, outcome.Code));
        var entry = Assert.Single(await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Party = request.ClientId }, Token));
        Assert.Equal((HistoryKind.PresentedUnconfirmed, WalletCodes.VerifierRefused), (entry.Kind, entry.Code));
    }

    private static PresentationSelection Select(params (string Query, string Document)[] chosen) =>
        PresentationSelection.Of(chosen.Select(pair => KeyValuePair.Create(pair.Query, pair.Document)));

    private static TransactionData Transaction(string type, params (string Name, string Value)[] members)
    {
        var json = new JsonObject { ["type"] = type, ["credential_ids"] = new JsonArray("q") };
        foreach (var (name, value) in members) json[name] = value;
        return TransactionData.Create(json);
    }

    /// <summary>Verifies the last answer as a verifier does; the claims of an accepted credential.</summary>
    private static async Task<System.Text.Json.JsonElement> VerifiedClaimsAsync(WalletFixture fixture, ResolvedRequest request)
    {
        var response = await fixture.Verifier.ReadAsync();
        Assert.Equal(TestVerifier.State, response.State);
        var report = await SdJwtVerifier.VerifyAsync(
            Assert.Single(response.VpToken!.Presentations["q"]).GetString()!,
            new SdJwtExpectations
            {
                Trust = TrustStore.Create([TrustAnchor.ForCertificate(fixture.Issuer.Authority.Certificate, TrustPurpose.CredentialIssuer)]),
                Now = fixture.Clock.Now,
                Status = new StatusPolicy(StatusMode.Skip),
                KeyBinding = KeyBindingExpectation.Required(request.ClientId, TestVerifier.Nonce) with
                {
                    TransactionData = [.. request.TransactionData.Select(entry => new ExpectedTransactionData(entry.Encoded, entry.HashAlgorithms))],
                },
            },
            Token);
        Assert.True(report.TryGetVerified(out var verified), report.ToJson().ToString());
        return verified.Claims;
    }

    private sealed class RedirectTo(int status, string location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.Location = location;
            return Task.CompletedTask;
        }
    }
}
