using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.OpenId4Vci;
using Credentials.Qr;
using Credentials.Wallet.Core.Storage;
using Credentials.Wallet.Core.Tests.Peers;
using Microsoft.AspNetCore.Http;

namespace Credentials.Wallet.Core.Tests.Issuance;

/// <summary>Logos of issuers and documents: taken at receipt from the issuer alone, kept like everything else, and never a reason not to receive.</summary>
public sealed class LogoTests
{
    private static readonly byte[] s_seal = QrCode.Encode("seal").ToPng();
    private static readonly byte[] s_card = QrCode.Encode("card").ToPng();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "PRV-03")]
    public async Task Logos_come_with_the_document_are_kept_encrypted_and_once_and_nobody_is_asked_when_they_are_looked_at()
    {
        await using var fixture = await WalletFixture.StartAsync();
        Serve(fixture, "seal.png", s_seal);
        NameIssuerLogo(fixture, fixture.Issuer.Url + "/logos/seal.png");
        NameLogo(fixture, "licence", LogoImage.Parse(s_card).ToDataUri());
        NameLogo(fixture, "mdl", LogoImage.Parse(s_card).ToDataUri());

        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);
        Assert.Equal(("image/png", "seal of the agency", "기관의 인장"), (offer.IssuerLogo!.Image.MediaType, offer.IssuerLogo.Texts.In("en"), offer.IssuerLogo.Texts.In("ko")));
        Assert.Equal(s_seal, offer.IssuerLogo.Image.Data.ToArray());
        var licence = await fixture.ReceiveAsync();
        var mdl = await fixture.ReceiveAsync(configuration: "mdl");
        Assert.Equal((licence.Logo, licence.IssuerLogo!.Id), (licence.Logo! with { Id = mdl.Logo!.Id }, mdl.IssuerLogo!.Id));
        Assert.Equal(2, await CountAsync(fixture));

        await fixture.ReopenAsync();
        fixture.Issuer.IsDown = true;
        var asked = fixture.Issuer.Requests.Count;
        var kept = (await fixture.Wallet.FindDocumentAsync(licence.Id, Token))!;
        Assert.Equal("seal of the agency", kept.IssuerLogo!.Texts.In("en"));
        Assert.Equal(s_seal, (await fixture.Wallet.FindLogoAsync(kept.IssuerLogo.Id, Token))!.Data.ToArray());
        Assert.Equal(s_card, (await fixture.Wallet.FindLogoAsync(kept.Logo!.Id, Token))!.Data.ToArray());
        Assert.Null(await fixture.Wallet.FindLogoAsync("0123456789abcdef", Token));
        Assert.Equal(asked, fixture.Issuer.Requests.Count);
        Assert.Equal(-1, fixture.FileBytes().AsSpan().IndexOf(s_seal.AsSpan(0, 24)));

        // What no document names any more goes; also after the wallet was opened again, and not before the last one.
        await fixture.Wallet.DeleteDocumentAsync(licence.Id, Token);
        Assert.NotNull(await fixture.Wallet.FindLogoAsync(kept.Logo.Id, Token));
        await fixture.ReopenAsync();
        await fixture.Wallet.DeleteDocumentAsync(mdl.Id, Token);
        Assert.Null(await fixture.Wallet.FindLogoAsync(kept.Logo.Id, Token));
        Assert.Null(await fixture.Wallet.FindLogoAsync(kept.IssuerLogo.Id, Token));
    }

    public static TheoryData<string> Unusable => ["missing", "text", "wrong type", "too large", "too many pixels", "broken svg", "redirect", "third party", "loopback", "plain http", "no data", "silent"];

    [Theory]
    [Trait("Row", "VCC-22")]
    [MemberData(nameof(Unusable))]
    public async Task A_logo_that_cannot_be_had_or_shown_stops_no_issuance(string what)
    {
        await using var fixture = await WalletFixture.StartAsync();
        using var end = new CancellationTokenSource();
        await using var stranger = await TestIssuer.StartAsync(fixture.Clock);
        stranger.Logos["seal.png"] = () => Results.Bytes(s_seal, "image/png");
        var huge = s_seal.ToArray();
        huge[16] = 1;
        fixture.Issuer.Logos["logo"] = what switch
        {
            "text" => () => Results.Text("hello", "image/png"),
            "wrong type" => () => Results.Bytes(s_seal, "text/html"),
            "too large" => () => Results.Bytes([.. s_seal, .. new byte[LogoImage.MaxBytes]], "image/png"),
            "too many pixels" => () => Results.Bytes(huge, "image/png"),
            "broken svg" => () => Results.Text("<svg", "image/svg+xml"),
            "redirect" => () => Results.Redirect(stranger.Url + "/logos/seal.png"),
            "silent" => () => new SilentResult(end.Token),
            _ => () => Results.NotFound(),
        };
        var uri = what switch
        {
            "third party" => stranger.Url + "/logos/seal.png",
            "loopback" => "https://127.0.0.1:9/seal.png",
            "plain http" => "http://issuer.example/seal.png",
            "no data" => "data:image/png;base64,!",
            _ => fixture.Issuer.Url + "/logos/logo",
        };
        NameIssuerLogo(fixture, uri);
        // Once is enough of what takes until the deadline.
        if (what != "silent") NameLogo(fixture, "licence", uri);

        var document = await fixture.ReceiveAsync();
        await end.CancelAsync();

        Assert.Null(document.Logo);
        Assert.Null(document.IssuerLogo);
        Assert.Equal(0, await CountAsync(fixture));
        Assert.Equal("Test agency", document.IssuerNames.In("en"));
        Assert.DoesNotContain(stranger.Requests, request => request.Contains("/logos/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_gives_up_while_a_logo_is_fetched_has_the_document_without_it()
    {
        await using var fixture = await WalletFixture.StartAsync();
        using var end = new CancellationTokenSource();
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        fixture.Issuer.Logos["logo"] = () =>
        {
            givenUp.Cancel();
            return new SilentResult(end.Token);
        };
        NameLogo(fixture, "licence", fixture.Issuer.Url + "/logos/logo");
        fixture.Issuer.Offered = ["licence"];
        var offer = await fixture.Wallet.ResolveOfferAsync(fixture.Issuer.Link, Token);

        var outcome = Assert.Single(await fixture.Wallet.AcceptOfferAsync(offer, null, givenUp.Token));
        await end.CancelAsync();

        Assert.Null(outcome.Document!.Logo);
        Assert.NotNull(await fixture.Wallet.FindDocumentAsync(outcome.Document.Id, Token));
    }

    [Fact]
    public async Task An_SVG_logo_is_kept_without_what_does_not_draw()
    {
        await using var fixture = await WalletFixture.StartAsync();
        fixture.Issuer.Logos["seal.svg"] = () => Results.Text("<svg xmlns='http://www.w3.org/2000/svg' onload='x()'><script>x()</script><circle r='4'/></svg>", "image/svg+xml");
        NameIssuerLogo(fixture, fixture.Issuer.Url + "/logos/seal.svg");

        var logo = (await fixture.Wallet.FindLogoAsync((await fixture.ReceiveAsync()).IssuerLogo!.Id, Token))!;

        Assert.Equal("image/svg+xml", logo.MediaType);
        var text = Encoding.UTF8.GetString(logo.Data.Span);
        Assert.Contains("<circle", text, StringComparison.Ordinal);
        Assert.DoesNotContain("x()", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renewal_brings_a_new_logo_and_keeps_the_old_one_where_there_is_none_to_be_had()
    {
        await using var fixture = await WalletFixture.StartSecureAsync();
        fixture.Issuer.GivesRefreshToken = true;
        Serve(fixture, "seal.png", s_seal);
        NameIssuerLogo(fixture, fixture.Issuer.Url + "/logos/seal.png");
        var document = await fixture.AuthorizeAndReceiveAsync();

        fixture.Issuer.Logos.Clear();
        var kept = (await fixture.Wallet.RenewDocumentAsync(document.Id, Token)).Document!;
        Assert.Equal(document.IssuerLogo!.Id, kept.IssuerLogo!.Id);
        Assert.Equal(s_seal, (await fixture.Wallet.FindLogoAsync(kept.IssuerLogo.Id, Token))!.Data.ToArray());

        Serve(fixture, "seal.png", s_card);
        var renewed = (await fixture.Wallet.RenewDocumentAsync(document.Id, Token)).Document!;
        Assert.Equal(s_card, (await fixture.Wallet.FindLogoAsync(renewed.IssuerLogo!.Id, Token))!.Data.ToArray());
        Assert.Null(await fixture.Wallet.FindLogoAsync(kept.IssuerLogo.Id, Token));
        Assert.Equal(1, await CountAsync(fixture));
    }

    [Fact]
    public async Task A_new_device_gets_the_logo_with_the_document_that_is_issued_anew()
    {
        await using var fixture = await WalletFixture.StartSecureAsync();
        Serve(fixture, "seal.png", s_seal);
        NameIssuerLogo(fixture, fixture.Issuer.Url + "/logos/seal.png");
        var old = await fixture.AuthorizeAndReceiveAsync();
        var file = await fixture.Wallet.ExportDocumentsAsync("four words of mine", Token);

        fixture.FileName = "new-device.db";
        await fixture.ReopenAsync();
        var entry = Assert.Single(await fixture.Wallet.ImportDocumentsAsync(file, "four words of mine", Token));
        await fixture.Wallet.StartAuthorizationAsync(await fixture.Wallet.ResolveIssuerAsync(entry.CredentialIssuer, [entry.ConfigurationId!], Token), null, Token);
        var reissued = (await fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token))[0].Document!;

        Assert.Equal(s_seal, (await fixture.Wallet.FindLogoAsync(reissued.IssuerLogo!.Id, Token))!.Data.ToArray());
        // The id follows from the picture and the wallet's own key: two wallets' files do not tell that they have the same.
        Assert.NotEqual(old.IssuerLogo!.Id, reissued.IssuerLogo.Id);
    }

    [Fact]
    [Trait("Row", "PRV-03")]
    public async Task The_picture_behind_a_card_is_kept_as_a_logo_is()
    {
        await using var fixture = await WalletFixture.StartSecureAsync();
        fixture.Issuer.GivesRefreshToken = true;
        Serve(fixture, "back.png", s_card);
        NamePicture(fixture, "licence", "background_image", fixture.Issuer.Url + "/logos/back.png");
        var document = await fixture.AuthorizeAndReceiveAsync();
        Assert.Null(document.Background!.Texts.In("en"));

        await fixture.ReopenAsync();
        fixture.Issuer.Logos.Clear();
        var renewed = (await fixture.Wallet.RenewDocumentAsync(document.Id, Token)).Document!;
        var asked = fixture.Issuer.Requests.Count;
        var kept = (await fixture.Wallet.FindDocumentAsync(renewed.Id, Token))!;
        Assert.Equal(document.Background.Id, kept.Background!.Id);
        Assert.Equal(s_card, (await fixture.Wallet.FindLogoAsync(kept.Background.Id, Token))!.Data.ToArray());
        Assert.Equal(asked, fixture.Issuer.Requests.Count);
        Assert.Equal(-1, fixture.FileBytes().AsSpan().IndexOf(s_card.AsSpan(0, 24)));

        await fixture.Wallet.DeleteDocumentAsync(document.Id, Token);
        Assert.Equal(0, await CountAsync(fixture));
    }

    [Fact]
    public async Task A_picture_behind_a_card_that_is_somebody_elses_or_none_stays_away()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await using var stranger = await TestIssuer.StartAsync(fixture.Clock);
        stranger.Logos["back.png"] = () => Results.Bytes(s_card, "image/png");
        fixture.Issuer.Logos["text.png"] = () => Results.Text("hello", "image/png");
        foreach (var uri in new[] { stranger.Url + "/logos/back.png", fixture.Issuer.Url + "/logos/text.png", "javascript:alert(1)", "data:image/png;base64,!" })
        {
            NamePicture(fixture, "licence", "background_image", uri);
            Assert.Null((await fixture.ReceiveAsync()).Background);
        }
        Assert.DoesNotContain(stranger.Requests, request => request.Contains("/logos/", StringComparison.Ordinal));
    }

    // SD-JWT VC §5.5.1.1: pictures of the type, for cards that no template draws.
    [Fact]
    public async Task A_type_gives_the_pictures_that_the_issuer_does_not()
    {
        await using var fixture = await WalletFixture.StartAsync();
        Serve(fixture, "seal.png", s_seal);
        NameType(fixture, new JsonObject
        {
            ["logo"] = new JsonObject { ["uri"] = fixture.Issuer.Url + "/logos/seal.png", ["uri#integrity"] = Integrity(s_seal), ["alt_text"] = "seal of the type" },
            ["background_image"] = new JsonObject { ["uri"] = LogoImage.Parse(s_card).ToDataUri(), ["uri#integrity"] = Integrity(s_card) },
        });
        var document = await fixture.ReceiveAsync();
        Assert.Equal("seal of the type", document.Logo!.Texts.In("en"));
        Assert.Equal(s_seal, (await fixture.Wallet.FindLogoAsync(document.Logo.Id, Token))!.Data.ToArray());
        Assert.Equal(s_card, (await fixture.Wallet.FindLogoAsync(document.Background!.Id, Token))!.Data.ToArray());

        // The issuer's own go before them, each by itself.
        NameLogo(fixture, "licence", LogoImage.Parse(s_card).ToDataUri());
        var other = await fixture.ReceiveAsync();
        Assert.Equal((document.Background.Id, document.Background.Id), (other.Logo!.Id, other.Background!.Id));
    }

    [Theory]
    [InlineData("hash")]
    [InlineData("hash of data")]
    [InlineData("third party")]
    [InlineData("no uri")]
    [InlineData("no object")]
    [InlineData("text")]
    public async Task A_picture_of_a_type_that_is_not_the_one_it_names_stops_no_issuance(string what)
    {
        await using var fixture = await WalletFixture.StartAsync();
        await using var stranger = await TestIssuer.StartAsync(fixture.Clock);
        stranger.Logos["seal.png"] = () => Results.Bytes(s_seal, "image/png");
        Serve(fixture, "seal.png", s_seal);
        fixture.Issuer.Logos["text"] = () => Results.Text("hello", "image/png");
        var own = fixture.Issuer.Url + "/logos/seal.png";
        JsonNode picture = what switch
        {
            "hash" => new JsonObject { ["uri"] = own, ["uri#integrity"] = Integrity(s_card) },
            "hash of data" => new JsonObject { ["uri"] = LogoImage.Parse(s_seal).ToDataUri(), ["uri#integrity"] = Integrity(s_card) },
            "third party" => new JsonObject { ["uri"] = stranger.Url + "/logos/seal.png" },
            "no uri" => new JsonObject { ["uri"] = 1 },
            "no object" => own,
            _ => new JsonObject { ["uri"] = fixture.Issuer.Url + "/logos/text" },
        };
        NameType(fixture, new JsonObject { ["logo"] = picture, ["background_image"] = picture.DeepClone() });

        var document = await fixture.ReceiveAsync();

        Assert.Equal((null, null), (document.Logo, document.Background));
        Assert.Equal(0, await CountAsync(fixture));
        Assert.DoesNotContain(stranger.Requests, request => request.Contains("/logos/", StringComparison.Ordinal));
    }

    private static void NameType(WalletFixture fixture, JsonObject simple)
    {
        var metadata = new JsonObject
        {
            ["vct"] = TestIssuer.Type,
            ["display"] = new JsonArray(new JsonObject { ["locale"] = "en", ["name"] = "Licence", ["rendering"] = new JsonObject { ["simple"] = simple } }),
        };
        fixture.Issuer.Logos["type.json"] = () => Results.Text(metadata.ToJsonString(), "application/json");
        fixture.Issuer.Metadata["credential_configurations_supported"]!["licence"]!["type_metadata_uri"] = fixture.Issuer.Url + "/logos/type.json";
    }

    private static string Integrity(byte[] content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(content));

    private static void Serve(WalletFixture fixture, string name, byte[] png) => fixture.Issuer.Logos[name] = () => Results.Bytes(png, "image/png");

    private static void NameIssuerLogo(WalletFixture fixture, string uri)
    {
        var display = fixture.Issuer.Metadata["display"]!.AsArray();
        display[0]!["logo"] = new JsonObject { ["uri"] = uri, ["alt_text"] = "seal of the agency" };
        display[1]!["logo"] = new JsonObject { ["uri"] = uri, ["alt_text"] = "기관의 인장" };
    }

    private static void NameLogo(WalletFixture fixture, string configuration, string uri) => NamePicture(fixture, configuration, "logo", uri);

    private static void NamePicture(WalletFixture fixture, string configuration, string name, string uri) =>
        fixture.Issuer.Metadata["credential_configurations_supported"]![configuration]!["credential_metadata"]!["display"]![0]![name] = new JsonObject { ["uri"] = uri };

    private static async Task<int> CountAsync(WalletFixture fixture)
    {
        await fixture.Wallet.DisposeAsync();
        int count;
        await using (var store = await EncryptedStore.OpenAsync(fixture.Path, new StoreKey(null, WalletFixture.Key), Token))
            count = await store.ReadAsync(transaction => transaction.ListIds(RecordKind.Logo).Count, Token);
        await fixture.OpenAsync();
        return count;
    }

    /// <summary>An answer that does not come.</summary>
    private sealed class SilentResult(CancellationToken end) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(end, httpContext.RequestAborted);
            await Task.Delay(Timeout.Infinite, either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
