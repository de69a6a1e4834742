namespace Credentials.Keys;

/// <summary>
/// ECDSA signatures as OpenSSL takes them: a DER sequence of two integers (RFC 3279 §2.2.3). The platform's own way from the form of JOSE and COSE
/// (RFC 7518 §3.4, RFC 9053 §2.1) costs a kilobyte of garbage for each.
/// </summary>
internal static class DerSignature
{
    /// <summary>Octets of the longest one, on P-521: two integers of 66 octets with a zero in front.</summary>
    public const int MaxLength = 3 + 2 * (2 + 1 + 66);

    /// <summary>Writes the signature.</summary>
    /// <param name="fixedFields">R ‖ S, of equal length, at most 66 octets each.</param>
    /// <param name="der">Where to, <see cref="MaxLength"/> octets.</param>
    /// <returns>How many octets it takes.</returns>
    public static int Write(ReadOnlySpan<byte> fixedFields, Span<byte> der)
    {
        var r = Magnitude(fixedFields[..(fixedFields.Length / 2)]);
        var s = Magnitude(fixedFields[(fixedFields.Length / 2)..]);
        var content = 4 + LengthOf(r) + LengthOf(s);
        var at = 0;
        der[at++] = 0x30;
        if (content > 127) der[at++] = 0x81;
        der[at++] = (byte)content;
        WriteInteger(r, der, ref at);
        WriteInteger(s, der, ref at);
        return at;
    }

    /// <summary>Without zeros in front, of which one stays where it is all there is.</summary>
    private static ReadOnlySpan<byte> Magnitude(ReadOnlySpan<byte> number)
    {
        var trimmed = number.TrimStart((byte)0);
        return trimmed.IsEmpty ? number[^1..] : trimmed;
    }

    /// <summary>X.690 §8.3: an integer whose first bit is set would be negative without a zero in front.</summary>
    private static int LengthOf(ReadOnlySpan<byte> magnitude) => magnitude.Length + (magnitude[0] >> 7);

    private static void WriteInteger(ReadOnlySpan<byte> magnitude, Span<byte> der, ref int at)
    {
        der[at++] = 2;
        der[at++] = (byte)LengthOf(magnitude);
        if (magnitude[0] >= 0x80) der[at++] = 0;
        magnitude.CopyTo(der[at..]);
        at += magnitude.Length;
    }
}
