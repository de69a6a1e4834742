using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Credentials.JsonLd;

/// <summary>Reads N-Quads, one statement a line (RDF 1.1 N-Quads §7), with labels of ASCII letters only.</summary>
internal sealed class NQuadsReader
{
    private readonly string _line;
    private int _at;

    private NQuadsReader(string line) => _line = line;

    public static IReadOnlyList<RdfQuad> Read(ReadOnlySpan<byte> utf8, RdfLimits limits)
    {
        if (!Utf8.IsValid(utf8)) throw Malformed();
        List<RdfQuad> quads = [];
        foreach (var range in utf8.SplitAny("\r\n"u8))
        {
            if (new NQuadsReader(Encoding.UTF8.GetString(utf8[range])).Statement() is not { } quad) continue;
            if (quads.Count == limits.MaxQuads) throw new MalformedDataException(JsonLdCodes.DatasetTooComplex, $"Over {limits.MaxQuads} statements.");
            quads.Add(quad);
        }

        return quads;
    }

    private RdfQuad? Statement()
    {
        SkipSpace();
        if (AtEnd || Current == '#') return null;
        var subject = Node();
        var predicate = Iri();
        var @object = Current == '"' ? Literal() : Node();
        var graph = Current == '.' ? null : Node();
        Take('.');
        SkipSpace();
        return AtEnd || Current == '#' ? new RdfQuad(subject, RdfTerm.Iri(predicate), @object, graph) : throw Malformed();
    }

    private bool AtEnd => _at == _line.Length;

    private char Current => AtEnd ? throw Malformed() : _line[_at];

    private RdfTerm Node() => Current == '<' ? RdfTerm.Iri(Iri()) : Blank();

    private string Iri()
    {
        Take('<');
        var iri = Until('>', escapes: false);
        SkipSpace();
        return Iris.IsAbsolute(iri) ? iri : throw Malformed();
    }

    private RdfTerm Blank()
    {
        Take('_');
        Take(':');
        var start = _at;
        while (!AtEnd && (char.IsAsciiLetterOrDigit(Current) || Current is '_' or '-' or '.')) _at++;
        if (_at > start && _line[_at - 1] == '.') _at--; // the end of the statement
        var label = _line[start.._at];
        SkipSpace();
        return NQuads.IsLabel(label) ? RdfTerm.Blank(label) : throw Malformed();
    }

    private RdfTerm Literal()
    {
        Take('"');
        var text = Until('"', escapes: true);
        if (!AtEnd && Current == '@')
        {
            var start = ++_at;
            while (!AtEnd && (char.IsAsciiLetterOrDigit(Current) || Current == '-')) _at++;
            var language = _line[start.._at];
            SkipSpace();
            return Iris.IsLanguageTag(language) ? RdfTerm.LanguageLiteral(text, language) : throw Malformed();
        }

        if (AtEnd || Current != '^')
        {
            SkipSpace();
            return RdfTerm.Literal(text);
        }

        Take('^');
        Take('^');
        var datatype = Iri();
        return datatype != RdfNames.LangString ? RdfTerm.Literal(text, datatype) : throw Malformed();
    }

    private string Until(char end, bool escapes)
    {
        StringBuilder text = new();
        while (Current != end)
        {
            var c = _line[_at++];
            if (c != '\\') text.Append(c);
            else if (Current is 'u' or 'U') text.Append(CodePoint(_line[_at++] == 'u' ? 4 : 8));
            else text.Append(escapes ? Unescape(_line[_at++]) : throw Malformed());
        }

        _at++;
        return text.ToString();
    }

    private static char Unescape(char c) => c switch
    {
        't' => '\t',
        'b' => '\b',
        'n' => '\n',
        'r' => '\r',
        'f' => '\f',
        '"' or '\'' or '\\' => c,
        _ => throw Malformed(),
    };

    private string CodePoint(int digits)
    {
        if (_line.Length - _at < digits
            || !int.TryParse(_line.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || !Rune.IsValid(value))
            throw Malformed();
        _at += digits;
        return new Rune(value).ToString();
    }

    private void Take(char expected)
    {
        if (Current != expected) throw Malformed();
        _at++;
    }

    private void SkipSpace()
    {
        while (!AtEnd && Current is ' ' or '\t') _at++;
    }

    private static MalformedDataException Malformed() => new(JsonLdCodes.NQuadsMalformed, "Not N-Quads.");
}
