using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.Tests.Shared;
using Credentials.X509;

namespace Credentials.Cli.Tests;

/// <summary>An operator changes the signing keys of an issuer that runs.</summary>
public class KeyCommandsTests
{
    [Fact]
    public async Task Keys_are_listed_followed_up_and_certified_by_another_authority()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var (data, port) = (folder.Combine("issuer"), FreePort.Next().ToString(CultureInfo.InvariantCulture));
        async Task<IReadOnlyList<string>> StatesAsync() =>
            [.. StrictJson.Parse((await CliProgram.RunAsync("issuer", "keys", "list", "--data", data, "--json")).Succeeded()).RequireArray("keys").EnumerateArray()
                .Select(key => $"{key.RequireString("purpose")} {key.RequireString("state")}")];
        Assert.Equal(3, (await CliProgram.RunAsync("issuer", "keys", "list", "--data", data)).ExitCode);
        await using (var service = CliProgram.Start("issuer", "serve", "--data", data, "--port", port, "--json"))
        {
            var url = StrictJson.Parse(await service.ReadLineAsync(ct)).RequireString("url");
            Assert.Equal(["document-signer active", "status-signer active"], await StatesAsync());
            var made = StrictJson.Parse((await CliProgram.RunAsync("issuer", "keys", "rotate", "--data", data, "--overlap-hours", "48", "--json")).Succeeded());
            Assert.Equal("planned", made.RequireString("state"));
            Assert.Contains(made.RequireString("key_id"), (await CliProgram.RunAsync("issuer", "keys", "list", "--data", data)).Succeeded(), StringComparison.Ordinal);

            (await CliProgram.RunAsync("issuer", "keys", "request", "--data", data, "--out", folder.Combine("request.pem"))).Succeeded();
            var request = await File.ReadAllTextAsync(folder.Combine("request.pem"), ct);
            Assert.StartsWith("-----BEGIN CERTIFICATE REQUEST-----", request, StringComparison.Ordinal);
            using var authority = CertificateAuthority.Load(
                CertificateReader.FromPem(await File.ReadAllTextAsync(Path.Combine(data, "keys", "root.pem"), ct))[0],
                SoftwareSigningKey.FromPkcs8Pem(await File.ReadAllTextAsync(Path.Combine(data, "keys", "root.key.pem"), ct)));
            folder.Write("other.pem", authority.IssueDocumentSigner("Other", SoftwareSigningKey.Generate(Keys.SignatureAlgorithm.Es256), TimeProvider.System.GetUtcNow()).ExportCertificatePem());
            folder.Write("answer.pem", Answer(authority, request).ExportCertificatePem());
            var refused = await CliProgram.RunAsync("issuer", "keys", "import", "--data", data, "--certificate", folder.Combine("other.pem"));
            Assert.Equal(2, refused.ExitCode);
            Assert.StartsWith("error: issuer.key_answer: ", refused.Stderr, StringComparison.Ordinal);
            Assert.Equal(2, (await CliProgram.RunAsync("issuer", "keys", "rotate", "--data", data, "--at", "2001-01-01T00:00:00Z")).ExitCode);
            Assert.Equal(2, (await CliProgram.RunAsync("issuer", "keys", "rotate", "--data", data, "--purpose", "king")).ExitCode);
            (await CliProgram.RunAsync("issuer", "keys", "import", "--data", data, "--certificate", folder.Combine("answer.pem"), "--at", TimeProvider.System.GetUtcNow().AddHours(1).ToString("O", CultureInfo.InvariantCulture))).Succeeded();
            Assert.Equal(["document-signer active", "status-signer active", "document-signer planned", "document-signer planned"], await StatesAsync());

            // The service takes both up.
            using var http = new HttpClient();
            using var guard = CancellationTokenSource.CreateLinkedTokenSource(ct);
            guard.CancelAfter(TimeSpan.FromMinutes(3));
            while (StrictJson.Parse(await http.GetStringAsync($"{url}/jwks", guard.Token)).RequireArray("keys").GetArrayLength() < 3)
                await Task.Delay(100, guard.Token);
        }

        Assert.Contains("whole: ", (await CliProgram.RunAsync("issuer", "audit", "verify", "--data", data)).Succeeded(), StringComparison.Ordinal);
        Assert.Equal(3, (await CliProgram.RunAsync("issuer", "keys", "rotate", "--data", data, "--connection", "Host=127.0.0.1;Port=1;Timeout=1")).ExitCode);
    }

    private static X509Certificate2 Answer(CertificateAuthority authority, string request)
    {
        var asked = CertificateRequest.LoadSigningRequestPem(request, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        asked.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority.Certificate, true, false));
        using var key = ECDsa.Create();
        key.ImportFromPem(((SoftwareSigningKey)authority.Key).ExportPkcs8Pem());
        var now = TimeProvider.System.GetUtcNow();
        return asked.Create(authority.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now.AddMinutes(-5), now.AddDays(90), [0x40, .. RandomNumberGenerator.GetBytes(15)]);
    }
}
