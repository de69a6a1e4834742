using System.Text.Json.Nodes;
using Credentials.Dcql;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.X509;

namespace Credentials.Cli.Vectors.Making;

/// <summary>SD-JWT: a presentation that is accepted, and for every check one in which only that check fails.</summary>
internal static class SdJwtVectors
{
    private const string Area = "sd-jwt";

    private static readonly string[] Golden = ["accepted", "only_kb_nonce_fails", "only_format_fails"];

    private sealed record Case(string Check, string Description, string Code, string Text);

    internal static async Task MakeAsync(VectorWriter writer, CancellationToken cancelled)
    {
        using var parts = new SdJwtParts();
        var accepted = await parts.PresentAsync(parts.Payload());
        await WriteAsync(writer, parts, "accepted", "A presentation with key binding, transaction data and a query, all good", null, accepted, cancelled);
        foreach (var made in (IEnumerable<Case>)[.. await IssuerCasesAsync(parts), .. await HolderCasesAsync(parts)])
            await WriteAsync(writer, parts, $"only_{made.Check}_fails", made.Description, (made.Check, made.Code), made.Text, cancelled);
    }

    private static async Task<Case[]> IssuerCasesAsync(SdJwtParts parts)
    {
        var olderType = parts.Header;
        olderType["typ"] = "vc+sd-jwt";
        var twice = SdJwtParts.Digest("decoy");
        var noIndex = new JsonObject { ["status_list"] = new JsonObject { ["uri"] = "https://status.example/1" } };
        return
        [
            new("format", "The final tilde is missing", SdJwtCodes.Malformed, (await parts.SignAsync(parts.Payload())).TrimEnd('~')),
            new("issuer_key", "The certificate chain ends at an unknown root", X509Codes.Untrusted, await parts.PresentAsync(parts.Payload(), parts.StrangeHeader())),
            new("issuer_signature", "Signed by another key than the certificate's", SdJwtCodes.SignatureInvalid,
                await parts.PresentAsync(parts.Payload(), key: parts.OtherKey)),
            new("digests", "One digest appears twice", SdJwtCodes.DigestRepeated,
                await parts.PresentAsync(parts.Payload("_sd", new JsonArray(SdJwtParts.Digest(parts.Name), twice, twice)))),
            new("disclosures", "The disclosed name exists already", SdJwtCodes.ClaimNameTaken, await parts.PresentAsync(parts.Payload("given_name", "Eva"))),
            new("validity", "Expired 61 seconds ago", SdJwtCodes.Expired, await parts.PresentAsync(parts.Payload("exp", SdJwtParts.Now.ToUnixTimeSeconds() - 61))),
            new("type", "The typ of an earlier draft", SdJwtCodes.HeaderType, await parts.PresentAsync(parts.Payload(), olderType)),
            new("holder_key", "cnf names a key by reference", SdJwtCodes.HolderKeyUnsupported,
                await parts.PresentAsync(parts.Payload("cnf", new JsonObject { ["kid"] = "1" }))),
            new("status", "The status reference has no index", StatusListCodes.MalformedReference, await parts.PresentAsync(parts.Payload("status", noIndex))),
        ];
    }

    private static async Task<Case[]> HolderCasesAsync(SdJwtParts parts)
    {
        var sdJwt = await parts.SignAsync(parts.Payload());
        return
        [
            new("kb_signature", "The key binding JWT is signed by another key", SdJwtCodes.BindingSignatureInvalid, await parts.BindAsync(sdJwt, key: parts.OtherKey)),
            new("kb_audience", "Made for another verifier", SdJwtCodes.BindingAudience, await parts.BindAsync(sdJwt, "aud", "x509_hash:another")),
            new("kb_nonce", "Made for another request", SdJwtCodes.BindingNonce, await parts.BindAsync(sdJwt, "nonce", "n-another")),
            new("kb_time", "Made 301 seconds ago", SdJwtCodes.BindingTime, await parts.BindAsync(sdJwt, "iat", SdJwtParts.Now.ToUnixTimeSeconds() - 301)),
            new("kb_sd_hash", "The hash covers other disclosures", SdJwtCodes.BindingSdHash,
                await parts.BindAsync(sdJwt, "sd_hash", SdJwtParts.Digest(SdJwtParts.Withhold(sdJwt)))),
            new("transaction_data", "Other transaction data is confirmed", SdJwtCodes.TransactionDataMismatch,
                await parts.BindAsync(sdJwt, "transaction_data_hashes", new JsonArray(SdJwtParts.Digest("other")))),
            new("query", "The claim asked for is withheld", DcqlCodes.ClaimMissing, await parts.BindAsync(SdJwtParts.Withhold(sdJwt))),
        ];
    }

    private static async Task WriteAsync(
        VectorWriter writer, SdJwtParts parts, string name, string description, (string Check, string Code)? failure, string text, CancellationToken cancelled)
    {
        var scenario = new JsonObject
        {
            ["description"] = description,
            ["operation"] = "sd-jwt.verify",
            ["now"] = SdJwtParts.Now.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
            ["trust"] = new JsonObject { ["certificates"] = new JsonArray(parts.Authority.Certificate.ExportCertificatePem()) },
            ["input"] = new JsonObject
            {
                ["profile"] = "credential",
                ["sd_jwt"] = text,
                ["key_binding"] = new JsonObject
                {
                    ["audience"] = SdJwtParts.Audience,
                    ["nonce"] = SdJwtParts.Nonce,
                    ["transaction_data"] = new JsonArray(SdJwtParts.TransactionData),
                },
                ["query"] = new JsonArray(new JsonArray("given_name")),
            },
        };
        var report = await SdJwtScenarios.ReportAsync(VectorWriter.Preview(scenario), cancelled);
        writer.Write(Area, name, scenario, failure, report, Golden.Contains(name));
    }
}
