using System.Text.Json.Nodes;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Tests.Peers;
using Credentials.X509;

namespace Credentials.Wallet.Core.Tests.Issuance;

/// <summary>Receiving documents from a real issuer on the network, good and bad.</summary>
public sealed class ReceiveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_accepted_offer_becomes_a_document_with_its_copies_keys_and_history_and_survives_reopening()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);
        Assert.Equal("면허증", Assert.Single(offer.Documents).Names.In("ko-KR"));
        Assert.Empty(await fixture.Wallet.ListDocumentsAsync(Token));

        var outcome = Assert.Single(await fixture.Wallet.AcceptOfferAsync(offer, new() { Copies = 3 }, Token));
        await fixture.Wallet.DisposeAsync();
        await fixture.OpenAsync();

        Assert.True(outcome.IsStored);
        var document = Assert.Single(await fixture.Wallet.ListDocumentsAsync(Token));
        Assert.Equal((TestIssuer.Type, fixture.Issuer.Url, 3, 3), (document.Type, document.CredentialIssuer, document.Credentials.Count, document.UnusedCopies));
        Assert.Equal("시험 기관", document.IssuerNames.In("ko"));
        var claims = await fixture.Wallet.ShowDocumentAsync(document.Id, Token);
        Assert.Equal(TestIssuer.Secret, claims![0].Values[0].GetString());
        Assert.Equal("Family name", claims[0].Names.In("en"));
        Assert.DoesNotContain(claims, claim => claim.Path.Segments[0].Name is "cnf" or "status" or "vct");
        var entry = Assert.Single(await fixture.Wallet.GetHistoryAsync(cancellationToken: Token));
        Assert.Equal((HistoryKind.Received, fixture.Issuer.Url, document.Id), (entry.Kind, entry.Party, entry.Claims[0].DocumentId));
        Assert.Contains(ClaimPath.Of("family_name"), entry.Claims[0].Claims);
    }

    [Fact]
    [Trait("Row", "WAL-01")]
    public async Task Nothing_of_a_received_document_can_be_read_in_the_file()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync();
        var file = fixture.FileBytes();
        foreach (var canary in new[] { TestIssuer.Secret, "family_name", "Test agency", TestIssuer.Type, fixture.Issuer.Url, "\"d\":", document.Credentials[0].Text[..40] })
            Assert.False(Storage.StoreFixture.Contains(file, canary), canary);
    }

    [Fact]
    [Trait("Row", "VCC-23")]
    public async Task A_nonce_endpoint_that_fails_stops_the_wallet_before_it_sends_a_proof()
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Issuer.NonceStatus = 503;
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);

        var error = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.AcceptOfferAsync(offer, null, Token));

        Assert.Equal(WalletCodes.NonceRefused, error.Code);
        Assert.DoesNotContain("POST /credential", fixture.Issuer.Requests);
        fixture.Issuer.NonceStatus = 200;
        await AssertNothingIsLeftAsync(fixture);
    }

    [Fact]
    public async Task A_nonce_that_has_run_out_is_fetched_anew_once()
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Issuer.StaleNonces = 1;
        await fixture.ReceiveAsync();

        fixture.Issuer.StaleNonces = 2;
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);
        var error = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.AcceptOfferAsync(offer, null, Token));
        Assert.Equal(OpenId4VciNames.InvalidNonce, error.Error);
    }

    [Theory]
    [Trait("Row", "VCC-24")]
    [Trait("Row", "TSL-21")]
    [InlineData("other key", WalletCodes.CredentialWrongKey)]
    [InlineData("no key", WalletCodes.CredentialWrongKey)]
    [InlineData("same credential twice", WalletCodes.CredentialWrongKey)]
    [InlineData("one more", WalletCodes.CredentialTooMany)]
    [InlineData("other type", WalletCodes.CredentialNotAccepted)]
    [InlineData("expired", WalletCodes.CredentialNotAccepted)]
    [InlineData("bad signature", WalletCodes.CredentialNotAccepted)]
    [InlineData("claim missing", WalletCodes.CredentialClaimMissing)]
    [InlineData("copies differ", WalletCodes.CredentialCopiesDiffer)]
    [InlineData("status shared", WalletCodes.CredentialStatusShared)]
    [InlineData("status unreadable", WalletCodes.CredentialStatusMalformed)]
    public async Task A_credential_that_is_not_what_was_asked_for_is_refused_and_nothing_is_kept(string fault, string code)
    {
        await using var fixture = await WalletFixture.StartAsync();
        using var strange = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        Bend(fixture.Issuer, fault, strange.PublicKey);
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);

        var outcome = Assert.Single(await fixture.Wallet.AcceptOfferAsync(offer, new() { Copies = 2 }, Token));

        Assert.Equal(code, outcome.Code);
        Assert.False(outcome.IsStored);
        Assert.Equal(code == WalletCodes.CredentialNotAccepted, outcome.Reports.Any(report => !report.IsAccepted));
        var entry = Assert.Single(await fixture.Wallet.GetHistoryAsync(cancellationToken: Token));
        Assert.Equal((HistoryKind.ReceiptRefused, code), (entry.Kind, entry.Code));
        fixture.Issuer.Content = (content, _) => content;
        fixture.Issuer.Response = texts => new CredentialResponse { Credentials = texts }.ToJson();
        await AssertNothingIsLeftAsync(fixture);
    }

    [Theory]
    [Trait("Row", "VCC-25")]
    [InlineData("""{"credentials":[{"credential":"Error"}]}""", true)]
    [InlineData("""{"credentials":[{"credential":12}]}""", false)]
    [InlineData("""{"credential":"Error"}""", false)]
    [InlineData("""{"credentials":[]}""", false)]
    public async Task Text_in_place_of_a_credential_is_not_stored(string response, bool isReported)
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Issuer.Response = _ => JsonObject.Create(Codecs.StrictJson.Parse(response))!;
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);

        if (isReported) Assert.Equal(WalletCodes.CredentialNotAccepted, (await fixture.Wallet.AcceptOfferAsync(offer, null, Token))[0].Code);
        else await Assert.ThrowsAsync<MalformedDataException>(() => fixture.Wallet.AcceptOfferAsync(offer, null, Token));

        fixture.Issuer.Response = texts => new CredentialResponse { Credentials = texts }.ToJson();
        await AssertNothingIsLeftAsync(fixture);
    }

    [Fact]
    public async Task A_document_of_an_issuer_that_nobody_vouches_for_is_refused_with_its_report_until_the_holder_keeps_the_anchor()
    {
        await using var fixture = await WalletFixture.StartAsync(trustIssuer: false);
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);
        var outcome = Assert.Single(await fixture.Wallet.AcceptOfferAsync(offer, null, Token));
        Assert.Equal(WalletCodes.CredentialNotAccepted, outcome.Code);
        Assert.Contains(outcome.Reports[0].Checks, check => check is { Id: SdJwtChecks.IssuerKey, Outcome: CheckOutcome.Failed });

        await fixture.Wallet.AddTrustAnchorAsync(
            TrustAnchor.ForCertificate(fixture.Issuer.Authority.Certificate, TrustPurpose.CredentialIssuer), Token);
        await fixture.Wallet.DisposeAsync();
        await fixture.OpenAsync(trustIssuer: false);

        await fixture.ReceiveAsync();
        await fixture.Wallet.RemoveTrustAnchorAsync((await fixture.Wallet.ListTrustAnchorsAsync(Token)).Single().Id, Token);
        Assert.Empty(await fixture.Wallet.ListTrustAnchorsAsync(Token));
    }

    [Fact]
    [Trait("Row", "VCA-27")]
    public async Task A_transaction_code_goes_to_an_untrusted_issuer_only_after_its_address_was_confirmed()
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Issuer.TransactionCode = "1234";
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);
        Assert.False(offer.IsIssuerTrusted);
        Assert.Equal(4, offer.TransactionCode!.Length);
        Assert.Equal(fixture.Issuer.Url + "/token", offer.TokenEndpoint.AbsoluteUri);

        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Wallet.AcceptOfferAsync(offer, null, Token));
        foreach (var recipient in new[] { null, new Uri("https://elsewhere.example/token") })
        {
            var error = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.AcceptOfferAsync(
                offer, new() { TransactionCode = "1234", ConfirmedRecipient = recipient }, Token));
            Assert.Equal(WalletCodes.RecipientNotConfirmed, error.Code);
        }
        Assert.DoesNotContain("POST /token", fixture.Issuer.Requests);

        var confirmed = new OfferAcceptance { TransactionCode = "1234", ConfirmedRecipient = offer.TokenEndpoint };
        Assert.True(Assert.Single(await fixture.Wallet.AcceptOfferAsync(offer, confirmed, Token)).IsStored);
    }

    [Fact]
    public async Task A_wrong_transaction_code_is_told_from_other_errors_and_leaves_nothing()
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Issuer.TransactionCode = "1234";
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);

        var error = await Assert.ThrowsAsync<ProtocolException>(() => fixture.Wallet.AcceptOfferAsync(
            offer, new() { TransactionCode = "9999", ConfirmedRecipient = offer.TokenEndpoint }, Token));

        Assert.Equal((WalletCodes.TokenRefused, "invalid_grant"), (error.Code, error.Error));
        Assert.Empty(await fixture.Wallet.ListDocumentsAsync(Token));
    }

    [Theory]
    [Trait("Row", "VCA-15")]
    [InlineData("credential_issuer", "/other")]
    [InlineData("credential_issuer", "/")]
    [InlineData("issuer", "/other")]
    public async Task Metadata_of_another_identifier_is_not_used(string member, string suffix)
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);
        if (member == "issuer")
            fixture.Issuer.ServerMetadata = new AuthorizationServerMetadata { Issuer = fixture.Issuer.Url + suffix, TokenEndpoint = fixture.Issuer.Url + "/token" }.ToJson();
        else fixture.Issuer.Metadata[member] = fixture.Issuer.Url + suffix;

        var error = await Assert.ThrowsAsync<MalformedDataException>(() => fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token));

        Assert.Equal(OpenId4VciCodes.IssuerMismatch, error.Code);
    }

    [Theory]
    [Trait("Row", "VCA-17")]
    [InlineData("http://192.168.0.1/offer")]
    [InlineData("https://10.0.0.1/offer")]
    [InlineData("file:///etc/passwd")]
    public async Task An_offer_at_a_forbidden_place_is_not_fetched(string place)
    {
        await using var fixture = await WalletFixture.StartAsync();
        var good = CredentialOfferLink.ByReference(new Uri(fixture.Issuer.Url + "/offer"));
        Assert.Single((await fixture.Wallet.ResolveOfferAsync(good, Token)).Documents);

        var link = "openid-credential-offer://?credential_offer_uri=" + Uri.EscapeDataString(place);
        await Assert.ThrowsAnyAsync<CredentialException>(() => fixture.Wallet.ResolveOfferAsync(link, Token));
    }

    [Fact]
    [Trait("Row", "VCA-17")]
    public async Task An_offer_of_a_document_that_the_issuer_does_not_have_is_refused()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var link = CredentialOfferLink.ByValue(fixture.Issuer.Offer with { ConfigurationIds = ["unknown"] });

        var error = await Assert.ThrowsAsync<MalformedDataException>(() => fixture.Wallet.ResolveOfferAsync(link, Token));

        Assert.Equal(WalletCodes.OfferUnknownDocument, error.Code);
    }

    [Theory]
    [Trait("Row", "VCC-22")]
    [InlineData("right", null)]
    [InlineData("wrong sub", WalletCodes.SignedMetadataRefused)]
    [InlineData("expired", WalletCodes.SignedMetadataRefused)]
    [InlineData("no iat", WalletCodes.SignedMetadataRefused)]
    [InlineData("untrusted", WalletCodes.SignedMetadataRefused)]
    [InlineData("changed", WalletCodes.SignedMetadataRefused)]
    public async Task Signed_metadata_counts_only_when_a_trusted_authority_vouches_for_it(string kind, string? code)
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Issuer.SignedMetadata = await SignAsync(fixture, kind);

        if (code is null)
        {
            Assert.True((await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token)).IsIssuerTrusted);
            return;
        }
        var error = await Assert.ThrowsAsync<MalformedDataException>(() => fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token));
        Assert.Equal(code, error.Code);
    }

    [Fact]
    [Trait("Row", "PRV-03")]
    public async Task The_issuer_gets_no_header_that_tells_wallets_apart_and_its_images_and_types_are_not_fetched()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync();
        await fixture.Wallet.ShowDocumentAsync(document.Id, Token);
        var before = fixture.Issuer.Requests.Count;
        await fixture.Wallet.ListDocumentsAsync(Token);
        await fixture.Wallet.ShowDocumentAsync(document.Id, Token);

        Assert.Equal(before, fixture.Issuer.Requests.Count);
        Assert.DoesNotContain(fixture.Issuer.Headers, name => name is "User-Agent" or "Cookie" or "Accept-Language" or "Referer");
    }

    [Fact]
    [Trait("Row", "WAL-09")]
    public async Task A_deleted_document_is_gone_with_its_keys_and_stays_in_the_history_as_a_type()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync();

        Assert.True(await fixture.Wallet.DeleteDocumentAsync(document.Id, Token));
        Assert.False(await fixture.Wallet.DeleteDocumentAsync(document.Id, Token));

        await AssertNothingIsLeftAsync(fixture);
        var history = await fixture.Wallet.GetHistoryAsync(new HistoryQuery { Kind = HistoryKind.Deleted }, Token);
        Assert.Equal(TestIssuer.Type, Assert.Single(history).Claims[0].Type);
    }

    [Fact]
    public async Task A_declined_offer_is_noted_and_the_issuer_is_not_told()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);
        var before = fixture.Issuer.Requests.Count;

        await fixture.Wallet.DeclineOfferAsync(offer, Token);

        Assert.Equal(before, fixture.Issuer.Requests.Count);
        Assert.Equal(HistoryKind.OfferDeclined, Assert.Single(await fixture.Wallet.GetHistoryAsync(cancellationToken: Token)).Kind);
    }

    private static void Bend(TestIssuer issuer, string fault, PublicKey strange)
    {
        issuer.Content = (content, number) => fault switch
        {
            "other key" => content with { HolderKey = strange },
            "no key" => content with { HolderKey = null },
            "other type" => content with { Type = "urn:test:other:1" },
            "expired" => content with { ExpiresAt = issuer.Clock.Now.AddDays(-2) },
            "claim missing" => content with { Claims = new JsonObject { ["given_name"] = "given" } },
            "copies differ" => content with { Claims = new JsonObject { ["family_name"] = $"number {number}" } },
            "status shared" => content with { Status = new StatusReference(issuer.Url + "/status/1", 7) },
            "status unreadable" => content with { Status = null, Claims = new JsonObject { ["family_name"] = "x", ["status"] = "revoked" } },
            _ => content,
        };
        issuer.Response = texts => new CredentialResponse
        {
            Credentials = fault switch
            {
                "same credential twice" => [texts[0], texts[0]],
                "one more" => [.. texts, texts[0]],
                "bad signature" => [texts[0], Spoil(texts[1])],
                _ => texts,
            },
        }.ToJson();
    }

    // Another first letter in the signature part.
    private static string Spoil(string text)
    {
        var at = text.IndexOf('~', StringComparison.Ordinal) - 20;
        return text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
    }

    private static async Task<string> SignAsync(WalletFixture fixture, string kind)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var other = CertificateAuthority.Create("Somebody", "KR", fixture.Clock.Now);
        var authority = kind == "untrusted" ? other : fixture.Issuer.Authority;
        var claims = (JsonObject)fixture.Issuer.Metadata.DeepClone();
        claims["sub"] = kind == "wrong sub" ? "https://other.example" : fixture.Issuer.Url;
        if (kind != "no iat") claims["iat"] = fixture.Clock.Now.ToUnixTimeSeconds();
        if (kind == "expired") claims["exp"] = fixture.Clock.Now.AddHours(-1).ToUnixTimeSeconds();
        var header = new JsonObject
        {
            ["typ"] = "openidvci-issuer-metadata+jwt",
            ["x5c"] = X5c.ToJson([authority.IssueDocumentSigner("Metadata", key, fixture.Clock.Now)]),
        };
        var text = await Jws.SignAsync(header, claims, key, Token);
        return kind == "changed" ? text[..^20] + (text[^20] == 'A' ? 'B' : 'A') + text[^19..] : text;
    }

    private static async Task AssertNothingIsLeftAsync(WalletFixture fixture)
    {
        Assert.Empty(await fixture.Wallet.ListDocumentsAsync(Token));
        Assert.Empty(await fixture.Wallet.ListKeyIdsAsync(Token));
        await fixture.ReceiveAsync();
    }
}
