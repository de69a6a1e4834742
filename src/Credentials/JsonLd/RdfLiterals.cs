using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.JsonLd;

/// <summary>Values as RDF literals (JSON-LD 1.1 API §8.2, and §8.6 for numbers).</summary>
internal static class RdfLiterals
{
    private const double FirstDouble = 1e21;

    public static RdfTerm Of(ExpandedValue value)
    {
        if (value.Type == JsonLdKeywords.Json) return RdfTerm.Literal(Encoding.UTF8.GetString(Jcs.Canonicalize(value.Value)), RdfNames.Json);
        if (value.Type == RdfNames.LangString) throw new MalformedDataException(JsonLdCodes.Malformed, "rdf:langString without a language.");
        return value.Value.ValueKind switch
        {
            JsonValueKind.True => RdfTerm.Literal("true", value.Type ?? RdfNames.XsdBoolean),
            JsonValueKind.False => RdfTerm.Literal("false", value.Type ?? RdfNames.XsdBoolean),
            JsonValueKind.Number => OfNumber(value.Value, value.Type),
            _ => OfText(value.Value.GetString()!, value),
        };
    }

    private static RdfTerm OfText(string text, ExpandedValue value)
    {
        if (value.Type is not null) return RdfTerm.Literal(text, value.Type);
        if (value.Direction is not null) return RdfTerm.Literal(text, $"{RdfNames.I18N}{value.Language}_{value.Direction}");
        return value.Language is null ? RdfTerm.Literal(text) : RdfTerm.LanguageLiteral(text, value.Language);
    }

    private static RdfTerm OfNumber(JsonElement json, string? type)
    {
        if (!json.TryGetDouble(out var number) || !double.IsFinite(number)) throw Lost();
        var isInteger = Math.Floor(number) == number && Math.Abs(number) < FirstDouble && type != RdfNames.XsdDouble;
        var text = isInteger ? new BigInteger(number).ToString(CultureInfo.InvariantCulture) : DoubleText(number);
        // Digits that the literal does not hold would not be signed.
        if (Significant(json.GetRawText()) != Significant(text)) throw Lost();
        return RdfTerm.Literal(text, type ?? (isInteger ? RdfNames.XsdInteger : RdfNames.XsdDouble));
    }

    /// <summary>The canonical form of xsd:double with at most 15 digits after the point (JSON-LD 1.1 API §8.6).</summary>
    private static string DoubleText(double number)
    {
        var text = number.ToString("E15", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = text[..e].TrimEnd('0');
        var exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{mantissa}{(mantissa[^1] == '.' ? "0" : "")}E{exponent.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The digits of a decimal number without zeros around them, and its power of ten.</summary>
    private static (string Digits, int Power) Significant(string text)
    {
        var e = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0');
        var trimmed = digits.TrimEnd('0');
        if (trimmed.Length == 0) return ("", 0);
        var power = e < 0 ? 0 : int.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var written) ? written : throw Lost();
        return (trimmed, power - (point < 0 ? 0 : mantissa.Length - point - 1) + digits.Length - trimmed.Length);
    }

    private static MalformedDataException Lost() => new(JsonLdCodes.ValueLost, "A JSON-LD document has a number with more digits than its RDF form holds.");
}
