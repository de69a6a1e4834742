using System.Text;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.Mdoc.Proximity;
using Credentials.OpenId4Vci;
using Credentials.OpenId4Vp;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>Whatever a QR code brings to a wallet: requests, offers, engagements, and the shape of documents. Second parser for addresses: <see cref="Uri"/>.</summary>
internal sealed class LinkTarget : FuzzTarget
{
    public override string Name => "link";

    public override InputShape Shape => InputShape.Plain;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) =>
    [
        .. vectors.Texts("link", "openid4vci.offer-link"),
        .. vectors.Bytes("device_engagement_hex", "proximity.engagement").Select(bytes => Encoding.ASCII.GetBytes("mdoc:" + Codecs.StrictBase64Url.Encode(bytes))),
        .. new[]
        {
            "openid4vp://?client_id=x509_san_dns%3Averifier.example&request_uri=https%3A%2F%2Fverifier.example%2Frequest%2F1&request_uri_method=post",
            "haip-vp://?client_id=x509_hash%3AUvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk&request_uri=https%3A%2F%2Fverifier.example%2F1",
            "openid4vp://authorize?client_id=x509_san_dns%3Averifier.example&request=eyJhbGciOiJFUzI1NiJ9.e30.AA",
            "openid4vp://?client_id=redirect_uri%3Ahttps%3A%2F%2Fverifier.example%2Fcb&response_type=vp_token&response_mode=direct_post&response_uri=https%3A%2F%2Fverifier.example%2Fcb&nonce=n-0S6_WzA2Mj&state=s"
                + "&dcql_query=%7B%22credentials%22%3A%5B%7B%22id%22%3A%22a%22%2C%22format%22%3A%22dc%2Bsd-jwt%22%2C%22meta%22%3A%7B%22vct_values%22%3A%5B%22urn%3Aa%22%5D%7D%7D%5D%7D",
            "mdoc://owBjMS4wAYIB2BhYS6QBAiABIVggWojRg",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    protected override object Read(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        _ = DocumentText.FormatOf(text);
        _ = DocumentText.UnverifiedTypeOf(text);
        List<object> read = [];
        CredentialException? refused = null;
        foreach (var parse in new Func<object>[]
        {
            () => RequestUri.Parse(text), () => CredentialOfferLink.Parse(text, allowLoopbackHttp: false), () => DeviceEngagement.ParseQrText(text), () => ReaderEngagement.ParseText(text),
        })
        {
            try
            {
                read.Add(parse());
            }
            catch (CredentialException e)
            {
                refused = e;
            }
        }

        return read.Count > 0 ? read : throw refused!;
    }

    protected override void Check(byte[] input, object value)
    {
        foreach (var one in (List<object>)value)
        {
            switch (one)
            {
                case RequestUri request:
                    var link = request.ToString();
                    Require(link.Length > RequestUri.MaxLength || RequestUri.Parse(link).ToString() == link, "A request is not what it was after it was written.");
                    if (request.Location is { } location) RequireAddress(location);
                    break;
                case CredentialOfferLink { Offer: { } offer }:
                    var written = CredentialOfferLink.ByValue(offer);
                    Require(
                        written.Length > CredentialOfferLink.MaxLength || CredentialOfferLink.ByValue(CredentialOfferLink.Parse(written, false).Offer!) == written,
                        "An offer is not what it was after it was written.");
                    break;
                case CredentialOfferLink { Reference: { } reference }:
                    RequireAddress(reference);
                    Require(reference.Scheme == Uri.UriSchemeHttps, "An offer is fetched without protection.");
                    break;
                case DeviceEngagement engagement:
                    Require(DeviceEngagement.ParseQrText(engagement.ToQrText()).Encode().Span.SequenceEqual(engagement.Encode().Span), "An engagement is not what it was after it was written.");
                    break;
                case ReaderEngagement engagement:
                    Require(ReaderEngagement.ParseText(engagement.ToText()).Version == engagement.Version, "A reader's engagement is not what it was after it was written.");
                    break;
            }
        }
    }

    // Where this machine would be led to: an address with a name in it that nobody sees, or another scheme, is none.
    private static void RequireAddress(Uri address) => Require(
        address is { IsAbsoluteUri: true, UserInfo: "", Host.Length: > 0 } && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback) && address.Fragment.Length == 0, "An address leads somewhere else.");
}
