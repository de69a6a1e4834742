using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.X509;

namespace Credentials.Tests.X509.Limbo;

/// <summary>Makes the certificates of a case, byte for byte as its facts say, because the platform refuses to write many of them.</summary>
internal sealed class LimboChain : IDisposable
{
    private static readonly Dictionary<string, string> s_oids = new()
    {
        ["CN"] = "2.5.4.3",
        ["C"] = "2.5.4.6",
        ["L"] = "2.5.4.7",
        ["ST"] = "2.5.4.8",
        ["O"] = "2.5.4.10",
        ["OU"] = "2.5.4.11",
        ["subjectKeyIdentifier"] = "2.5.29.14",
        ["keyUsage"] = "2.5.29.15",
        ["subjectAltName"] = "2.5.29.17",
        ["basicConstraints"] = "2.5.29.19",
        ["nameConstraints"] = "2.5.29.30",
        ["authorityKeyIdentifier"] = "2.5.29.35",
        ["policyConstraints"] = "2.5.29.36",
        ["extKeyUsage"] = "2.5.29.37",
        ["authorityInfoAccess"] = "1.3.6.1.5.5.7.1.1",
    };

    private readonly Dictionary<string, AsymmetricAlgorithm> _keys = [];
    private readonly Dictionary<string, string> _kinds;

    public LimboChain(LimboCase limbo)
    {
        _kinds = limbo.Anchors.Concat(limbo.Intermediates).Append(limbo.Leaf).DistinctBy(c => c.Key).ToDictionary(c => c.Key, c => c.KeyKind);
        Anchors = [.. limbo.Anchors.Select(Make)];
        Intermediates = [.. limbo.Intermediates.Select(Make)];
        Leaf = Make(limbo.Leaf);
    }

    /// <summary>Null stands for bytes that are no certificate.</summary>
    public IReadOnlyList<X509Certificate2?> Anchors { get; }

    public IReadOnlyList<X509Certificate2?> Intermediates { get; }

    public X509Certificate2? Leaf { get; }

    public void Dispose()
    {
        foreach (var key in _keys.Values) key.Dispose();
        foreach (var certificate in Anchors.Concat(Intermediates).Append(Leaf)) certificate?.Dispose();
    }

    private X509Certificate2? Make(LimboCertificate facts)
    {
        var signer = KeyOf(facts.Signer);
        var tbs = ToBeSigned(facts, signer);
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(tbs);
            WriteAlgorithm(writer, signer);
            writer.WriteBitString(Sign(signer, tbs));
        }
        try
        {
            return CertificateReader.FromDer(writer.Encode());
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    private byte[] ToBeSigned(LimboCertificate facts, AsymmetricAlgorithm signer)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            Asn1Tag version = new(TagClass.ContextSpecific, 0), extensions = new(TagClass.ContextSpecific, 3);
            if (!facts.IsVersion1)
                using (writer.PushSequence(version)) writer.WriteInteger(2);
            writer.WriteInteger(facts.Serial is { } serial ? Convert.FromHexString(serial) : [0x40, .. RandomNumberGenerator.GetBytes(15)]);
            WriteAlgorithm(writer, signer);
            WriteName(writer, facts.Issuer);
            using (writer.PushSequence())
                foreach (var time in facts.Validity) WriteTime(writer, time);
            WriteName(writer, facts.Subject);
            writer.WriteEncodedValue(SubjectPublicKeyInfo(KeyOf(facts.Key)));
            if (!facts.IsVersion1 && facts.Extensions.Count > 0)
                using (writer.PushSequence(extensions))
                using (writer.PushSequence())
                    foreach (var extension in facts.Extensions) WriteExtension(writer, extension, facts);
        }
        return writer.Encode();
    }

    private static void WriteName(AsnWriter writer, string name)
    {
        using (writer.PushSequence())
            foreach (var part in name.Split("; ", StringSplitOptions.RemoveEmptyEntries))
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    var equals = part.IndexOf('=');
                    writer.WriteObjectIdentifier(s_oids[part[..equals]]);
                    writer.WriteCharacterString(UniversalTagNumber.UTF8String, part[(equals + 1)..]);
                }
    }

    private static void WriteTime(AsnWriter writer, string time)
    {
        // UTCTime has thirteen characters, GeneralizedTime fifteen; written as they stand.
        var tag = new Asn1Tag(time.Length == 13 ? UniversalTagNumber.UtcTime : UniversalTagNumber.GeneralizedTime);
        writer.WriteEncodedValue([(byte)tag.TagValue, (byte)time.Length, .. System.Text.Encoding.ASCII.GetBytes(time)]);
    }

    private void WriteExtension(AsnWriter writer, string extension, LimboCertificate facts)
    {
        var words = extension.Split(' ');
        var value = words[^1];
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(s_oids.GetValueOrDefault(words[0], words[0]));
            if (words is [_, "critical", _]) writer.WriteBoolean(true);
            writer.WriteOctetString(value switch
            {
                "ski" => [4, 20, .. KeyIdentifier(facts.Key)],
                _ when value.StartsWith("aki:", StringComparison.Ordinal) => [0x30, 22, 0x80, 20, .. KeyIdentifier(value[4..])],
                _ => Convert.FromHexString(value),
            });
        }
    }

    private byte[] KeyIdentifier(string key) => Convert.FromHexString(
        new X509SubjectKeyIdentifierExtension(PublicKey.CreateFromSubjectPublicKeyInfo(SubjectPublicKeyInfo(KeyOf(key)), out _), false).SubjectKeyIdentifier!);

    private AsymmetricAlgorithm KeyOf(string name)
    {
        if (!_keys.TryGetValue(name, out var key)) _keys[name] = key = NewKey(_kinds.GetValueOrDefault(name, "secp256r1"));
        return key;
    }

    private static AsymmetricAlgorithm NewKey(string kind)
    {
        switch (kind)
        {
            case "secp256r1":
                return ECDsa.Create(ECCurve.NamedCurves.nistP256);
            case "secp256r1-explicit":
                using (var named = ECDsa.Create(ECCurve.NamedCurves.nistP256)) return ECDsa.Create(named.ExportExplicitParameters(true));
            case "secp192r1":
                return ECDsa.Create(ECCurve.CreateFromFriendlyName("nistP192"));
            case "dsa":
                return DSA.Create(1024);
            default:
                return RSA.Create(int.Parse(kind["rsa-".Length..], System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static byte[] SubjectPublicKeyInfo(AsymmetricAlgorithm key) => key.ExportSubjectPublicKeyInfo();

    private static void WriteAlgorithm(AsnWriter writer, AsymmetricAlgorithm signer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(signer switch
            {
                ECDsa => "1.2.840.10045.4.3.2",
                DSA => "2.16.840.1.101.3.4.3.2",
                _ => "1.2.840.113549.1.1.11",
            });
            if (signer is RSA) writer.WriteNull();
        }
    }

    private static byte[] Sign(AsymmetricAlgorithm signer, byte[] data) => signer switch
    {
        ECDsa ec => ec.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
        DSA dsa => dsa.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
        _ => ((RSA)signer).SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
    };
}
