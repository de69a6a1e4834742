using Credentials.Codecs;

namespace Credentials.QrDocuments;

/// <summary>The text in the QR code: prefix, Base45, ZLIB, and the signed message inside (HCERT §4.2; ours is the same with another prefix).</summary>
public static class QrDocumentText
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>Largest signed message in bytes.</summary>
    public const int MaxMessageBytes = 16 * 1024;

    // Each format's prefix has a digit or letter for its version (HCERT §4.2.2).
    private const int PrefixLength = 4;

    /// <summary>The format that a text claims to have by its prefix, whatever the version; null if it is no printed document.</summary>
    public static string? FormatOf(ReadOnlySpan<char> text)
    {
        if (text.Length < PrefixLength || text[PrefixLength - 1] != ':') return null;
        return text[..2] switch
        {
            "HC" => CredentialFormat.Hcert,
            "QD" => CredentialFormat.QrCwt,
            _ => null,
        };
    }

    /// <summary>The encoded message.</summary>
    /// <exception cref="MalformedDataException">Codes of <see cref="QrDocumentCodes"/>.</exception>
    public static byte[] Decode(string text)
    {
        if (text[..Math.Min(text.Length, PrefixLength)] is not (QrDocumentNames.HcertPrefix or QrDocumentNames.QrCwtPrefix))
            throw new MalformedDataException(QrDocumentCodes.Prefix, "The text does not begin as a printed document of a known version does.");
        if (text.Length > MaxLength) throw new MalformedDataException(QrDocumentCodes.Encoding, "The text is longer than a QR code holds.");
        var compressed = StrictBase45.Decode(text.AsSpan(PrefixLength), QrDocumentCodes.Encoding);
        return StrictZLib.Decompress(compressed, MaxMessageBytes, QrDocumentCodes.Compression);
    }

    /// <summary>The text for an encoded message.</summary>
    /// <param name="prefix">One of the prefixes of <see cref="QrDocumentNames"/>.</param>
    /// <param name="message">The message with its tag.</param>
    public static string Encode(string prefix, ReadOnlySpan<byte> message) => prefix + StrictBase45.Encode(StrictZLib.Compress(message));
}
