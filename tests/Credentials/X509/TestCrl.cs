using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace Credentials.Tests.X509;

/// <summary>Makes revocation lists with one thing wrong, as no proper authority would.</summary>
internal sealed record TestCrl(TestPki Issuer)
{
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    private static readonly Asn1Tag s_extensions = new(TagClass.ContextSpecific, 0);

    public int? Version { get; init; } = 1;

    public byte[]? IssuerName { get; init; }

    public DateTimeOffset ThisUpdate { get; init; } = TestPki.Now.AddHours(-1);

    public DateTimeOffset? NextUpdate { get; init; } = TestPki.Now.AddDays(7);

    /// <summary>Big-endian two's complement.</summary>
    public IReadOnlyList<byte[]> Serials { get; init; } = [];

    /// <summary>Put on every entry.</summary>
    public IReadOnlyList<Extension> EntryExtensions { get; init; } = [];

    public IReadOnlyList<Extension> Extensions { get; init; } = [];

    public TestPki? SignedBy { get; init; }

    public string Algorithm { get; init; } = EcdsaWithSha256;

    public string? OuterAlgorithm { get; init; }

    internal sealed record Extension(string Oid, bool Critical, byte[] Value);

    public static byte[] Element(Action<AsnWriter> write)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    public byte[] Encode()
    {
        byte[] content = Element(WriteContent);
        byte[] signature = (SignedBy ?? Issuer).Key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Element(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(content);
                WriteAlgorithm(writer, OuterAlgorithm ?? Algorithm);
                writer.WriteBitString(signature);
            }
        });
    }

    private void WriteContent(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            if (Version is { } version) writer.WriteInteger(version);
            WriteAlgorithm(writer, Algorithm);
            writer.WriteEncodedValue(IssuerName ?? Issuer.Certificate.SubjectName.RawData);
            writer.WriteUtcTime(ThisUpdate);
            if (NextUpdate is { } next) writer.WriteUtcTime(next);
            if (Serials.Count > 0)
                WriteEntries(writer);
            if (Extensions.Count > 0)
                using (writer.PushSequence(s_extensions))
                    WriteExtensions(writer, Extensions);
        }
    }

    /// <summary>The writer grows by small steps, so half a million entries are put together outside it.</summary>
    private void WriteEntries(AsnWriter writer)
    {
        using MemoryStream entries = new();
        foreach (byte[] serial in Serials) entries.Write(Element(entry => WriteEntry(entry, serial)));
        int length = (int)entries.Length;
        byte[] size = length < 0x80 ? [(byte)length] : [0x84, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];
        // Shortest form, as DER wants it.
        if (length >= 0x80)
        {
            byte[] digits = [.. size[1..].SkipWhile(digit => digit == 0)];
            size = [(byte)(0x80 | digits.Length), .. digits];
        }
        writer.WriteEncodedValue([0x30, .. size, .. entries.ToArray()]);
    }

    private void WriteEntry(AsnWriter writer, byte[] serial)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(serial, isUnsigned: false, isBigEndian: true));
            writer.WriteUtcTime(ThisUpdate);
            if (EntryExtensions.Count > 0) WriteExtensions(writer, EntryExtensions);
        }
    }

    private static void WriteExtensions(AsnWriter writer, IReadOnlyList<Extension> extensions)
    {
        using (writer.PushSequence())
        {
            foreach (Extension extension in extensions)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(extension.Oid);
                    if (extension.Critical) writer.WriteBoolean(true);
                    writer.WriteOctetString(extension.Value);
                }
            }
        }
    }

    private static void WriteAlgorithm(AsnWriter writer, string oid)
    {
        using (writer.PushSequence()) writer.WriteObjectIdentifier(oid);
    }
}
