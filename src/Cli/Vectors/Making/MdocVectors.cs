using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Dcql;
using Credentials.Mdoc;
using Credentials.StatusLists;
using Credentials.X509;

namespace Credentials.Cli.Vectors.Making;

/// <summary>ISO mdoc: presentations that are accepted, and for every check one in which only that check fails.</summary>
internal static class MdocVectors
{
    private const string Area = "mdoc";

    private static readonly string[] Golden = ["accepted", "only_device_auth_fails", "only_format_fails"];

    private sealed record Case(string Name, string Description, byte[] Bytes, (string Check, string Code)? Failure = null)
    {
        /// <summary>The private key of the reader, where the session has one.</summary>
        public JsonObject? ReaderKey { get; init; }
    }

    internal static async Task MakeAsync(VectorWriter writer, CancellationToken cancelled)
    {
        using var parts = new MdocParts();
        foreach (var made in (IEnumerable<Case>)[.. await IssuerCasesAsync(parts), .. await DeviceCasesAsync(parts)])
            await WriteAsync(writer, parts, made, cancelled);
    }

    private static Case Only(string check, string code, string description, byte[] bytes) => new($"only_{check}_fails", description, bytes, (check, code));

    private static async Task<Case[]> IssuerCasesAsync(MdocParts parts)
    {
        var good = await parts.SignAsync();
        var content = parts.Content;
        return
        [
            new("accepted", "A licence with a device signature and a query, all good", good),
            Only(MdocChecks.Format, MdocCodes.ElementType, "A name is a number", await parts.SignAsync(await parts.IssueAsync(parts.ContentOfWrongType()))),
            Only(MdocChecks.IssuerChain, X509Codes.Untrusted, "The certificate chain ends at an unknown root", await parts.SignAsync(await parts.IssueAsync(parts.ContentOfStranger()))),
            Only(MdocChecks.IssuerSignature, MdocCodes.SignatureInvalid, "Signed by another key than the certificate's",
                await parts.SignAsync(await parts.IssueAsync(key: parts.OtherKey))),
            Only(MdocChecks.DocType, MdocCodes.DocTypeMismatch, "The document type outside is not the signed one", await parts.SignAsync("org.iso.23220.photoid.1", hasOwnElement: false)),
            Only(MdocChecks.ValueDigests, MdocCodes.DigestMismatch, "A name is another one than the issuer signed", MdocParts.Replace(good, "Kim", "Lee")),
            Only(MdocChecks.Validity, MdocCodes.Expired, "Expired a day ago", await parts.SignAsync(await parts.IssueAsync(content with { ValidUntil = MdocParts.Now.AddDays(-1) }))),
            new("not_yet_valid", "Valid from tomorrow", await parts.SignAsync(await parts.IssueAsync(content with { ValidFrom = MdocParts.Now.AddDays(2) })), (MdocChecks.Validity, MdocCodes.NotYetValid)),
            Only(MdocChecks.Status, StatusListCodes.MalformedReference, "The status reference has no index",
                await parts.SignAsync(await parts.IssueAsync(content with { Status = [new MdocParts.IncompleteStatus()] }))),
            Only(MdocChecks.Query, DcqlCodes.ClaimMissing, "The element asked for is withheld", await parts.SignAsync(isWithheld: true)),
        ];
    }

    private static async Task<Case[]> DeviceCasesAsync(MdocParts parts)
    {
        var mac = await parts.AuthenticateAsync();
        using var another = Keys.Software.SoftwareKeyAgreementKey.Generate();
        return
        [
            Only(MdocChecks.DeviceAuth, MdocCodes.DeviceAuthInvalid, "The device signature is another key's", await parts.SignAsync(key: parts.OtherKey)),
            new("signed_for_another_session", "The device signed another session", await parts.SignAsync(session: parts.OtherSession), (MdocChecks.DeviceAuth, MdocCodes.DeviceAuthInvalid)),
            Only(MdocChecks.KeyAuthorizations, MdocCodes.NotAuthorized, "The device signed a name of its own, which the issuer did not authorize",
                await parts.SignAsync(MdocNames.MdlDocType, hasOwnElement: true)),
            new("mac_accepted", "A licence with a device MAC for the session's reader", mac) { ReaderKey = parts.ReaderKey.ExportPrivateJwk() },
            new("mac_for_another_reader", "The device MAC is for another reader's key", mac, (MdocChecks.DeviceAuth, MdocCodes.DeviceAuthInvalid)) { ReaderKey = another.ExportPrivateJwk() },
            new("mac_without_a_reader_key", "A device MAC where only a signature can be checked", mac, (MdocChecks.DeviceAuth, MdocCodes.DeviceMacUnusable)),
            new("issuer_signed_alone", "What the issuer signed, without any proof of the device", (await parts.IssueAsync()).Encode(), (MdocChecks.DeviceAuth, MdocCodes.DeviceAuthMissing)),
        ];
    }

    private static async Task WriteAsync(VectorWriter writer, MdocParts parts, Case made, CancellationToken cancelled)
    {
        var input = new JsonObject
        {
            ["mdoc_hex"] = Convert.ToHexStringLower(made.Bytes),
            ["session_transcript_bytes_hex"] = Convert.ToHexStringLower(parts.Session.ToEncodedCbor().Bytes.Span),
            ["doctypes"] = new JsonArray(MdocNames.MdlDocType),
            ["query"] = new JsonArray(new JsonArray(MdocNames.MdlNamespace, "age_over_19")),
        };
        if (made.ReaderKey is not null)
            input["reader_private_jwk"] = made.ReaderKey;
        var scenario = new JsonObject
        {
            ["description"] = made.Description,
            ["operation"] = "mdoc.verify",
            ["now"] = MdocParts.Now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["trust"] = new JsonObject { ["certificates"] = new JsonArray(parts.Authority.Certificate.ExportCertificatePem()) },
            ["input"] = input,
        };
        var report = await MdocScenarios.ReportAsync(VectorWriter.Preview(scenario), cancelled);
        writer.Write(Area, made.Name, scenario, made.Failure, report, Golden.Contains(made.Name));
    }
}
