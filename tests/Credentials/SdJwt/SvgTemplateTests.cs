using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Credentials.Http;
using Credentials.SdJwt;
using Credentials.SdJwt.TypeMetadata;
using Credentials.Tests.Http;

namespace Credentials.Tests.SdJwt;

/// <summary>SD-JWT VC §5.5.1.2: pictures of credentials from somebody else's template and somebody else's claims.</summary>
[Trait("Row", "SVC-08")]
public class SvgTemplateTests
{
    private const string Start = "<svg xmlns=\"http://www.w3.org/2000/svg\">";

    private static readonly TypeDisplay _display = TypeDisplay.Parse(Workshop.Json("""{"locale":"en","name":"Licence"}"""));

    private static readonly ResolvedTypeMetadata _metadata = Type(
        """{"path":["name"],"svg_id":"name"},{"path":["address","city"],"svg_id":"city"},{"path":["classes"],"svg_id":"classes"},{"path":["members",null,"name"],"svg_id":"members"},{"path":["address"],"svg_id":"address"},{"path":["over_19"],"svg_id":"over_19"},{"path":["points"],"svg_id":"points"}""");

    private static ResolvedTypeMetadata Type(string claims) =>
        new([Workshop.Vct], [_display], TypeMetadataDocument.Parse(Workshop.Json($$"""{"vct":"{{Workshop.Vct}}","claims":[{{claims}}]}""")).Claims);

    private static string Fill(string inner, string claims = "{}") => FillWhole($"{Start}{inner}</svg>", claims);

    private static string FillWhole(string template, string claims = "{}") => SvgTemplate.Fill(Encoding.UTF8.GetBytes(template), _metadata, Workshop.Json(claims));

    /// <summary>What is inside of the outer element.</summary>
    private static string Inner(string inner, string claims = "{}")
    {
        var filled = Fill(inner, claims);
        return filled == Start[..^1] + " />" ? "" : filled[Start.Length..^"</svg>".Length];
    }

    private static string Refuse(string template) => Assert.Throws<MalformedDataException>(() => FillWhole(template)).Code;

    [Fact]
    public void The_example_of_the_standard_is_filled()
    {
        var filled = FillWhole(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">
              <text x="10" y="20">Street address: {{city}}</text>
            </svg>
            """,
            """{"address":{"city":"Seoul"}}""");
        var text = XElement.Parse(filled).Elements().Single();
        Assert.Equal(("text", "10", "Street address: Seoul"), (text.Name.LocalName, text.Attribute("x")!.Value, text.Value));
    }

    [Theory]
    [InlineData("name", """{"name":"Kim"}""", "Kim")]
    [InlineData("name", "{}", "")]
    [InlineData("name", """{"name":null}""", "")]
    [InlineData("over_19", """{"over_19":true}""", "true")]
    [InlineData("over_19", """{"over_19":false}""", "false")]
    [InlineData("points", """{"points":12.50}""", "12.50")]
    [InlineData("classes", """{"classes":["B","C",1]}""", "B, C, 1")]
    [InlineData("members", """{"members":[{"name":"a"},{"name":"b"}]}""", "a, b")]
    [InlineData("classes", """{"classes":["B",["C"],{"D":1}]}""", "B")]
    [InlineData("members", """{"members":[{"name":"a"},{"name":""},{"name":"b"}]}""", "a, b")]
    [InlineData("address", """{"address":{"city":"Seoul"}}""", "")]
    [InlineData("name", """{"name":"<script>alert(1)</script>"}""", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("name", """{"name":"& \" ' ]]>"}""", "&amp; &quot; &apos; ]]&gt;")]
    [InlineData("name", """{"name":"{{city}}"}""", "{{city}}")]
    [InlineData("name", """{"name":"a\u202eb\u0000\u200bc\ud83d\ude00"}""", "abc😀")]
    public void A_value_becomes_text_and_nothing_else(string name, string claims, string shown) =>
        Assert.Equal(shown.Length == 0 ? "<text />" : $"<text>{shown}</text>", Inner($"<text>{{{{{name}}}}}</text>", claims));

    [Fact]
    public void A_value_is_cut_where_it_would_not_fit()
    {
        var shown = XElement.Parse(Fill("<text>{{name}}</text>", $$"""{"name":"{{new string('x', 100_000)}}"}""")).Value;
        Assert.Equal(500, shown.Length);
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_placeholder_that_is_no_claim_of_the_type_or_stands_outside_of_text_is_refused()
    {
        Assert.Equal(SdJwtCodes.SvgPlaceholder, Refuse($"{Start}<text>{{{{nobody}}}}</text></svg>"));
        Assert.Equal(SdJwtCodes.SvgPlaceholder, Refuse($"{Start}<text>{{{{ name }}}}</text></svg>"));
        Assert.Equal(SdJwtCodes.SvgPlaceholder, Refuse($"{Start}<rect fill=\"{{{{name}}}}\"/></svg>"));
        Assert.Equal(SdJwtCodes.SvgPlaceholder, Refuse($"{Start}<rect onclick=\"{{{{name}}}}\"/></svg>"));
        Assert.Equal(SdJwtCodes.SvgPlaceholder, Refuse($"{Start}<g>{{{{name}}}}</g></svg>"));
        Assert.Equal("<text>{ {name} }</text>", Inner("<text>{ {name} }</text>"));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<script href=\"data:text/javascript,1\"/>")]
    [InlineData("<style>@import url(https://x.example/a.css);</style>")]
    [InlineData("<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"><script>1</script></body></foreignObject>")]
    [InlineData("<iframe xmlns=\"http://www.w3.org/1999/xhtml\" src=\"https://x.example\"/>")]
    [InlineData("<a href=\"https://x.example\"><text>x</text></a>")]
    [InlineData("<use href=\"https://x.example/#a\"/>")]
    [InlineData("<use href=\"#a\"/>")]
    [InlineData("<animate attributeName=\"href\" to=\"javascript:1\"/>")]
    [InlineData("<set attributeName=\"onload\" to=\"1\"/>")]
    [InlineData("<filter id=\"f\"><feImage href=\"https://x.example/a.png\"/></filter>")]
    [InlineData("<pattern id=\"p\"><rect fill=\"url(#p)\"/></pattern>")]
    [InlineData("<mask id=\"m\"/>")]
    [InlineData("<audio xmlns=\"http://www.w3.org/1999/xhtml\" src=\"https://x.example\"/>")]
    [InlineData("<text xmlns=\"http://www.w3.org/1999/xhtml\">x</text>")]
    [InlineData("<SCRIPT>1</SCRIPT>")]
    [InlineData("<!-- {{name}} --><?xml-stylesheet href=\"https://x.example\"?>")]
    [InlineData("stray text")]
    public void What_does_more_than_draw_is_left_out(string inner)
    {
        Assert.Equal("", Inner(inner));
        Assert.Equal("<rect x=\"1\" />", Inner($"{inner}<rect x=\"1\"/>"));
    }

    [Theory]
    [InlineData("onload=\"alert(1)\"")]
    [InlineData("onclick=\"alert(1)\"")]
    [InlineData("href=\"https://x.example\"")]
    [InlineData("xlink:href=\"https://x.example\"")]
    [InlineData("xml:base=\"https://x.example\"")]
    [InlineData("class=\"a\"")]
    [InlineData("src=\"https://x.example\"")]
    [InlineData("fill=\"url(https://x.example/#a)\"")]
    [InlineData("fill=\"URL(https://x.example/#a)\"")]
    [InlineData("fill=\"url(//x.example/#a)\"")]
    [InlineData("fill=\"u\\72l(https://x.example/#a)\"")]
    [InlineData("fill=\"url(#a) url(https://x.example)\"")]
    [InlineData("fill=\"image-set(https://x.example 1x)\"")]
    [InlineData("fill=\"url (https://x.example)\"")]
    [InlineData("fill=\"url(#a&#10;https://x.example)\"")]
    [InlineData("fill=\"(1)\"")]
    [InlineData("fill=\"x-rgb(1, 2, 3)\"")]
    [InlineData("clip-path=\"url(https://x.example/#c)\"")]
    [InlineData("style=\"background:url(https://x.example)\"")]
    [InlineData("style=\"fill:url(https://x.example/#a)\"")]
    [InlineData("style=\"fill:u\\72l(https://x.example)\"")]
    [InlineData("style=\"@import 'https://x.example'\"")]
    [InlineData("style=\"fill:expression(alert(1))\"")]
    [InlineData("filter=\"url(#f)\"")]
    [InlineData("cursor=\"url(https://x.example), auto\"")]
    public void An_attribute_that_leads_away_or_runs_is_left_out(string attribute) => Assert.Equal(
        "<rect width=\"2\" />", Inner($"<rect xmlns:xlink=\"http://www.w3.org/1999/xlink\" {attribute} width=\"2\"/>"));

    [Theory]
    [InlineData("<rect fill=\"url(#g)\" />")]
    [InlineData("<rect fill=\"url('#g') none\" />")]
    [InlineData("<rect fill=\"rgb(1, 2, 3)\" transform=\"translate(1 2) rotate(45)\" />")]
    [InlineData("<rect transform=\"rotate (45)\" />")]
    [InlineData("<rect style=\"fill:#fff;stroke-width:2\" />")]
    [InlineData("<text xml:space=\"preserve\" xml:lang=\"ko\">a</text>")]
    [InlineData("<text paint-order=\"stroke\" text-rendering=\"auto\">a</text>")]
    [InlineData("<linearGradient id=\"g\" gradientUnits=\"userSpaceOnUse\" href=\"#h\" />")]
    [InlineData("<g id=\"a\" opacity=\"0.5\"><path d=\"M0 0L10,10z\" /></g>")]
    [InlineData("<text font-family=\"'Noto Sans KR', sans-serif\" text-anchor=\"middle\">운전면허</text>")]
    [InlineData("<text>a<tspan dx=\"1\">b</tspan>c</text>")]
    [InlineData("<defs><linearGradient id=\"g\"><stop offset=\"0\" stop-color=\"red\" /></linearGradient><radialGradient id=\"h\" href=\"#g\" /></defs>")]
    [InlineData("<image width=\"1\" href=\"data:image/png;base64,iVBORw0KGgo=\" />")]
    [InlineData("<clipPath id=\"c\"><circle r=\"1\" /></clipPath>")]
    public void What_draws_stays_as_it_is(string inner) => Assert.Equal(inner, Inner(inner));

    [Fact]
    public void Of_a_style_what_draws_stays() =>
        Assert.Equal("<rect style=\"fill:red;stroke : blue\" />", Inner("<rect style=\" fill:red;; cursor:url(https://x.example); stroke : blue ;\"/>"));

    [Fact]
    public void Text_after_an_element_for_text_is_outside_of_it_again() =>
        Assert.Equal("<g><text>a</text></g>", Inner("<g><text>a</text>stray</g>"));

    [Theory]
    [InlineData("https://x.example/a.png")]
    [InlineData("data:image/svg+xml;base64,PHN2Zy8+")]
    [InlineData("data:text/html;base64,PHN2Zy8+")]
    [InlineData("data:image/png,abc")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("#a")]
    public void A_picture_comes_along_as_data_or_not_at_all(string href) => Assert.Equal("<image width=\"1\" />", Inner($"<image href=\"{href}\" width=\"1\"/>"));

    [Theory]
    [InlineData("")]
    [InlineData("<svg/>")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\">")]
    [InlineData("<g xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("<html xmlns=\"http://www.w3.org/1999/xhtml\"/>")]
    [InlineData("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns=\"http://www.w3.org/2000/svg\"><text>&a;</text></svg>")]
    [InlineData("<!DOCTYPE svg SYSTEM \"https://x.example/a.dtd\"><svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"><text>&nbsp;</text></svg>")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/><svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    public void What_is_no_SVG_document_is_refused(string template)
    {
        Assert.Equal(SdJwtCodes.SvgMalformed, Refuse(template));
        Assert.Equal(Start[..^1] + " />", FillWhole("<?xml version=\"1.0\" encoding=\"utf-16\"?>" + Start + "</svg>"));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        foreach (var wrong in new[] { [0xff, 0xfe, 0x3c, 0x00], Encoding.Latin1.GetBytes($"{Start}<text>\u00e9</text></svg>") })
            Assert.Equal(SdJwtCodes.SvgMalformed, Assert.Throws<MalformedDataException>(() => SvgTemplate.Clean(wrong)).Code);
    }

    [Fact]
    public void Size_depth_elements_and_text_are_bounded()
    {
        string Nested(int depth) => Start + string.Concat(Enumerable.Repeat("<g>", depth)) + string.Concat(Enumerable.Repeat("</g>", depth)) + "</svg>";
        FillWhole(Nested(32));
        Assert.Equal(SdJwtCodes.SvgMalformed, Refuse(Nested(33)));
        Assert.Equal(SdJwtCodes.SvgMalformed, Refuse(Start + "<a>" + Nested(33)[Start.Length..^6] + "</a></svg>"));

        // What is left out counts too.
        FillWhole(Start + "<a>" + Nested(31)[Start.Length..^6] + "</a></svg>");
        string LeftOut(int count) => $"{Start}<a>{string.Concat(Enumerable.Repeat("<rect/>", count))}</a></svg>";
        FillWhole(LeftOut(4998));
        Assert.Equal(SdJwtCodes.SvgMalformed, Refuse(LeftOut(4999)));

        string Many(int count) => Start + string.Concat(Enumerable.Repeat("<rect/>", count)) + "</svg>";
        FillWhole(Many(4999));
        Assert.Equal(SdJwtCodes.SvgMalformed, Refuse(Many(5000)));
        Assert.Equal(SdJwtCodes.SvgMalformed, Refuse(Start + new string(' ', SvgTemplate.MaxBytes) + "</svg>"));

        var whole = Start + "</svg>";
        FillWhole(whole + new string(' ', SvgTemplate.MaxBytes - whole.Length));
        Assert.Equal(SdJwtCodes.SvgMalformed, Refuse($"<!--{new string('한', SvgTemplate.MaxBytes / 3)}-->{whole}"));

        string Text(int length) => $"{Start}<text>{new string('x', length)}</text></svg>";
        FillWhole(Text(256 * 1024));
        Assert.Equal(SdJwtCodes.SvgMalformed, Refuse(Text((256 * 1024) + 1)));

        // A hundred thousand places for one long value.
        var claims = Workshop.Json($$"""{"name":"{{new string('x', 1000)}}"}""");
        var endless = Encoding.UTF8.GetBytes($"{Start}<text>{string.Concat(Enumerable.Repeat("{{name}}", 100_000))}</text></svg>");
        Assert.Equal(SdJwtCodes.SvgMalformed, Assert.Throws<MalformedDataException>(() => SvgTemplate.Fill(endless, _metadata, claims)).Code);
    }

    [Fact]
    public async Task A_template_comes_from_its_address_or_along_with_the_type_and_is_the_one_that_its_hash_names()
    {
        using var http = FetchExtensions.ToLoopback();
        var contentType = "image/svg+xml";
        var svg = Start + "</svg>";
        await using var server = await LocalServer.StartAsync(context => LocalServer.Body(svg, contentType)(context));
        var hash = "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(svg)));
        var data = "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg));
        async Task<string> FetchAsync(string uri, string? integrity = null) => Encoding.UTF8.GetString(
            (await new TypeMetadataClient([], http).FetchAsync(new SvgTemplateReference(uri, integrity), Workshop.Now, TestContext.Current.CancellationToken)).Span);

        Assert.Equal(svg, await FetchAsync(server.Url.AbsoluteUri, hash));
        Assert.Equal(svg, await FetchAsync(data, hash));
        foreach (var uri in new[] { server.Url.AbsoluteUri, data })
            Assert.Equal(SdJwtCodes.TypeMetadataIntegrity, (await Assert.ThrowsAsync<MalformedDataException>(() => FetchAsync(uri, hash.Replace("sha256-", "sha256-A", StringComparison.Ordinal)))).Code);
        await Assert.ThrowsAsync<MalformedDataException>(() => FetchAsync("data:text/html;base64,PHN2Zy8+"));
        await Assert.ThrowsAsync<NotSupportedCredentialException>(() => FetchAsync("file:///etc/passwd"));
        contentType = "text/html";
        Assert.Equal(HttpCodes.ContentTypeRefused, (await Assert.ThrowsAsync<FetchException>(() => FetchAsync(server.Url.AbsoluteUri))).Code);
    }

    [Fact]
    public void The_templates_of_a_type_say_for_what_they_were_drawn()
    {
        IReadOnlyList<SvgTemplateReference> Read(string templates) => SvgTemplateReference.ReadAll(
            TypeDisplay.Parse(Workshop.Json("""{"locale":"en","name":"x","rendering":{"svg_templates":""" + templates + "}}")));
        Assert.Empty(SvgTemplateReference.ReadAll(_display));
        Assert.Equal([new SvgTemplateReference("https://x.example/a.svg", null)], Read("""[{"uri":"https://x.example/a.svg"}]"""));
        Assert.Equal(
            [
                new SvgTemplateReference("https://x.example/a.svg", "sha256-AA") { Orientation = "landscape", ColorScheme = "dark", Contrast = "high" },
                new SvgTemplateReference("https://x.example/b.svg", null) { Orientation = "portrait" },
            ],
            Read("""[{"uri":"https://x.example/a.svg","uri#integrity":"sha256-AA","properties":{"orientation":"landscape","color_scheme":"dark","contrast":"high"}},{"uri":"https://x.example/b.svg","properties":{"orientation":"portrait"}}]"""));
        string Many(int count) => $"[{string.Join(',', Enumerable.Repeat("""{"uri":"a","properties":{}}""", count))}]";
        Assert.Equal(32, Read(Many(32)).Count);
        foreach (var wrong in new[] { "{}", "[1]", "[{}]", """[{"uri":1}]""", """[{"uri":"https://a.example"},{"uri":"https://b.example"}]""", Many(33) })
            Assert.Equal(SdJwtCodes.TypeMetadataMalformed, Assert.Throws<MalformedDataException>(() => Read(wrong)).Code);
    }
}
