using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.Tests.Shared;
using Credentials.X509;

namespace Credentials.Cli.Tests;

/// <summary>An authority with files on disk, and the means to sign whatever a test wants, correct or not.</summary>
public sealed class Forge : IDisposable
{
    private readonly CertificateAuthority _authority;

    public Forge()
    {
        var now = TimeProvider.System.GetUtcNow();
        _authority = CertificateAuthority.Create("Test Root", "KR", now);
        Certificate = _authority.IssueDocumentSigner("Test Signer", Key, now);
        Root = Folder.Write("root.pem", _authority.Certificate.ExportCertificatePem());
        KeyFile = Folder.Write("signer-key.pem", Key.ExportPkcs8Pem());
        CertificateFile = Folder.Write("signer.pem", Certificate.ExportCertificatePem());
        HolderFile = Folder.Write("holder.jwk", StrictJson.ToText(HolderKey.ExportPrivateJwk()));
        HolderPublicFile = Folder.Write("holder-public.jwk", StrictJson.ToText(Jwk.Write(HolderKey.PublicKey)));
        Claims = Folder.Write("claims.json", """{"given_name":"Gildong","family_name":"Hong","address":{"region":"Seoul","city":"Jongno"}}""");
    }

    public TempFolder Folder { get; } = new();

    public SoftwareSigningKey Key { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public SoftwareSigningKey HolderKey { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public X509Certificate2 Certificate { get; }

    public string Root { get; }

    public string KeyFile { get; }

    public string CertificateFile { get; }

    public string HolderFile { get; }

    public string HolderPublicFile { get; }

    public string Claims { get; }

    public string X5c => StrictJson.ToText(Credentials.X509.X5c.ToJson([Certificate]));

    public string Header => $$"""{"alg":"ES256","typ":"dc+sd-jwt","x5c":{{X5c}}}""";

    public const string Payload = """{"vct":"urn:test:1","iat":1700000000}""";

    /// <summary>A correct credential.</summary>
    public async Task<string> IssueAsync() => await SdJwtIssuer.IssueAsync(
        new SdJwtContent
        {
            Type = "urn:test:1",
            Claims = new JsonObject { ["given_name"] = "Gildong", ["family_name"] = "Hong" },
            Disclosable = [ClaimPath.Of("given_name"), ClaimPath.Of("family_name")],
            Certificates = [Certificate],
            HolderKey = HolderKey.PublicKey,
        },
        Key,
        TestContext.Current.CancellationToken);

    /// <summary>A JWT of exactly these texts, signed as they stand.</summary>
    public Task<string> SignAsync(string header, string payload) => SignAsync(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload));

    public async Task<string> SignAsync(byte[] header, byte[] payload)
    {
        var input = $"{StrictBase64Url.Encode(header)}.{StrictBase64Url.Encode(payload)}";
        var signature = await Key.SignAsync(Encoding.ASCII.GetBytes(input), TestContext.Current.CancellationToken);
        return $"{input}.{StrictBase64Url.Encode(signature)}";
    }

    public string File(string content) => Folder.Write(Guid.NewGuid().ToString("n"), content);

    public void Dispose()
    {
        _authority.Dispose();
        Key.Dispose();
        HolderKey.Dispose();
        Folder.Dispose();
    }
}
