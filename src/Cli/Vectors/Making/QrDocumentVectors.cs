using System.Formats.Cbor;
using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Dcql;
using Credentials.QrDocuments;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Cli.Vectors.Making;

/// <summary>Printed documents: those that are accepted, and for every check one in which only that check fails.</summary>
internal static class QrDocumentVectors
{
    private const string Area = "qr-document";

    private static readonly string[] Golden = ["accepted", "only_format_fails", "only_validity_fails"];

    private sealed record Case(string Name, string Description, string Text, (string Check, string Code)? Failure = null)
    {
        /// <summary>Whom to trust; null: the authority.</summary>
        public JsonObject? Trust { get; init; }

        /// <summary>What else is asked of the document.</summary>
        public JsonObject Input { get; init; } = [];
    }

    internal static async Task MakeAsync(VectorWriter writer, CancellationToken cancelled)
    {
        using var parts = new QrDocumentParts();
        foreach (var made in (IEnumerable<Case>)[.. await AcceptedAsync(parts), .. await RefusedAsync(parts)])
            await WriteAsync(writer, parts, made, cancelled);
    }

    private static async Task<Case[]> AcceptedAsync(QrDocumentParts parts)
    {
        var named = parts.Content with { CarriesCertificates = false };
        return
        [
            new("accepted", "A resident certificate that carries its signer's certificate", await parts.IssueAsync()) { Input = Asked(QrDocumentParts.Type, "family_name") },
            new("accepted_by_key_id", "It names its signer's certificate by eight bytes", await parts.IssueAsync(named)) { Trust = parts.TrustInSigner },
            new("accepted_by_a_bare_key", "It names its signer's key by eight bytes", await parts.IssueAsync(named with { Certificates = [] })) { Trust = parts.TrustInKey },
            new("accepted_hcert", "An EU Digital COVID Certificate about a test", await parts.IssueHcertAsync()) { Trust = parts.TrustInSigner },
        ];
    }

    private static async Task<Case[]> RefusedAsync(QrDocumentParts parts)
    {
        var (good, content) = (await parts.IssueAsync(), parts.Content);
        return
        [
            Only(QrDocumentChecks.Format, QrDocumentCodes.Content, "What it says has a number for a name",
                await parts.SignAnewAsync(claim: QrDocumentNames.Content, value: WriteNumberedContent)),
            Only(QrDocumentChecks.IssuerKey, X509Codes.Untrusted, "The certificate chain ends at an unknown root", await parts.IssueAsStrangerAsync()),
            Only(QrDocumentChecks.IssuerSignature, QrDocumentCodes.SignatureInvalid, "Signed by another key than the certificate's", await parts.SignAnewAsync(parts.OtherKey)),
            Only(QrDocumentChecks.Validity, QrDocumentCodes.Expired, "Expired a day ago",
                await parts.IssueAsync(content with { IssuedAt = QrDocumentParts.Now.AddDays(-9), ExpiresAt = QrDocumentParts.Now.AddDays(-1) })),
            Only(QrDocumentChecks.Type, QrDocumentCodes.TypeNotExpected, "Another type was asked for", good) with { Input = Asked("urn:other", "family_name") },
            Only(QrDocumentChecks.HolderBinding, QrDocumentCodes.NoHolderBinding, "Whoever shows it should prove to be its holder", good) with
            {
                Input = new JsonObject { ["holder_binding"] = true },
            },
            Only(QrDocumentChecks.Status, StatusListCodes.MalformedReference, "The status reference has no index",
                await parts.SignAnewAsync(claim: QrDocumentNames.Status, value: WriteStatusWithoutIndex)),
            Only(QrDocumentChecks.Query, DcqlCodes.ClaimMissing, "It lacks the claim asked for", good) with { Input = Asked(QrDocumentParts.Type, "nationality") },
            new("not_yet_valid", "Valid from tomorrow", await parts.IssueAsync(content with { NotBefore = QrDocumentParts.Now.AddDays(1) }),
                (QrDocumentChecks.Validity, QrDocumentCodes.NotYetValid)),
            new("signer_only_named", "Its signer's certificate is not at hand", await parts.IssueAsync(content with { CarriesCertificates = false }),
                (QrDocumentChecks.IssuerKey, TrustCodes.UnknownIssuer)),
            new("under_the_prefix_of_hcert", "The same message under the prefix of another format", QrDocumentNames.HcertPrefix + good[QrDocumentNames.QrCwtPrefix.Length..],
                (QrDocumentChecks.Format, QrDocumentCodes.Malformed)),
            new("of_a_later_version", "The prefix of a version that is not known", "QD2:" + good[QrDocumentNames.QrCwtPrefix.Length..],
                (QrDocumentChecks.Format, QrDocumentCodes.Prefix)),
        ];
    }

    private static Case Only(string check, string code, string description, string text) => new($"only_{check}_fails", description, text, (check, code));

    private static JsonObject Asked(string type, string claim) => new() { ["types"] = new JsonArray(type), ["query"] = new JsonArray(new JsonArray(claim)) };

    private static void WriteNumberedContent(CborWriter writer)
    {
        writer.WriteStartMap(1);
        writer.WriteInt32(1);
        writer.WriteTextString("김");
        writer.WriteEndMap();
    }

    private static void WriteStatusWithoutIndex(CborWriter writer)
    {
        writer.WriteStartMap(1);
        writer.WriteTextString("status_list");
        writer.WriteStartMap(1);
        writer.WriteTextString("uri");
        writer.WriteTextString("https://status.example/1");
        writer.WriteEndMap();
        writer.WriteEndMap();
    }

    private static async Task WriteAsync(VectorWriter writer, QrDocumentParts parts, Case made, CancellationToken cancelled)
    {
        var input = new JsonObject { ["text"] = made.Text };
        foreach (var (name, value) in made.Input)
            input[name] = value?.DeepClone();
        var scenario = new JsonObject
        {
            ["description"] = made.Description,
            ["operation"] = "qr-document.verify",
            ["now"] = QrDocumentParts.Now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["trust"] = made.Trust ?? parts.TrustInAuthority,
            ["input"] = input,
        };
        var report = await QrDocumentScenarios.ReportAsync(VectorWriter.Preview(scenario), cancelled);
        writer.Write(Area, made.Name, scenario, made.Failure, report, Golden.Contains(made.Name));
    }
}
