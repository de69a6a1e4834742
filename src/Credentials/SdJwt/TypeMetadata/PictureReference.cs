using Credentials.Codecs;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>A picture that type metadata names for cards that no template draws (SD-JWT VC §5.5.1.1). It is somebody else's.</summary>
/// <param name="Uri">Where it is: any URI, to be judged by whoever fetches it.</param>
/// <param name="Integrity">The hash of the picture; null where there is none.</param>
/// <param name="AltText">What is read out in the place of a logo; null where it does not say.</param>
public sealed record PictureReference(string Uri, string? Integrity, string? AltText)
{
    private const string Code = SdJwtCodes.TypeMetadataMalformed;

    /// <summary>The logo of one language; null where the type has none.</summary>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.TypeMetadataMalformed"/>.</exception>
    public static PictureReference? ReadLogo(TypeDisplay display) => Read(display, "logo");

    /// <summary>The picture behind the card in one language; null where the type has none.</summary>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.TypeMetadataMalformed"/>.</exception>
    public static PictureReference? ReadBackground(TypeDisplay display) => Read(display, "background_image");

    private static PictureReference? Read(TypeDisplay display, string name)
    {
        ArgumentNullException.ThrowIfNull(display);
        return display.Rendering?.OptionalObject("simple", Code)?.OptionalObject(name, Code) is { } picture
            ? new PictureReference(picture.RequireString("uri", Code), picture.OptionalString("uri#integrity", Code), picture.OptionalString("alt_text", Code))
            : null;
    }
}
