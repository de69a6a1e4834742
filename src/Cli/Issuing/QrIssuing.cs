using System.Security.Cryptography.X509Certificates;
using Credentials.QrDocuments;
using Credentials.X509;

namespace Credentials.Cli.Issuing;

/// <summary><c>issue --format qr+cwt</c> and <c>hcert</c>: the text of a QR code.</summary>
internal static class QrIssuing
{
    private const int DefaultDays = 90;

    internal static bool IsPrinted(string format) => format is CredentialFormat.QrCwt or CredentialFormat.Hcert;

    internal static async Task<string> IssueAsync(IssueOrder order)
    {
        RefuseWhatPaperHasNot(order);
        var content = new QrDocumentContent
        {
            Type = order.Type,
            Claims = order.Claims,
            IssuedAt = order.Context.Now,
            ExpiresAt = ValidUntil(order),
            Status = order.Status,
            Certificates = await CertificatesAsync(order),
            CarriesCertificates = !order.Arguments.Flag("--by-key-id"),
        };
        return await IssueAsync(() => QrDocumentIssuer.IssueAsync(content, order.Key, order.Context.Cancelled));
    }

    internal static async Task<string> IssueHcertAsync(IssueOrder order)
    {
        RefuseWhatPaperHasNot(order);
        if ((order.Arguments.Value("--type") ?? QrDocumentNames.DccType) != QrDocumentNames.DccType)
            throw CommandException.Usage($"the type of an hcert is {QrDocumentNames.DccType}");
        if (order.Status is not null)
            throw CommandException.Usage("an hcert has no status: it is called back by calling back its signer");
        if (await CertificatesAsync(order) is not [var signer, ..])
            throw CommandException.Usage("an hcert needs its signer's certificate: --cert");
        var content = new HcertContent
        {
            Dcc = order.Claims,
            Country = CertificateSubject.Of(signer).Countries is [var country] ? country : null,
            IssuedAt = order.Context.Now,
            ExpiresAt = ValidUntil(order),
            Signer = signer,
        };
        return await IssueAsync(() => QrDocumentIssuer.IssueHcertAsync(content, order.Key, order.Context.Cancelled));
    }

    private static async Task<string> IssueAsync(Func<ValueTask<string>> issue)
    {
        try
        {
            return await issue();
        }
        catch (MalformedDataException tooLarge) when (tooLarge.Code == QrDocumentCodes.TooLarge)
        {
            throw CommandException.Usage(tooLarge.Message, "leave claims out, or use --by-key-id");
        }
    }

    private static void RefuseWhatPaperHasNot(IssueOrder order)
    {
        if (order.Arguments.Values("--sd").Count > 0)
            throw CommandException.Usage("--sd is for SD-JWTs: whoever scans a printed document reads all of it");
        if (order.Arguments.Value("--holder") is not null)
            throw CommandException.Usage("a printed document is bound to no key of its holder: leave --holder out");
    }

    private static DateTimeOffset ValidUntil(IssueOrder order) => order.ValidUntil ?? order.Context.Now.AddDays(DefaultDays);

    private static async Task<IReadOnlyList<X509Certificate2>> CertificatesAsync(IssueOrder order) =>
        order.Arguments.Value("--cert") is { } certificate ? await KeyFiles.LoadChainAsync(certificate, order.Key.PublicKey, order.Context) : [];
}
