using System.Text;
using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.Qr;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests;

/// <summary>Logos of the agency and its types: from files, checked at start, served by the issuer itself and named in its metadata.</summary>
public class LogoTests
{
    private const string Pictures = """{"file":"FILE","alt_text":"a book"},"background_image":{"file":"FILE"}}""";

    private const string Card = """
        {"id":"library_card","format":"dc+sd-jwt","vct":"urn:example:library:1","validity":{"days":30},
         "display":[{"name":"Library card","locale":"en","logo":{"file":"FILE","alt_text":"a book"},"background_image":{"file":"FILE"}},{"name":"도서관 카드","locale":"ko"}],
         "claims":[{"name":"number","type":"number","mandatory":true,"display":{"en":"Number"}}]}
        """;

    private static readonly byte[] s_png = QrCode.Encode("logo").ToPng();

    [Fact]
    public async Task Logos_of_agency_and_type_are_named_in_the_metadata_and_served_for_good()
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        var seal = catalog.Combine("seal.svg");
        await File.WriteAllTextAsync(seal, "<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script><circle r='4'/></svg>", RunningIssuer.Ct);
        await File.WriteAllBytesAsync(catalog.Combine("book.png"), s_png, RunningIssuer.Ct);
        catalog.Write("library.json", Card.Replace("FILE", "book.png", StringComparison.Ordinal));
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o =>
        {
            o.CatalogFolder = catalog.FullPath;
            o.Logo = seal;
            o.LogoTexts = new() { ["ko"] = "인장" };
        });

        var metadata = CredentialIssuerMetadata.Parse(
            StrictJson.Parse(await issuer.Http.GetByteArrayAsync("/.well-known/openid-credential-issuer", RunningIssuer.Ct)), issuer.Url, allowLoopbackHttp: true);
        Assert.Equal([("en", null), ("ko", "인장")], metadata.Display.Select(text => (text.Locale!, text.LogoAltText)).OrderBy(text => text.Item1, StringComparer.Ordinal));
        var agency = Assert.Single(metadata.Display.Select(text => text.LogoUri).Distinct());
        var types = metadata.Configurations["library_card"].Display;
        Assert.Equal(("a book", null, null), (types[0].LogoAltText, types[1].LogoUri, types[1].BackgroundImageUri));
        Assert.Equal(types[0].LogoUri, types[0].BackgroundImageUri); // one file, served once
        Assert.All(metadata.Configurations["mdl_sd_jwt"].Display, text => Assert.Null(text.LogoUri));

        Assert.StartsWith(issuer.Url + "/logos/", agency, StringComparison.Ordinal);
        var (type, data) = await GetAsync(issuer, agency!);
        Assert.Equal("image/svg+xml", type);
        Assert.Contains("<circle", Encoding.UTF8.GetString(data), StringComparison.Ordinal);
        Assert.DoesNotContain("x()", Encoding.UTF8.GetString(data), StringComparison.Ordinal);
        (type, data) = await GetAsync(issuer, types[0].LogoUri!);
        Assert.Equal("image/png", type);
        Assert.Equal(s_png, data);
    }

    [Fact]
    public async Task A_file_that_is_no_logo_stops_the_start_and_is_named()
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        catalog.Write("text.png", "hello");
        await File.WriteAllBytesAsync(catalog.Combine("large.png"), [.. s_png, .. new byte[LogoImage.MaxBytes]], RunningIssuer.Ct);
        foreach (var (file, says) in new[] { ("text.png", "neither PNG"), ("large.png", "too large"), ("gone.png", "cannot be read"), ("", "cannot be read") })
        {
            catalog.Write("library.json", Card.Replace("FILE", file, StringComparison.Ordinal));
            var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath));
            Assert.Contains("library.json: line 2", refused.Message, StringComparison.Ordinal);
            Assert.Contains(says, refused.Message, StringComparison.Ordinal);
            Assert.Contains(file, refused.Message, StringComparison.Ordinal);
            refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.Logo = Path.Combine(catalog.FullPath, file)));
            Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        }

        await File.WriteAllBytesAsync(catalog.Combine("book.png"), s_png, RunningIssuer.Ct);
        foreach (var (picture, says) in new[]
        {
            ("{\"uri\":\"https://cdn.example/logo.png\",\"alt_text\":\"a book\"}}", "'uri'"),
            ("{\"file\":\"book.png\"},\"background_image\":{\"uri\":\"https://cdn.example/back.png\"}}", "'uri'"),
            ("{\"file\":\"book.png\"},\"background_image\":{\"file\":\"book.png\",\"alt_text\":\"a book\"}}", "'alt_text'"),
            ("{\"file\":\"book.png\"},\"background_image\":{\"file\":\"text.png\"}}", "neither PNG"),
        })
        {
            catalog.Write("library.json", Card.Replace(Pictures, picture, StringComparison.Ordinal));
            var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath));
            Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        }

        var text = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.LogoTexts = new() { ["en"] = "seal" }));
        Assert.Contains("LogoTexts", text.Message, StringComparison.Ordinal);
    }

    private static async Task<(string? Type, byte[] Data)> GetAsync(RunningIssuer issuer, string uri)
    {
        using var answer = await issuer.Http.GetAsync(uri, RunningIssuer.Ct);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("public, max-age=31536000", answer.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        return (answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync(RunningIssuer.Ct));
    }
}
