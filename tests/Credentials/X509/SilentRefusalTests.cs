using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.Tests.SdJwt;
using Credentials.Trust;
using Credentials.X509;
using static Credentials.Tests.X509.TestPki;

namespace Credentials.Tests.X509;

/// <summary>A refusal is a stable code. What stood in the certificate or the credential is in no message, no report and no exception.</summary>
public class SilentRefusalTests
{
    private const string Canary = "canary-7391";

    private static readonly TestPki s_root = Root(Canary + "-root");

    /// <summary>Chains that are refused, each for another reason, with the canary wherever text can stand.</summary>
    private static Dictionary<string, TestPki[]> RefusedChains()
    {
        TestPki Leaf(Options? options = null, TestPki? issuer = null) =>
            (issuer ?? s_root).Leaf((options ?? new Options()) with { Extra = options?.Extra ?? SubjectAlternativeNamesTests.Dns(Canary + ".example") }, name: Canary);
        TestPki noCa = s_root.Intermediate(Canary + "-ca", ca: false), sub = s_root.Intermediate(Canary + "-ca");
        return new()
        {
            [X509Codes.Untrusted] = [Leaf(issuer: Root(Canary + "-other"))],
            [X509Codes.Chain] = [Leaf(new Options { Extra = new X509Extension("1.2.3.4", Encoding.ASCII.GetBytes(Canary), true) })],
            [X509Codes.Validity] = [Leaf(new Options { NotBefore = Now.AddDays(1) })],
            [X509Codes.LeafIsCa] = [Leaf(new Options { Ca = true, Usage = X509KeyUsageFlags.KeyCertSign })],
            [X509Codes.KeyUsage] = [Leaf(new Options { Usage = X509KeyUsageFlags.None })],
            [X509Codes.IssuerNotCa] = [noCa.Leaf(name: Canary), noCa],
            [X509Codes.AnchorIncluded] = [Leaf(), s_root],
            [X509Codes.SelfSigned] = [Make(null, Canary, null, new Options())],
            [X509Codes.Algorithm] = [Leaf(new Options { Hash = System.Security.Cryptography.HashAlgorithmName.SHA1 })],
            [X509Codes.TooMany] = [Leaf(), sub, sub, sub, sub, sub, sub],
        };
    }

    private static SdJwtExpectations Expected => Workshop.Expected with
    {
        Trust = TrustStore.Create([TrustAnchor.ForCertificate(s_root.Certificate, TrustPurpose.CredentialIssuer)]),
    };

    [Fact]
    [Trait("Row", "X5-18")]
    public async Task A_report_about_a_refused_chain_has_codes_only()
    {
        foreach (var (code, chain) in RefusedChains())
        {
            var report = await ReportAsync(chain);

            Assert.False(report.IsAccepted);
            Assert.Contains(report.Checks, check => check.Code == code);
            Assert.DoesNotContain(Canary, report.ToJson().ToJsonString(), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(report.Checks, check => check.ToString().Contains(Canary, StringComparison.OrdinalIgnoreCase));
            Assert.All(report.Checks.Where(check => check.Code is not null), check => Assert.Matches("^[a-z0-9_]+[.][a-z0-9_]+$", check.Code));
        }
        // The twin: the claim is there, and told once the chain is good.
        Assert.Contains(Canary, (await ReportAsync([s_root.Leaf(name: Canary)])).ToJson().ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task<VerificationReport> ReportAsync(TestPki[] chain)
    {
        using var key = SoftwareSigningKey.FromPkcs8Pem(chain[0].Key.ExportPkcs8PrivateKeyPem());
        var header = new JsonObject { ["typ"] = "dc+sd-jwt", ["x5c"] = X5c.ToJson([.. chain.Select(c => c.Certificate)]) };
        return await Workshop.VerifyAsync(Workshop.Join(await Workshop.SignAsync(Workshop.Payload(("family_name", Canary)), header, key)), Expected);
    }

    [Fact]
    [Trait("Row", "X5-18")]
    public void An_exception_about_a_certificate_repeats_nothing_of_it()
    {
        var der = s_root.Leaf(name: Canary).Certificate.RawData;
        var broken = (byte[])der.Clone();
        broken[4] = 0xff;
        byte[] spoiltName = [.. der];
        spoiltName[der.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Canary)) - 1] = 0x7f; // the length of the common name
        Action[] refusals =
        [
            () => CertificateReader.FromDer([.. der, 0]),
            () => CertificateReader.FromDer(der.AsSpan(0, der.Length - 1)),
            () => CertificateReader.FromDer(broken),
            () => CertificateReader.FromDer(spoiltName),
            () => CertificateReader.FromPem($"-----BEGIN {Canary}-----\nAAAA\n-----END {Canary}-----"),
            () => CertificateReader.FromPem(Canary),
            () => X5c.Parse(StrictJson.Parse($"\"{Canary}\"")),
            () => X5c.Parse(StrictJson.Parse($"[\"{Canary}\"]")),
            () => X5c.Parse(StrictJson.Parse($"[{{\"{Canary}\":1}}]")),
            () => SubjectAlternativeNames.Of(s_root.Leaf(new Options { Extra = SubjectAlternativeNamesTests.Raw(Encoding.ASCII.GetBytes(Canary)) }).Certificate),
            () => CertificateAuthority.Load(s_root.Leaf(name: Canary).Certificate, SoftwareSigningKey.Generate(Credentials.Keys.SignatureAlgorithm.Es256)),
        ];
        foreach (var refusal in refusals)
        {
            var e = Assert.ThrowsAny<CredentialException>(refusal);
            Assert.DoesNotContain(Canary, e.ToString(), StringComparison.OrdinalIgnoreCase);
            Assert.Matches("^[a-z0-9_]+[.][a-z0-9_]+$", e.Code);
        }
        Assert.Equal(der, CertificateReader.FromDer(der).RawData);
    }
}
