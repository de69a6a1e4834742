using System.Text;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>
/// A credential offer as it travels in a QR code or deep link (OpenID4VCI §4.1.2, §4.1.3): by value or by reference, never both.
/// Parsing fetches nothing: whoever holds the link asks the user first.
/// </summary>
public sealed record CredentialOfferLink
{
    private const string Code = OpenId4VciCodes.OfferLink;
    private const string Start = OpenId4VciNames.OfferScheme + "://";

    /// <summary>Longest link that is read, in characters: what fits a QR code.</summary>
    public const int MaxLength = 4096;

    private CredentialOfferLink(CredentialOffer? offer, Uri? reference)
    {
        Offer = offer;
        Reference = reference;
    }

    /// <summary>The offer, when it came by value.</summary>
    public CredentialOffer? Offer { get; }

    /// <summary>Where the offer is, when it came by reference.</summary>
    public Uri? Reference { get; }

    /// <summary>Writes a link that carries the offer itself.</summary>
    public static string ByValue(CredentialOffer offer) =>
        Start + "?credential_offer=" + Uri.EscapeDataString(StrictJson.ToText(offer.ToJson()));

    /// <summary>Writes a link to an offer.</summary>
    public static string ByReference(Uri location) =>
        Start + "?credential_offer_uri=" + Uri.EscapeDataString(location.OriginalString);

    /// <summary>Reads a link.</summary>
    /// <param name="text">What was scanned or opened.</param>
    /// <param name="allowLoopbackHttp">Whether plain http URLs to this machine are allowed.</param>
    /// <exception cref="MalformedDataException">Not a credential offer link, both or neither parameter, a parameter twice, or an unusable URL or offer.</exception>
    public static CredentialOfferLink Parse(string text, bool allowLoopbackHttp)
    {
        if (text.Length > MaxLength || text.Any(c => c is <= ' ' or >= '\u007f'))
            throw new MalformedDataException(Code, "The link is too long or has characters that a link cannot have.");
        if (!text.StartsWith(Start, StringComparison.OrdinalIgnoreCase))
            throw new MalformedDataException(Code, $"The link does not begin with {Start}.");
        var query = text.IndexOf('?');
        if (query < 0 || text.Contains('#') || text[Start.Length..query].Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '/')))
            throw new MalformedDataException(Code, "The link has no query, or a fragment or authority that it cannot have.");

        var parameters = StrictForm.Parse(Encoding.ASCII.GetBytes(text[(query + 1)..]), Code);
        var value = parameters.GetValueOrDefault("credential_offer");
        var reference = parameters.GetValueOrDefault("credential_offer_uri");
        if (value is null == reference is null)
            throw new MalformedDataException(Code, "The link must carry exactly one of credential_offer and credential_offer_uri.");
        return value is not null
            ? new CredentialOfferLink(CredentialOffer.Parse(StrictJson.Parse(value, JsonLimits.Default, OpenId4VciCodes.Offer), allowLoopbackHttp), null)
            : new CredentialOfferLink(null, ServiceUrl.Require(reference!, allowLoopbackHttp, OpenId4VciCodes.Url));
    }
}
