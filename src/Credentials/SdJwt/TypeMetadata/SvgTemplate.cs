using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>
/// Makes the picture of a credential from an SVG template and its claims (SD-JWT VC §5.5.1.2). Template and claims are somebody else's:
/// what comes out has only elements and attributes that draw, claims as text, and nothing that runs, that is fetched from elsewhere or that
/// leads away. A template that wants more than that is drawn without it.
/// </summary>
public static partial class SvgTemplate
{
    /// <summary>Largest template in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxDepth = 32;
    private const int MaxElements = 5000;
    private const int MaxValue = 500;
    private const int MaxText = 256 * 1024;

    private static readonly XmlReaderSettings s_reading = new()
    {
        // No document type: no entities that grow, no files that are read.
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = MaxBytes,
    };

    private static readonly XmlWriterSettings s_writing = new() { OmitXmlDeclaration = true, CheckCharacters = true };

    /// <summary>Fills a template.</summary>
    /// <param name="template">The document as it was fetched: SVG in UTF-8, up to <see cref="MaxBytes"/>.</param>
    /// <param name="metadata">The type's metadata, which names the claims that placeholders stand for.</param>
    /// <param name="claims">The processed claims; one that is not there leaves its place empty.</param>
    /// <returns>An SVG document without declarations and comments.</returns>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.SvgMalformed"/>, <see cref="SdJwtCodes.SvgPlaceholder"/>.</exception>
    public static string Fill(ReadOnlyMemory<byte> template, ResolvedTypeMetadata metadata, JsonElement claims)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return Draw(template, metadata.Claims.Where(claim => claim.SvgId is not null).ToDictionary(claim => claim.SvgId!, claim => claim.Path, StringComparer.Ordinal), claims);
    }

    /// <summary>Any other picture of somebody else's, cleaned like a template.</summary>
    /// <param name="picture">SVG in UTF-8, up to <see cref="MaxBytes"/>.</param>
    /// <returns>An SVG document without declarations and comments.</returns>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.SvgMalformed"/>; <see cref="SdJwtCodes.SvgPlaceholder"/>: it is a template.</exception>
    public static string Clean(ReadOnlyMemory<byte> picture) => Draw(picture, [], default);

    private static string Draw(ReadOnlyMemory<byte> template, Dictionary<string, ClaimPath> names, JsonElement claims)
    {
        if (template.Length > MaxBytes) throw Malformed();
        var output = new StringBuilder();
        try
        {
            // The text is decoded here, so that a declaration of another encoding changes nothing.
            using var text = new StringReader(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(template.Span).TrimStart('\ufeff'));
            using var reader = XmlReader.Create(text, s_reading);
            using var writer = XmlWriter.Create(output, s_writing);
            new Run(reader, writer, names, claims).Copy();
        }
        catch (Exception e) when (e is XmlException or DecoderFallbackException)
        {
            throw new MalformedDataException(SdJwtCodes.SvgMalformed, "The SVG template is not well-formed.", e);
        }

        return output.ToString();
    }

    /// <summary>One template on its way through.</summary>
    private sealed class Run(XmlReader reader, XmlWriter writer, Dictionary<string, ClaimPath> names, JsonElement claims)
    {
        private readonly Stack<string> _open = new();
        private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
        private int _elements;
        private int _textLength;

        public void Copy()
        {
            while (reader.Read())
            {
                if (reader.Depth > MaxDepth) throw Malformed();
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        if (++_elements > MaxElements) throw Malformed();
                        Open();
                        break;
                    case XmlNodeType.EndElement:
                        Close();
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                        Text(reader.Value);
                        break;
                }
            }
        }

        private void Open()
        {
            var isSvg = reader.NamespaceURI == SvgRules.Namespace;
            if (_open.Count == 0 && !(isSvg && reader.LocalName == "svg")) throw Malformed();
            if (!isSvg || !SvgRules.MayStay(reader.LocalName))
            {
                PassOver();
                return;
            }

            var (name, isEmpty) = (reader.LocalName, reader.IsEmptyElement);
            writer.WriteStartElement(name, SvgRules.Namespace);
            while (reader.MoveToNextAttribute()) Attribute(name);
            if (isEmpty) writer.WriteEndElement();
            else _open.Push(name);
        }

        private void Attribute(string element)
        {
            if (Placeholder().IsMatch(reader.Value)) throw Misplaced();
            if (SvgRules.Clean(element, reader.LocalName, reader.NamespaceURI, reader.Value) is { } value)
                writer.WriteAttributeString(reader.LocalName, reader.NamespaceURI, value);
        }

        private void Close()
        {
            writer.WriteEndElement();
            _open.Pop();
        }

        /// <summary>Leaves an element out with all that is in it.</summary>
        private void PassOver()
        {
            if (reader.IsEmptyElement) return;
            for (var depth = reader.Depth; reader.Read() && reader.Depth > depth;)
            {
                if (reader.Depth > MaxDepth || (reader.NodeType == XmlNodeType.Element && ++_elements > MaxElements)) throw Malformed();
            }
        }

        private void Text(string text)
        {
            if (_open.Count == 0 || !SvgRules.HasText(_open.Peek()))
            {
                if (Placeholder().IsMatch(text)) throw Misplaced();
                return;
            }

            var done = 0;
            foreach (Match placeholder in Placeholder().Matches(text))
            {
                Write(text[done..placeholder.Index]);
                Write(ValueOf(placeholder.Groups[1].Value));
                done = placeholder.Index + placeholder.Length;
            }

            Write(text[done..]);
        }

        // §5.5.1.2 names five characters to escape, two more than XML asks for in text.
        private void Write(string text)
        {
            if ((_textLength += text.Length) > MaxText) throw Malformed();
            writer.WriteRaw(new StringBuilder(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&apos;").ToString());
        }

        private string ValueOf(string name)
        {
            if (_values.TryGetValue(name, out var value)) return value;
            if (!names.TryGetValue(name, out var path)) throw new MalformedDataException(SdJwtCodes.SvgPlaceholder, "The SVG template has a placeholder that its type does not define.");
            return _values[name] = DisplayableText.Clean(string.Join(", ", path.Select(claims).Select(Shown).Where(shown => shown.Length > 0)), MaxValue);
        }

        // An object has no text of its own.
        private static string Shown(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Where(item => item.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)).Select(Shown)),
            _ => "",
        };
    }

    private static MalformedDataException Malformed() => new(SdJwtCodes.SvgMalformed, "The SVG template is no SVG document, or over a limit.");

    private static MalformedDataException Misplaced() => new(SdJwtCodes.SvgPlaceholder, "The SVG template has a placeholder outside of its text.");

    [GeneratedRegex(@"\{\{([^{}]*)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
