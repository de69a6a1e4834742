using Credentials.Http;
using Credentials.OpenId4Vci;
using Credentials.SdJwt.TypeMetadata;
using Credentials.Wallet.Core.Documents;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>
/// Takes the pictures that an issuer names for itself or a document (OpenID4VCI 1.0 §12.2.4; HAIP 1.0 §4.1: PNG and SVG, by data: and https: URLs),
/// or type metadata for the type (SD-JWT VC §5.5.1.1). They are fetched while the issuer is being asked for a document anyway, and never when
/// they are looked at. Whatever goes wrong, there is none.
/// </summary>
internal static class LogoReader
{
    // No redirects: they would lead to where CardPicture.MayFetch does not go.
    private static readonly FetchRule s_logo = new(LogoImage.MediaTypes) { MaxBytes = LogoImage.MaxBytes, MaxRedirects = 0, Timeout = TimeSpan.FromSeconds(3) };

    private sealed record Named(string? Locale, string? Uri, string? Text, string? Integrity = null);

    /// <summary>The first logo of a display array; null where there is none that can be had and shown.</summary>
    public static Task<OfferedLogo?> ReadAsync(OutboundHttp http, string issuer, IReadOnlyList<DisplayText> display, CancellationToken cancellationToken) =>
        ReadAsync(http, issuer, display.Select(entry => new Named(entry.Locale, entry.LogoUri, entry.LogoAltText)), cancellationToken);

    /// <summary>The first logo of a type; null likewise.</summary>
    public static Task<OfferedLogo?> ReadAsync(OutboundHttp http, string issuer, IReadOnlyList<TypeDisplay> display, CancellationToken cancellationToken) =>
        ReadAsync(http, issuer, display.Select(entry => Of(entry, PictureReference.ReadLogo)), cancellationToken);

    /// <summary>The first picture of a display array that stands behind a card; null likewise.</summary>
    public static Task<OfferedLogo?> ReadBackgroundAsync(OutboundHttp http, string issuer, IReadOnlyList<DisplayText> display, CancellationToken cancellationToken) =>
        ReadAsync(http, issuer, display.Select(entry => new Named(entry.Locale, entry.BackgroundImageUri, null)), cancellationToken);

    /// <summary>The first picture of a type that stands behind a card; null likewise.</summary>
    public static Task<OfferedLogo?> ReadBackgroundAsync(OutboundHttp http, string issuer, IReadOnlyList<TypeDisplay> display, CancellationToken cancellationToken) =>
        ReadAsync(http, issuer, display.Select(entry => Of(entry, PictureReference.ReadBackground)), cancellationToken);

    private static Named Of(TypeDisplay entry, Func<TypeDisplay, PictureReference?> read)
    {
        var picture = read(entry);
        return new Named(entry.Locale, picture?.Uri, picture?.AltText, picture?.Integrity);
    }

    private static async Task<OfferedLogo?> ReadAsync(OutboundHttp http, string issuer, IEnumerable<Named> display, CancellationToken cancellationToken)
    {
        try
        {
            var entries = display.ToList();
            if (entries.Find(entry => entry.Uri is not null) is not { Uri: { } uri } first || !CardPicture.MayFetch(uri, issuer)) return null;
            var image = uri.StartsWith("data:", StringComparison.Ordinal)
                ? LogoImage.FromDataUri(uri, first.Integrity)
                : LogoImage.Parse((await http.GetAsync(new Uri(uri), s_logo, cancellationToken: cancellationToken).ConfigureAwait(false)).Body, first.Integrity);
            return new OfferedLogo(image, DisplayNames.From(entries.Where(entry => entry.Uri == uri).Select(entry => (entry.Locale, entry.Text))));
        }
        catch (CredentialException)
        {
            return null;
        }
    }
}
