using Credentials.Http;
using Credentials.OpenId4Vci;
using Credentials.SdJwt.TypeMetadata;
using Credentials.Wallet.Core.Documents;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>
/// Draws a received SD-JWT VC by the SVG template of its type (SD-JWT VC §5.5.1.2). It is drawn once, when the document is received, so
/// that looking at it later tells nobody. A document without a picture is as good as one with it: whatever goes wrong, there is none.
/// </summary>
internal static class CardPicture
{
    private const int MaxLength = 512 * 1024;

    /// <summary>A sanitised SVG document, null where there is none; and how the type is shown otherwise, where it says so.</summary>
    public static async Task<(string? Svg, IReadOnlyList<TypeDisplay> Display)> DrawAsync(
        WalletContext wallet, string issuer, CredentialConfiguration configuration, HeldCredential held, CancellationToken cancellationToken)
    {
        IReadOnlyList<TypeDisplay> known = [];
        if (configuration.Vct is not { } type || configuration.Format != CredentialFormat.SdJwtVc) return (null, known);
        try
        {
            var client = new TypeMetadataClient(await RegistryAsync(wallet.Options.Http, issuer, configuration, cancellationToken).ConfigureAwait(false), wallet.Options.Http);
            var integrity = held.Claims.TryGetProperty("vct#integrity", out var value) ? value.GetString() : null;
            var metadata = await client.FetchAsync(type, integrity, wallet.Now, cancellationToken).ConfigureAwait(false);
            known = metadata.Display;
            foreach (var display in known)
            {
                var templates = SvgTemplateReference.ReadAll(display);
                var template = templates.FirstOrDefault(template => template.Orientation != "portrait") ?? (templates.Count > 0 ? templates[0] : null);
                if (template is null || !MayFetch(template.Uri, issuer)) continue;
                var picture = SvgTemplate.Fill(await client.FetchAsync(template, wallet.Now, cancellationToken).ConfigureAwait(false), metadata, held.Claims);
                if (picture.Length <= MaxLength) return (picture, known);
            }
        }
        catch (CredentialException)
        {
        }
        return (null, known);
    }

    // Our own parameter, for types whose vct is no URL. Only from the issuer itself.
    private static async Task<IEnumerable<ReadOnlyMemory<byte>>> RegistryAsync(
        OutboundHttp http, string issuer, CredentialConfiguration configuration, CancellationToken cancellationToken) =>
        configuration.TypeMetadataUri is { } uri && IsSameOrigin(uri, issuer)
            ? [(await http.GetAsync(new Uri(uri), FetchRule.Json, cancellationToken: cancellationToken).ConfigureAwait(false)).Body]
            : [];

    /// <summary>Whether a picture that an issuer names is fetched: from a third party it is not, which would learn who receives what.</summary>
    public static bool MayFetch(string uri, string issuer) => uri.StartsWith("data:", StringComparison.Ordinal) || IsSameOrigin(uri, issuer);

    private static bool IsSameOrigin(string uri, string issuer) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var target) && Uri.Compare(target, new Uri(issuer), UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
