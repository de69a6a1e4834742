using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.X509;

namespace Credentials.Cli.Verbs;

internal static class PkiNewVerb
{
    internal static Task<int> RunAsync(CommandContext context)
    {
        var directory = context.Arguments.Required("--out");
        var country = context.Arguments.Value("--country") ?? "KR";
        if (country.Length != 2 || !country.All(char.IsAsciiLetterUpper))
            throw CommandException.Usage("--country is two capital letters (ISO 3166-1), for example KR");
        var name = context.Arguments.Value("--name") ?? "Credentials Demo Authority";
        IReadOnlyList<string> dnsNames = context.Arguments.Values("--dns") is { Count: > 0 } names ? names : ["localhost"];
        foreach (var file in Files)
            OutputFiles.RequireNew(Path.Combine(directory, file));
        Directory.CreateDirectory(directory);

        using var signerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var statusKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var verifierKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var rootKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var authority = CertificateAuthority.Create(name, country, context.Now, key: rootKey);
        Save(directory, "root", authority.Certificate, rootKey);
        Save(directory, "document-signer", authority.IssueDocumentSigner(name + " Document Signer", signerKey, context.Now), signerKey);
        Save(directory, "status-signer", authority.IssueStatusSigner(name + " Status Signer", statusKey, context.Now), statusKey);
        Save(directory, "verifier", authority.IssueAccessCertificate(name + " Verifier", verifierKey, dnsNames, context.Now), verifierKey);
        Report(context, directory);
        return Task.FromResult(ExitCode.Done);
    }

    private static readonly string[] Subjects = ["root", "document-signer", "status-signer", "verifier"];

    private static IEnumerable<string> Files => Subjects.SelectMany(subject => new[] { $"{subject}.pem", $"{subject}-key.pem" });

    private static void Save(string directory, string subject, X509Certificate2 certificate, SoftwareSigningKey key)
    {
        OutputFiles.WriteNewSecret(Path.Combine(directory, $"{subject}-key.pem"), key.ExportPkcs8Pem().TrimEnd() + "\n");
        OutputFiles.Write(Path.Combine(directory, $"{subject}.pem"), certificate.ExportCertificatePem() + "\n");
    }

    private static void Report(CommandContext context, string directory)
    {
        var files = Files.Select(file => Path.Combine(directory, file)).ToList();
        if (context.Json)
            context.Terminal.Json(new JsonObject { ["files"] = new JsonArray([.. files.Select(file => JsonValue.Create(file))]) });
        else
            files.ForEach(context.Terminal.Line);
    }
}
