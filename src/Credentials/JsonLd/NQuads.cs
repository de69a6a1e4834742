using System.Buffers;
using System.Text;

namespace Credentials.JsonLd;

/// <summary>N-Quads (RDF 1.1 N-Quads), written in the canonical form of RDF Dataset Canonicalization 1.0, Appendix A.</summary>
public static class NQuads
{
    private const int MaxLabelLength = 256;

    /// <summary>Reads a document. Labels of blank nodes stay as they are.</summary>
    /// <param name="utf8">The text; not trusted.</param>
    /// <param name="limits">Caps; null: <see cref="RdfLimits.Default"/>.</param>
    /// <exception cref="MalformedDataException"><c>rdf.nquads_malformed</c>, or <c>rdf.too_complex</c> for too many statements.</exception>
    public static IReadOnlyList<RdfQuad> Parse(ReadOnlySpan<byte> utf8, RdfLimits? limits = null) => NQuadsReader.Read(utf8, limits ?? RdfLimits.Default);

    /// <summary>Writes statements as they are, each on a line, in code point order and each once.</summary>
    public static byte[] Write(IEnumerable<RdfQuad> quads)
    {
        ArgumentNullException.ThrowIfNull(quads);
        return Join(Lines(quads, static label => label));
    }

    /// <summary>The lines of a dataset in code point order, with other labels for its blank nodes.</summary>
    internal static List<byte[]> Lines(IEnumerable<RdfQuad> quads, Func<string, string> rename)
    {
        List<byte[]> lines = [];
        ArrayBufferWriter<byte> buffer = new();
        foreach (var quad in quads)
        {
            buffer.ResetWrittenCount();
            foreach (var term in (ReadOnlySpan<RdfTerm?>)[quad.Subject, quad.Predicate, quad.Object, quad.Graph])
            {
                if (term is null) continue;
                if (term.IsBlank) AppendText(buffer, "_:" + rename(term.Value));
                else Append(buffer, term);
                buffer.Write(" "u8);
            }

            buffer.Write(".\n"u8);
            lines.Add(buffer.WrittenSpan.ToArray());
        }

        Sort(lines);
        return lines;
    }

    /// <summary>Sorts by bytes, which for UTF-8 is code point order, and drops repetitions.</summary>
    internal static void Sort(List<byte[]> lines)
    {
        lines.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        var kept = 0;
        for (var i = 0; i < lines.Count; i++)
            if (kept == 0 || !lines[kept - 1].AsSpan().SequenceEqual(lines[i])) lines[kept++] = lines[i];
        lines.RemoveRange(kept, lines.Count - kept);
    }

    internal static byte[] Join(List<byte[]> lines)
    {
        var whole = new byte[lines.Sum(line => line.Length)];
        var at = 0;
        foreach (var line in lines)
        {
            line.CopyTo(whole, at);
            at += line.Length;
        }

        return whole;
    }

    /// <summary>Writes a term that is no blank node.</summary>
    internal static void Append(ArrayBufferWriter<byte> output, RdfTerm term)
    {
        if (term.Kind == RdfTermKind.Iri)
        {
            output.Write("<"u8);
            AppendText(output, term.Value);
            output.Write(">"u8);
            return;
        }

        output.Write("\""u8);
        AppendEscaped(output, term.Value);
        output.Write("\""u8);
        if (term.Language is { } language)
        {
            AppendText(output, "@" + language);
        }
        else if (term.Datatype != RdfNames.XsdString)
        {
            output.Write("^^<"u8);
            AppendText(output, term.Datatype!);
            output.Write(">"u8);
        }
    }

    internal static void AppendText(ArrayBufferWriter<byte> output, ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, output);

    /// <summary>The characters of BLANK_NODE_LABEL, without those beyond ASCII, which nothing here writes.</summary>
    internal static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > MaxLabelLength || label[^1] == '.' || !(char.IsAsciiLetterOrDigit(label[0]) || label[0] == '_')) return false;
        foreach (var c in label)
            if (!(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')) return false;
        return true;
    }

    private static void AppendEscaped(ArrayBufferWriter<byte> output, string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (Escape(text[i]) is not { } escape) continue;
            AppendText(output, text.AsSpan(start, i - start));
            AppendText(output, escape);
            start = i + 1;
        }

        AppendText(output, text.AsSpan(start));
    }

    private static string? Escape(char c) => c switch
    {
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        '"' => "\\\"",
        '\\' => "\\\\",
        < ' ' or '\u007f' or '\ufffe' or '\uffff' => $"\\u{(int)c:X4}",
        _ => null,
    };
}
