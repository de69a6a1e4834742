using Credentials.Http;
using Credentials.OpenId4Vci;
using Credentials.Wallet.Core.Documents;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>
/// Takes the logo that an issuer names for itself or a document (OpenID4VCI 1.0 §12.2.4; HAIP 1.0 §4.1: PNG and SVG, by data: and https: URLs).
/// It is fetched while the issuer is being asked for a document anyway, and never when it is looked at. Whatever goes wrong, there is none.
/// </summary>
internal static class LogoReader
{
    // No redirects: they would lead to where CardPicture.MayFetch does not go.
    private static readonly FetchRule s_logo = new(LogoImage.MediaTypes) { MaxBytes = LogoImage.MaxBytes, MaxRedirects = 0, Timeout = TimeSpan.FromSeconds(3) };

    /// <summary>The first logo of a display array; null where there is none that can be had and shown.</summary>
    public static async Task<OfferedLogo?> ReadAsync(OutboundHttp http, string issuer, IReadOnlyList<DisplayText> display, CancellationToken cancellationToken)
    {
        if (display.FirstOrDefault(entry => entry.LogoUri is not null)?.LogoUri is not { } uri || !CardPicture.MayFetch(uri, issuer)) return null;
        try
        {
            var image = uri.StartsWith("data:", StringComparison.Ordinal)
                ? LogoImage.FromDataUri(uri)
                : LogoImage.Parse((await http.GetAsync(new Uri(uri), s_logo, cancellationToken: cancellationToken).ConfigureAwait(false)).Body);
            return new OfferedLogo(image, DisplayNames.From(display.Where(entry => entry.LogoUri == uri).Select(entry => (entry.Locale, entry.LogoAltText))));
        }
        catch (CredentialException)
        {
            return null;
        }
    }
}
