using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.X509;

namespace Credentials.Tests.X509;

public class CertificateReaderTests
{
    private static readonly byte[] s_der = TestPki.Root().Leaf().Certificate.RawData;
    private static readonly string s_pem = TestPki.Root().Certificate.ExportCertificatePem();

    private static void RefuseDer(byte[] der) => Assert.Equal(X509Codes.Malformed, Assert.Throws<MalformedDataException>(() => CertificateReader.FromDer(der)).Code);

    private static string RefuseX5c(JsonNode value) => Assert.Throws<MalformedDataException>(() => X5c.Parse(StrictJson.ToElement(value))).Code;

    [Fact]
    [Trait("Row", "X5-12")]
    public void Only_exact_der_is_a_certificate()
    {
        CertificateReader.FromDer(s_der);
        RefuseDer([.. s_der, 0]);
        RefuseDer(s_der[..^1]);
        RefuseDer(Encoding.ASCII.GetBytes(s_pem));
        RefuseDer([]);
        RefuseDer(new byte[100_000]);
        RefuseDer(RandomBytes());
    }

    [Fact]
    [Trait("Row", "JOS-23")]
    [Trait("Row", "B64-09")]
    public void An_x5c_header_is_a_short_list_of_base64_der()
    {
        string good = StrictBase64.Encode(s_der);
        Assert.Single(X5c.Parse(JsonArrayOf(good)));
        Assert.Equal(X509Codes.Malformed, RefuseX5c(JsonValue.Create(good)));
        Assert.Equal(X509Codes.Malformed, RefuseX5c(new JsonArray()));
        Assert.Equal(X509Codes.Malformed, RefuseX5c(new JsonArray(1)));
        Assert.Equal(X509Codes.Malformed, RefuseX5c(new JsonArray(s_pem)));
        Assert.Equal(X509Codes.Malformed, RefuseX5c(new JsonArray(good.Insert(20, "\n"))));
        Assert.Equal(X509Codes.Malformed, RefuseX5c(new JsonArray(StrictBase64Url.Encode(s_der))));
        Assert.Equal(X509Codes.Malformed, RefuseX5c(new JsonArray(StrictBase64.Encode([.. s_der, 0]))));
        Assert.Equal(X509Codes.TooMany, RefuseX5c(new JsonArray([.. Enumerable.Repeat(good, 1000).Select(c => (JsonNode)c)])));
    }

    [Fact]
    public void Pem_files_hold_certificates_and_nothing_else()
    {
        Assert.Equal(2, CertificateReader.FromPem("subject=x\n" + s_pem + "\n" + s_pem).Count);
        Assert.Throws<MalformedDataException>(() => CertificateReader.FromPem(""));
        Assert.Throws<MalformedDataException>(() => CertificateReader.FromPem("hello"));
        Assert.Throws<MalformedDataException>(() => CertificateReader.FromPem(s_pem.Replace("CERTIFICATE", "PRIVATE KEY", StringComparison.Ordinal)));
        Assert.Throws<MalformedDataException>(() => CertificateReader.FromPem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"));
    }

    private static JsonElement JsonArrayOf(string item) => StrictJson.ToElement(new JsonArray(item));

    private static byte[] RandomBytes() => System.Security.Cryptography.RandomNumberGenerator.GetBytes(500);
}
