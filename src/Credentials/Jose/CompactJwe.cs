using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Jose;

/// <summary>A compact JWE (RFC 7516 §7.1) taken apart, not yet decrypted.</summary>
public sealed class CompactJwe
{
    /// <summary>The cap on a JWE, in characters: 256 KiB of plaintext and its overhead.</summary>
    public const int MaxLength = 360 * 1024;

    private static readonly JsonLimits s_headerLimits = new(MaxBytes: 16 * 1024, MaxDepth: 8, MaxMembers: 100);

    private CompactJwe(JsonElement header, string headerText, byte[] iv, byte[] ciphertext, byte[] tag)
    {
        Header = header;
        HeaderText = headerText;
        Iv = iv;
        Ciphertext = ciphertext;
        Tag = tag;
    }

    /// <summary>The protected header, unauthenticated until the JWE is decrypted.</summary>
    public JsonElement Header { get; }

    /// <summary>The <c>kid</c> of the key it was encrypted to; a label to look up one's own key by.</summary>
    public string? KeyId => Header.OptionalString(JoseNames.Kid, JoseCodes.JweMalformed);

    internal string HeaderText { get; }

    internal byte[] Iv { get; }

    internal byte[] Ciphertext { get; }

    internal byte[] Tag { get; }

    /// <summary>Takes a token apart and checks the shape of direct key agreement: empty key part, 96-bit IV, 128-bit tag.</summary>
    /// <exception cref="MalformedDataException"><c>jwe.malformed</c>, <c>jwe.too_large</c> or <c>jwe.critical</c>.</exception>
    public static CompactJwe Parse(string token)
    {
        if (token.Length > MaxLength) throw new MalformedDataException(JoseCodes.JweTooLarge, $"The JWE is longer than {MaxLength} characters.");
        Span<Range> parts = stackalloc Range[6];
        if (token.AsSpan().Split(parts, '.') != 5) throw Malformed("A compact JWE has five parts.");
        string headerText = token[parts[0]];
        JsonElement header = StrictJson.ParseObject(StrictBase64Url.Decode(headerText, JoseCodes.JweMalformed), s_headerLimits, JoseCodes.JweMalformed);
        // Compression was never offered, and no extension is understood.
        if (header.Member(JoseNames.Zip) is not null || header.Member(JoseNames.Crit) is not null)
            throw new MalformedDataException(JoseCodes.JweCritical, "The header names compression or an extension.");
        // RFC 7516 §5.2 step 10: no encrypted key with direct key agreement
        if (token[parts[1]].Length != 0) throw Malformed("The encrypted key must be empty.");
        byte[] iv = StrictBase64Url.Decode(token.AsSpan()[parts[2]], JoseCodes.JweMalformed);
        byte[] ciphertext = StrictBase64Url.Decode(token.AsSpan()[parts[3]], JoseCodes.JweMalformed);
        byte[] tag = StrictBase64Url.Decode(token.AsSpan()[parts[4]], JoseCodes.JweMalformed);
        // RFC 7518 §5.3
        if (iv.Length != 12 || tag.Length != 16) throw Malformed("The IV has 96 bits and the tag 128.");
        return new CompactJwe(header, headerText, iv, ciphertext, tag);
    }

    private static MalformedDataException Malformed(string message) => new(JoseCodes.JweMalformed, message);
}
