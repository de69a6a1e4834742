using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>Where an SVG template stands, and for what it was drawn (SD-JWT VC §5.5.1.2).</summary>
/// <param name="Uri">An https URL or a data: URI.</param>
/// <param name="Integrity">The hash of the template; null where there is none.</param>
public sealed record SvgTemplateReference(string Uri, string? Integrity)
{
    private const string Code = SdJwtCodes.TypeMetadataMalformed;
    private const string DataPrefix = "data:image/svg+xml;base64,";
    private const int MaxTemplates = 32;

    /// <summary><c>portrait</c> or <c>landscape</c>, if it says so.</summary>
    public string? Orientation { get; init; }

    /// <summary><c>light</c> or <c>dark</c>, if it says so.</summary>
    public string? ColorScheme { get; init; }

    /// <summary><c>normal</c> or <c>high</c>, if it says so.</summary>
    public string? Contrast { get; init; }

    /// <summary>The templates of one language; empty where the type has none.</summary>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.TypeMetadataMalformed"/>.</exception>
    public static IReadOnlyList<SvgTemplateReference> ReadAll(TypeDisplay display)
    {
        ArgumentNullException.ThrowIfNull(display);
        if (display.Rendering?.OptionalArray("svg_templates", Code) is not { } templates) return [];
        var count = templates.GetArrayLength();
        if (count > MaxTemplates) throw new MalformedDataException(Code, "A type has too many SVG templates.");
        return [.. templates.EnumerateArray().Select(template => Read(template, needsProperties: count > 1))];
    }

    /// <summary>The template itself where the URI holds it; null where it stands somewhere else.</summary>
    internal ReadOnlyMemory<byte>? OwnData()
    {
        if (!Uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return null;
        if (!Uri.StartsWith(DataPrefix, StringComparison.Ordinal)) throw new MalformedDataException(Code, "The data: URI of an SVG template is no SVG in base64.");
        return StrictBase64.Decode(Uri[DataPrefix.Length..], Code);
    }

    private static SvgTemplateReference Read(JsonElement json, bool needsProperties)
    {
        var properties = json.OptionalObject("properties", Code);
        if (properties is null && needsProperties) throw new MalformedDataException(Code, "One of several SVG templates does not say for what it was drawn.");
        return new SvgTemplateReference(json.RequireString("uri", Code), json.OptionalString("uri#integrity", Code))
        {
            Orientation = properties?.OptionalString("orientation", Code),
            ColorScheme = properties?.OptionalString("color_scheme", Code),
            Contrast = properties?.OptionalString("contrast", Code),
        };
    }
}
