using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Tests.Peers;

namespace Credentials.Wallet.Core.Tests.Issuance;

/// <summary>Receiving mdocs: read, bound and compared as SD-JWT VCs are, by the rules of their own format.</summary>
public sealed class ReceiveMdocTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_offer_delivers_a_licence_in_both_formats_and_both_can_be_shown()
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Issuer.Offered = ["licence", "mdl"];
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);
        Assert.Equal([TestIssuer.Type, MdocNames.MdlDocType], offer.Documents.Select(document => document.Type));
        Assert.All(offer.Documents, document => Assert.Null(document.Code));

        var outcomes = await fixture.Wallet.AcceptOfferAsync(offer, new() { Copies = 3 }, Token);
        await fixture.Wallet.DisposeAsync();
        await fixture.OpenAsync();

        Assert.All(outcomes, outcome => Assert.True(outcome.IsStored));
        var licence = (await fixture.Wallet.ListDocumentsAsync(Token)).Single(document => document.Format == CredentialFormat.Mdoc);
        Assert.Equal((MdocNames.MdlDocType, 3, 3), (licence.Type, licence.Credentials.Count, licence.UnusedCopies));
        Assert.Equal(3, licence.Credentials.Select(copy => copy.Key.Id).Distinct().Count());
        Assert.NotNull(licence.Credentials[0].ValidFrom);
        Assert.InRange(licence.ExpiresAt!.Value, fixture.Clock.Now.AddDays(90), fixture.Clock.Now.AddDays(91));
    }

    [Fact]
    public async Task An_mdoc_is_shown_element_by_element_in_the_issuers_order_with_its_portrait_as_bytes()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync(configuration: "mdl");

        var lines = await fixture.Wallet.ShowDocumentAsync(document.Id, Token);

        Assert.Equal(12, lines!.Count);
        Assert.Equal((ClaimPath.Of(MdocNames.MdlNamespace, "portrait"), "Photo"), (lines[0].Path, lines[0].Names.In()));
        var portrait = Assert.Single(lines[0].Bytes);
        Assert.Equal(("image/jpeg", "/9j/AAAA"), (portrait.MediaType, StrictBase64.Encode(portrait.Data.Span)));
        Assert.Equal((TestIssuer.Secret, 0), (lines[1].Values[0].GetString(), lines[1].Bytes.Count));
        Assert.All(lines, line => Assert.Equal(MdocNames.MdlNamespace, line.Path.Segments[0].Name));
        var entry = Assert.Single(await fixture.Wallet.GetHistoryAsync(cancellationToken: Token));
        Assert.Equal((HistoryKind.Received, MdocNames.MdlDocType, 12), (entry.Kind, entry.Claims[0].Type, entry.Claims[0].Claims.Count));
    }

    [Fact]
    [Trait("Row", "WAL-01")]
    public async Task Nothing_of_an_mdoc_can_be_read_in_the_file()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync(configuration: "mdl");
        var file = fixture.FileBytes();
        foreach (var canary in new[] { TestIssuer.Secret, "family_name", MdocNames.MdlNamespace, document.Credentials[0].Text[..40] })
            Assert.False(Storage.StoreFixture.Contains(file, canary), canary);
        Assert.True(file.AsSpan().IndexOf(StrictBase64Url.Decode(document.Credentials[0].Text).AsSpan(0, 64)) < 0);
    }

    [Theory]
    [Trait("Row", "VCC-24")]
    [InlineData("other key", WalletCodes.CredentialWrongKey)]
    [InlineData("same credential twice", WalletCodes.CredentialWrongKey)]
    [InlineData("one more", WalletCodes.CredentialTooMany)]
    [InlineData("other type", WalletCodes.CredentialNotAccepted)]
    [InlineData("expired", WalletCodes.CredentialNotAccepted)]
    [InlineData("changed element", WalletCodes.CredentialNotAccepted)]
    [InlineData("device response", WalletCodes.CredentialNotAccepted)]
    [InlineData("SD-JWT", WalletCodes.CredentialNotAccepted)]
    [InlineData("not base64url", WalletCodes.CredentialNotAccepted)]
    [InlineData("claim missing", WalletCodes.CredentialClaimMissing)]
    [InlineData("copies differ", WalletCodes.CredentialCopiesDiffer)]
    [InlineData("status shared", WalletCodes.CredentialStatusShared)]
    public async Task An_mdoc_that_is_not_what_was_asked_for_is_refused_and_nothing_is_kept(string fault, string code)
    {
        await using var fixture = await WalletFixture.StartAsync();
        using var strange = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        Bend(fixture.Issuer, fault, strange);
        fixture.Issuer.Offered = ["mdl"];
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);

        var outcome = Assert.Single(await fixture.Wallet.AcceptOfferAsync(offer, new() { Copies = 2 }, Token));

        Assert.Equal(code, outcome.Code);
        Assert.Equal(code == WalletCodes.CredentialNotAccepted, outcome.Reports.Any(report => !report.IsAccepted));
        Assert.Empty(await fixture.Wallet.ListDocumentsAsync(Token));
        Assert.Empty(await fixture.Wallet.ListKeyIdsAsync(Token));
        fixture.Issuer.MdocContent = (content, _) => content;
        fixture.Issuer.Response = texts => new CredentialResponse { Credentials = texts }.ToJson();
        Assert.NotNull(await fixture.ReceiveAsync(configuration: "mdl"));
    }

    [Fact]
    public async Task An_mdoc_that_is_not_bound_by_cose_key_is_told_from_the_offer_on()
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Issuer.Offered = ["mdl"];
        fixture.Issuer.Metadata["credential_configurations_supported"]!["mdl"]!["cryptographic_binding_methods_supported"]![0] = "jwk";

        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);

        Assert.Equal(WalletCodes.BindingNotSupported, Assert.Single(offer.Documents).Code);
    }

    private static void Bend(TestIssuer issuer, string fault, SoftwareSigningKey strange)
    {
        if (fault is "changed element" or "device response" or "SD-JWT" or "not base64url" or "same credential twice" or "one more")
        {
            issuer.Response = texts => new CredentialResponse { Credentials = BendTexts(issuer, fault, texts, strange) }.ToJson();
            return;
        }
        issuer.MdocContent = (content, number) => fault switch
        {
            "other key" => content with { DeviceKey = strange.PublicKey },
            "other type" => content with { DocType = "org.example.other" },
            "expired" => content with { Signed = issuer.Clock.Now, ValidUntil = issuer.Clock.Now.AddSeconds(1), TimeGranularity = TimeSpan.Zero },
            "claim missing" => content with { NameSpaces = Without(content, "portrait") },
            "copies differ" when number % 2 == 1 => content with { NameSpaces = Without(content, "age_over_19") },
            "status shared" => content with { Status = [new StatusReference(issuer.Url + "/status/1", 7)] },
            _ => content,
        };
        if (fault == "expired") issuer.Response = texts =>
        {
            issuer.Clock.Advance(TimeSpan.FromMinutes(2));
            return new CredentialResponse { Credentials = texts }.ToJson();
        };
    }

    private static IReadOnlyList<string> BendTexts(TestIssuer issuer, string fault, IReadOnlyList<string> texts, SoftwareSigningKey strange) => fault switch
    {
        "changed element" => [.. texts.Select(ChangeElement)],
        "device response" => [.. texts.Select(text => InResponse(text, strange))],
        "SD-JWT" => [.. texts.Select(_ => issuer.IssueAsync(strange.PublicKey).GetAwaiter().GetResult())],
        "not base64url" => [.. texts.Select(text => text + "=")],
        "same credential twice" => [texts[0], texts[0]],
        _ => [.. texts, texts[0]],
    };

    private static string ChangeElement(string text)
    {
        var bytes = StrictBase64Url.Decode(text);
        var place = bytes.AsSpan().IndexOf("given_name"u8);
        bytes[bytes.AsSpan(place).IndexOf("elementValue"u8) + place + "elementValue"u8.Length + 1] ^= 1;
        return StrictBase64Url.Encode(bytes);
    }

    private static string InResponse(string text, SoftwareSigningKey key) => MdocPresenter.PresentAsync(
        IssuerSigned.Parse(text), [ClaimPath.Of(MdocNames.MdlNamespace, "family_name"), ClaimPath.Of(MdocNames.MdlNamespace, "portrait")],
        SessionTranscript.ForDigitalCredentials("https://issuer.example", "nonce", null), key).AsTask().GetAwaiter().GetResult();

    private static IReadOnlyDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> Without(MdocContent content, string element) =>
        new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>
        {
            [MdocNames.MdlNamespace] = content.NameSpaces[MdocNames.MdlNamespace].Where(pair => pair.Key != element).ToDictionary(pair => pair.Key, pair => pair.Value),
        };
}
