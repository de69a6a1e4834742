using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.X509;

namespace Credentials.Cli.Inspection;

/// <summary>X.509 certificates: who, by whom, for what, how long.</summary>
internal static class CertificateInspector
{
    internal static JsonObject DescribeDer(byte[] der) => Single(CertificateReader.FromDer(der));

    internal static JsonObject DescribePem(string pem)
    {
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            return Inspector.Kind("private key (not shown)");
        var certificates = CertificateReader.FromPem(pem);
        if (certificates.Count == 1)
            return Single(certificates[0]);
        var description = Inspector.Kind("X.509 certificates");
        description["certificates"] = new JsonArray([.. certificates.Select(Describe)]);
        return description;
    }

    /// <summary>The certificates of an <c>x5c</c> header; one that cannot be read is said to be so.</summary>
    internal static JsonArray DescribeChain(JsonArray chain) => new([.. chain.Select(DescribeElement)]);

    /// <summary>The same for the byte strings of an <c>x5chain</c> header.</summary>
    internal static JsonArray DescribeChain(IReadOnlyList<ReadOnlyMemory<byte>> chain) => new([.. chain.Select(der => DescribeOrSayWhy(() => der.ToArray()))]);

    private static JsonObject DescribeElement(JsonNode? element)
    {
        var text = element is JsonValue value && value.TryGetValue<string>(out var found) ? found : "";
        return DescribeOrSayWhy(() => StrictBase64.Decode(text, X509Codes.Malformed));
    }

    private static JsonObject DescribeOrSayWhy(Func<byte[]> read)
    {
        try
        {
            return Describe(CertificateReader.FromDer(read()));
        }
        catch (CredentialException failure)
        {
            return new JsonObject { ["unreadable"] = failure.Code };
        }
    }

    private static JsonObject Single(X509Certificate2 certificate)
    {
        var description = Inspector.Kind("X.509 certificate");
        var parts = Describe(certificate);
        foreach (var (name, value) in parts.ToList())
        {
            parts.Remove(name);
            description[name] = value;
        }
        return description;
    }

    private static JsonObject Describe(X509Certificate2 certificate)
    {
        var description = new JsonObject
        {
            ["subject"] = certificate.Subject,
            ["issuer"] = certificate.Issuer,
            ["serial_number"] = certificate.SerialNumber,
            ["not_before"] = certificate.NotBefore.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture),
            ["not_after"] = certificate.NotAfter.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture),
            ["public_key"] = certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value,
            ["sha256"] = certificate.GetCertHashString(HashAlgorithmName.SHA256),
            ["self_issued"] = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData),
        };
        foreach (var extension in certificate.Extensions)
            AddExtension(description, extension);
        return description;
    }

    private static void AddExtension(JsonObject description, X509Extension extension)
    {
        try
        {
            switch (extension)
            {
                case X509BasicConstraintsExtension constraints:
                    description["certificate_authority"] = constraints.CertificateAuthority;
                    break;
                case X509KeyUsageExtension usage:
                    description["key_usage"] = usage.KeyUsages.ToString();
                    break;
                case X509EnhancedKeyUsageExtension usage:
                    description["extended_key_usage"] = new JsonArray([.. usage.EnhancedKeyUsages.Cast<Oid>().Select(oid => JsonValue.Create(oid.Value))]);
                    break;
                case X509SubjectAlternativeNameExtension names:
                    description["dns_names"] = new JsonArray([.. names.EnumerateDnsNames().Select(name => JsonValue.Create(name))]);
                    break;
            }
        }
        catch (CryptographicException)
        {
            description["unreadable_extension"] = extension.Oid?.Value;
        }
    }
}
