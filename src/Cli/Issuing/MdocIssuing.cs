using Credentials.Codecs;
using Credentials.Mdoc;

namespace Credentials.Cli.Issuing;

/// <summary><c>issue --format mso_mdoc</c>: IssuerSigned in base64url, as OpenID4VCI hands it out (Appendix A.2.4).</summary>
internal static class MdocIssuing
{
    private const int DefaultDays = 365;

    internal static async Task<string> IssueAsync(IssueOrder order)
    {
        var arguments = order.Arguments;
        if (arguments.Values("--sd").Count > 0)
            throw CommandException.Usage("--sd is for SD-JWTs: every data element of an mdoc can be disclosed on its own");
        var certificate = arguments.Value("--cert") ?? throw CommandException.Usage("an mdoc needs its signer's certificate: --cert");
        var content = new MdocContent
        {
            DocType = order.Type,
            NameSpaces = MdocElements.FromJson(order.Type, order.Claims),
            DeviceKey = await order.HolderAsync() ?? throw CommandException.Usage("an mdoc is bound to a key of its holder: --holder"),
            Certificates = await KeyFiles.LoadChainAsync(certificate, order.Key.PublicKey, order.Context),
            Signed = order.Context.Now,
            ValidUntil = order.ValidUntil ?? order.Context.Now.AddDays(DefaultDays),
            Status = order.Status is { } status ? [status] : [],
        };
        return StrictBase64Url.Encode(await MdocIssuer.IssueAsync(content, order.Key, order.Context.Cancelled));
    }
}
