using System.Text;
using Credentials.JsonLd;

namespace Credentials.Tests.JsonLd;

public class NQuadsTests
{
    private static IReadOnlyList<RdfQuad> Parse(string text) => NQuads.Parse(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("<a:s> <a:p> <a:o> .\n")]
    [InlineData("_:b.1 <a:p> \"x\"@en-gb <a:g> .\n")]
    [InlineData("<a:s> <a:p> \"\\t\\b\\n\\r\\f\\\"\\\\\\u0000\\u007F\\uFFFEé\U0001F600\" _:g .\n")]
    [InlineData("<a:s> <a:p> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n")]
    [InlineData("<a:s> <a:p> \"a\" .\n<a:s> <a:p> \"b\" .\n")]
    public void Canonical_lines_are_read_and_written_as_they_are(string text) => Assert.Equal(text, Encoding.UTF8.GetString(NQuads.Write(Parse(text))));

    [Theory]
    [InlineData("  <a:s>\t<a:p>   \"\\u0061\\U00000062'\\'\"^^<http://www.w3.org/2001/XMLSchema#string>.# note\r\n\n# only a note\n", "<a:s> <a:p> \"ab''\" .\n")]
    [InlineData("<a:s\\u00e9> <a:p> <a:o>.", "<a:sé> <a:p> <a:o> .\n")]
    public void Other_spellings_become_the_canonical_one(string text, string canonical) => Assert.Equal(canonical, Encoding.UTF8.GetString(NQuads.Write(Parse(text))));

    [Theory]
    [InlineData("<a:s> <a:p> <a:o>")]
    [InlineData("<a:s> <a:p> .")]
    [InlineData("<a:s> _:p <a:o> .")]
    [InlineData("\"x\" <a:p> <a:o> .")]
    [InlineData("<a:s> <a:p> <a:o> \"g\" .")]
    [InlineData("<a:s> <a:p> <a:o> . <a:s>")]
    [InlineData("<s> <a:p> <a:o> .")]
    [InlineData("<a:s s> <a:p> <a:o> .")]
    [InlineData("<a:s\\u0020> <a:p> <a:o> .")]
    [InlineData("<a:s\\u003e> <a:p> <a:o> .")]
    [InlineData("<a:s> <a:p> \"x .")]
    [InlineData("<a:s> <a:p> \"\\x\" .")]
    [InlineData("<a:s> <a:p> \"\\ud800\" .")]
    [InlineData("<a:s> <a:p> \"\\u12\" .")]
    [InlineData("<a:s> <a:p> \"x\"@ .")]
    [InlineData("<a:s> <a:p> \"x\"@1 .")]
    [InlineData("<a:s> <a:p> \"x\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .")]
    [InlineData("_: <a:p> <a:o> .")]
    [InlineData("_:-a <a:p> <a:o> .")]
    public void Anything_else_is_refused(string text) => Assert.Equal(JsonLdCodes.NQuadsMalformed, Assert.Throws<MalformedDataException>(() => Parse(text)).Code);

    [Fact]
    public void Invalid_utf8_is_refused() => Assert.Throws<MalformedDataException>(() => NQuads.Parse([.. "<a:s> <a:p> \""u8, 0xff, .. "\" ."u8]));

    [Fact]
    public void Statements_are_capped()
    {
        Assert.Equal(3, NQuads.Parse("<a:s> <a:p> <a:1> .\n<a:s> <a:p> <a:2> .\n<a:s> <a:p> <a:3> .\n"u8, new RdfLimits(MaxQuads: 3)).Count);
        Assert.Throws<MalformedDataException>(() => NQuads.Parse("<a:s> <a:p> <a:1> .\n<a:s> <a:p> <a:2> .\n<a:s> <a:p> <a:3> .\n"u8, new RdfLimits(MaxQuads: 2)));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a:<")]
    [InlineData("relative")]
    [InlineData("1a:b")]
    [InlineData("a:\u0007")]
    [InlineData("a:\ud800")]
    public void A_term_is_not_made_of_what_would_break_a_line(string text)
    {
        Assert.Throws<ArgumentException>(() => RdfTerm.Iri(text));
        Assert.Throws<ArgumentException>(() => RdfTerm.Literal("x", text));
        Assert.Equal("did:example:é", RdfTerm.Iri("did:example:é").Value);
    }
}
