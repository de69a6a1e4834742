using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>
/// What may stay in an SVG document that somebody else drew: shapes, text, gradients, clips and pictures that it carries itself. Nothing that is
/// not named here stays: no scripts, links, styles, animations, foreign elements, and none that draw other parts over and over.
/// </summary>
internal static partial class SvgRules
{
    public const string Namespace = "http://www.w3.org/2000/svg";

    private const string XLink = "http://www.w3.org/1999/xlink";
    private const string Xml = "http://www.w3.org/XML/1998/namespace";

    private static readonly FrozenSet<string> s_elements = Set(
        "svg g defs title desc text tspan path rect circle ellipse line polyline polygon linearGradient radialGradient stop clipPath image");

    private static readonly FrozenSet<string> s_text = Set("text tspan title desc");

    private static readonly FrozenSet<string> s_attributes = Set(
        "id x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy width height d points viewBox preserveAspectRatio version transform offset rotate textLength "
        + "lengthAdjust gradientUnits gradientTransform spreadMethod clipPathUnits pathLength lang");

    /// <summary>Presentation attributes, which may stand in <c>style</c> as well.</summary>
    private static readonly FrozenSet<string> s_properties = Set(
        "fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-dasharray stroke-dashoffset stroke-opacity stroke-miterlimit "
        + "opacity color display visibility font-family font-size font-style font-weight font-variant font-stretch letter-spacing word-spacing text-anchor "
        + "text-decoration dominant-baseline alignment-baseline baseline-shift writing-mode clip-path clip-rule stop-color stop-opacity vector-effect "
        + "paint-order shape-rendering text-rendering image-rendering");

    private static readonly FrozenSet<string> s_functions = Set("rgb rgba hsl hsla matrix translate translateX translateY scale scaleX scaleY rotate skewX skewY");

    public static bool MayStay(string element) => s_elements.Contains(element);

    /// <summary>Whether what is written in the element is shown or read out.</summary>
    public static bool HasText(string element) => s_text.Contains(element);

    /// <summary>The attribute's value as it may stay; null if it may not.</summary>
    public static string? Clean(string element, string name, string nameSpace, string value) => (nameSpace, name) switch
    {
        ("" or XLink, "href") => MayRefer(element, value) ? value : null,
        (Xml, "space" or "lang") => value,
        ("", "style") => CleanStyle(value),
        ("", _) when s_attributes.Contains(name) || s_properties.Contains(name) => IsHarmless(value) ? value : null,
        _ => null,
    };

    // A picture comes along as data; a gradient continues another one of this document.
    private static bool MayRefer(string element, string value) => element switch
    {
        "image" => Picture().IsMatch(value),
        "linearGradient" or "radialGradient" => Fragment().IsMatch(value),
        _ => false,
    };

    private static string? CleanStyle(string style)
    {
        var kept = style.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(declaration =>
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            return colon > 0 && s_properties.Contains(declaration[..colon].TrimEnd()) && IsHarmless(declaration[(colon + 1)..]);
        }).ToList();
        return kept.Count > 0 ? string.Join(';', kept) : null;
    }

    /// <summary>Whether a value names nothing outside of the document: no escapes that hide a function, no functions but these.</summary>
    private static bool IsHarmless(string value)
    {
        if (!Characters().IsMatch(value)) return false;
        for (var at = value.IndexOf('(', StringComparison.Ordinal); at >= 0; at = value.IndexOf('(', at + 1))
        {
            var end = at;
            while (end > 0 && char.IsWhiteSpace(value[end - 1])) end--;
            var start = end;
            while (start > 0 && (char.IsLetterOrDigit(value[start - 1]) || value[start - 1] is '-' or '_')) start--;
            if (!s_functions.Contains(value[start..end]) && !LocalUrl().IsMatch(value.AsSpan(start))) return false;
        }

        return true;
    }

    private static FrozenSet<string> Set(string names) => names.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    [GeneratedRegex("""\A[\p{L}\p{N}\s.,%#+\-()'"_:/]*\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Characters();

    [GeneratedRegex("""\Aurl\(\s*(["']?)#[A-Za-z_][\w.-]*\1\s*\)""", RegexOptions.CultureInvariant)]
    private static partial Regex LocalUrl();

    [GeneratedRegex(@"\A#[A-Za-z_][\w.-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Fragment();

    [GeneratedRegex(@"\Adata:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Picture();
}
