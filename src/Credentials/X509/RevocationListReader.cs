using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Credentials.X509;

/// <summary>Reads a CRL in DER (RFC 5280 §5.1), refusing what a complete list for all reasons has not.</summary>
internal static class RevocationListReader
{
    private const AsnEncodingRules Der = AsnEncodingRules.DER;
    private const string DeltaIndicator = "2.5.29.27";
    private const string IssuingDistributionPoint = "2.5.29.28";

    // Authority key identifier (the signature decides), issuer alternative name, number, freshest CRL and authority access: no rule of ours depends on them.
    private static readonly string[] s_understood = ["2.5.29.35", "2.5.29.18", "2.5.29.20"];

    public static RevocationListContent Read(ReadOnlyMemory<byte> der)
    {
        if (der.Length is 0 or > CertificateRevocationList.MaxBytes) throw Malformed(null);
        try
        {
            AsnReader outer = new(der, Der), list = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            ReadOnlyMemory<byte> signed = list.PeekEncodedValue();
            AsnReader content = list.ReadSequence();
            ReadOnlyMemory<byte> algorithm = list.ReadEncodedValue();
            byte[] signature = list.ReadBitString(out int unused);
            list.ThrowIfNotEmpty();
            return unused == 0 ? ReadContent(content, signed, algorithm, signature) : throw Malformed(null);
        }
        catch (Exception e) when (e is AsnContentException or OverflowException)
        {
            throw Malformed(e);
        }
    }

    private static RevocationListContent ReadContent(AsnReader content, ReadOnlyMemory<byte> signed, ReadOnlyMemory<byte> algorithm, byte[] signature)
    {
        // Version 2 only: ISO/IEC 18013-5 Annex B, and the extensions are what makes a list safe to use.
        if (!content.TryReadInt32(out int version) || version != 1) throw Malformed(null);
        if (!content.ReadEncodedValue().Span.SequenceEqual(algorithm.Span)) throw Malformed(null);
        string oid = new AsnReader(algorithm, Der).ReadSequence().ReadObjectIdentifier();
        HashAlgorithmName hash = RevocationListContent.HashOf(oid) ?? throw NotSupported("Its signature algorithm is not supported.");
        ReadOnlyMemory<byte> issuer = content.PeekEncodedValue();
        content.ReadSequence();
        DateTimeOffset thisUpdate = ReadTime(content), nextUpdate = ReadTime(content); // RFC 5280 §5.1.2.5 requires nextUpdate
        SerialNumber[] revoked = content.HasData && content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence) ? ReadEntries(content.ReadEncodedValue().Span) : [];
        (IReadOnlyList<string>? points, bool endEntities) = content.HasData ? ReadExtensions(content.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0))) : (null, false);
        content.ThrowIfNotEmpty();
        return new RevocationListContent
        {
            Issuer = issuer.ToArray(),
            ThisUpdate = thisUpdate,
            NextUpdate = nextUpdate,
            Revoked = revoked,
            DistributionPoints = points,
            IsForEndEntitiesOnly = endEntities,
            SignatureAlgorithm = oid,
            SignedDigest = CryptographicOperations.HashData(hash, signed.Span),
            Signature = signature,
        };
    }

    private static DateTimeOffset ReadTime(AsnReader reader) => reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
        ? reader.ReadUtcTime()
        : reader.ReadGeneralizedTime();

    // With the span decoder: a reader object for each of half a million entries would cost more than the list.
    private static SerialNumber[] ReadEntries(ReadOnlySpan<byte> encoded)
    {
        AsnDecoder.ReadSequence(encoded, Der, out int offset, out int length, out _);
        ReadOnlySpan<byte> rest = encoded.Slice(offset, length);
        List<SerialNumber> serials = new(Math.Min(CertificateRevocationList.MaxEntries, length / 20));
        while (!rest.IsEmpty)
        {
            if (serials.Count == CertificateRevocationList.MaxEntries) throw Malformed(null);
            AsnDecoder.ReadSequence(rest, Der, out offset, out length, out int consumed);
            serials.Add(ReadEntry(rest.Slice(offset, length)));
            rest = rest[consumed..];
        }
        SerialNumber[] sorted = [.. serials];
        Array.Sort(sorted);
        return sorted;
    }

    private static SerialNumber ReadEntry(ReadOnlySpan<byte> entry)
    {
        SerialNumber serial = SerialNumber.FromInteger(AsnDecoder.ReadIntegerBytes(entry, Der, out int consumed)) ?? throw Malformed(null);
        entry = entry[consumed..];
        if (Asn1Tag.Decode(entry, out _).HasSameClassAndValue(Asn1Tag.UtcTime)) AsnDecoder.ReadUtcTime(entry, Der, out consumed);
        else AsnDecoder.ReadGeneralizedTime(entry, Der, out consumed);
        entry = entry[consumed..];
        if (entry.IsEmpty) return serial;
        AsnDecoder.ReadSequence(entry, Der, out int offset, out int length, out consumed);
        if (consumed != entry.Length) throw Malformed(null);
        ReadEntryExtensions(entry.Slice(offset, length));
        return serial;
    }

    private static void ReadEntryExtensions(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            AsnDecoder.ReadSequence(rest, Der, out int offset, out int length, out int consumed);
            ReadEntryExtension(rest.Slice(offset, length));
            rest = rest[consumed..];
        }
    }

    private static void ReadEntryExtension(ReadOnlySpan<byte> extension)
    {
        const string ReasonCode = "2.5.29.21";
        const int RemoveFromCrl = 8;
        string oid = AsnDecoder.ReadObjectIdentifier(extension, Der, out int consumed);
        extension = extension[consumed..];
        bool critical = Asn1Tag.Decode(extension, out _).HasSameClassAndValue(Asn1Tag.Boolean);
        if (critical)
        {
            critical = AsnDecoder.ReadBoolean(extension, Der, out consumed);
            extension = extension[consumed..];
        }
        byte[] value = AsnDecoder.ReadOctetString(extension, Der, out consumed);
        if (consumed != extension.Length) throw Malformed(null);
        // RFC 5280 §5.3: with a critical extension that is not understood (certificateIssuer of indirect lists, say) the whole list is no use.
        if (oid != ReasonCode)
        {
            if (critical) throw NotSupported("An entry has a critical extension.");
            return;
        }
        ReadOnlySpan<byte> reason = AsnDecoder.ReadEnumeratedBytes(value, Der, out consumed);
        if (consumed != value.Length || reason.Length != 1) throw Malformed(null);
        // RFC 5280 §5.3.1: only delta lists have it, so this is not a complete list.
        if (reason[0] == RemoveFromCrl) throw NotSupported("An entry is removed.");
    }

    private static (IReadOnlyList<string>? Points, bool EndEntitiesOnly) ReadExtensions(AsnReader wrapper)
    {
        AsnReader extensions = wrapper.ReadSequence();
        wrapper.ThrowIfNotEmpty();
        HashSet<string> seen = [];
        (IReadOnlyList<string>?, bool) scope = (null, false);
        while (extensions.HasData)
        {
            AsnReader extension = extensions.ReadSequence();
            string oid = extension.ReadObjectIdentifier();
            bool critical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            byte[] value = extension.ReadOctetString();
            extension.ThrowIfNotEmpty();
            if (!seen.Add(oid)) throw Malformed(null);
            if (oid == IssuingDistributionPoint) scope = ReadScope(value);
            else if (oid == DeltaIndicator) throw NotSupported("It is a delta list.");
            else if (critical && !s_understood.Contains(oid)) throw NotSupported("It has a critical extension that is not understood.");
        }
        return scope;
    }

    // RFC 5280 §5.2.5: a distribution point and "user certificates only" narrow the list, the other members change what it means.
    private static (IReadOnlyList<string>? Points, bool EndEntitiesOnly) ReadScope(byte[] value)
    {
        Asn1Tag name = new(TagClass.ContextSpecific, 0), userCertificates = new(TagClass.ContextSpecific, 1);
        AsnReader outer = new(value, Der), scope = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        IReadOnlyList<string>? points = null;
        bool endEntitiesOnly = false;
        if (scope.HasData && scope.PeekTag().HasSameClassAndValue(name))
            points = CrlDistributionPoints.ReadName(scope.ReadSequence(name)) ?? throw NotSupported("Its distribution point is a relative name.");
        if (scope.HasData && scope.PeekTag().HasSameClassAndValue(userCertificates)) endEntitiesOnly = scope.ReadBoolean(userCertificates);
        return scope.HasData ? throw NotSupported("It is an indirect or partial list.") : (points, endEntitiesOnly);
    }

    private static MalformedDataException Malformed(Exception? inner) => new(CrlCodes.Malformed, "Not a revocation list that can be read.", inner);

    private static NotSupportedCredentialException NotSupported(string why) => new(CrlCodes.NotSupported, "The revocation list cannot be used. " + why);
}
