using System.Buffers;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Jose;

/// <summary>
/// A compact JWS (RFC 7515 §7.1) taken apart, not yet verified. The key always comes from the caller; <c>jwk</c>,
/// <c>jku</c> and <c>x5u</c> headers are never looked at as a source of keys.
/// </summary>
public sealed class CompactJws
{
    /// <summary>The cap on a JWT of ordinary kinds, in characters.</summary>
    public const int DefaultMaxLength = 64 * 1024;

    // As long as the token may be.
    private static readonly JsonLimits s_payloadLimits = new(MaxBytes: int.MaxValue);

    private readonly byte[] _signature;
    private readonly int _signingInputLength;
    private readonly int _payloadStart;
    private object? _payloadObject; // a boxed JsonElement: set as a whole, whichever thread is first

    private CompactJws(ReadOnlyMemory<char> text, JwsHeader header, int payloadStart, byte[] signature, int signingInputLength)
    {
        Characters = text;
        ReadHeader = header;
        _payloadStart = payloadStart;
        _signature = signature;
        _signingInputLength = signingInputLength;
    }

    /// <summary>The token as received.</summary>
    public string Text => field ??= Characters.ToString();

    /// <summary>The same, where it was read.</summary>
    internal ReadOnlyMemory<char> Characters { get; }

    /// <summary>The protected header.</summary>
    public JsonElement Header => ReadHeader.Members;

    /// <summary>The <c>alg</c> header.</summary>
    public string Algorithm => ReadHeader.Algorithm.JoseName;

    /// <summary>The <c>typ</c> header as received.</summary>
    public string? Type => ReadHeader.Type;

    /// <summary>The <c>kid</c> header: a label to look up among allowed keys, nothing else.</summary>
    public string? KeyId => ReadHeader.KeyId;

    /// <summary>The protected header and what was read in it.</summary>
    internal JwsHeader ReadHeader { get; }

    /// <summary>The payload bytes, decoded each time they are asked for. Unverified until <see cref="VerifySignature"/> returned true.</summary>
    public ReadOnlyMemory<byte> Payload => StrictBase64Url.Decode(PayloadText, JoseCodes.JwsMalformed);

    private ReadOnlySpan<char> PayloadText => Characters.Span[_payloadStart.._signingInputLength];

    /// <summary>The payload as a JSON object. Unverified until <see cref="VerifySignature"/> returned true.</summary>
    /// <exception cref="MalformedDataException"><c>jws.malformed</c>: the payload is no strict JSON object.</exception>
    public JsonElement PayloadObject => (JsonElement)(_payloadObject ??= ReadObject(PayloadText, s_payloadLimits));

    /// <summary>Takes a token apart.</summary>
    /// <param name="token">The text as received.</param>
    /// <param name="maxLength">The cap for this kind of token, in characters.</param>
    /// <exception cref="MalformedDataException">Not a compact JWS that we could verify; see <see cref="JoseCodes"/>.</exception>
    public static CompactJws Parse(string token, int maxLength = DefaultMaxLength)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Parse(token.AsMemory(), maxLength);
    }

    /// <inheritdoc cref="Parse(string, int)"/>
    internal static CompactJws Parse(ReadOnlyMemory<char> text, int maxLength = DefaultMaxLength, bool isHeaderShared = false)
    {
        ReadOnlySpan<char> token = text.Span;
        if (token.Length > maxLength) throw new MalformedDataException(JoseCodes.JwsTooLarge, $"The JWS is longer than {maxLength} characters.");
        int first = token.IndexOf('.'), last = token.LastIndexOf('.');
        if (first < 1 || last == first + 1 || last == first || last == token.Length - 1 || token[(first + 1)..last].Contains('.'))
            throw new MalformedDataException(JoseCodes.JwsMalformed, "A compact JWS has three non-empty parts.");
        JwsHeader header = JwsHeader.Read(token[..first], isHeaderShared);
        StrictBase64Url.Require(token[(first + 1)..last], JoseCodes.JwsMalformed);
        byte[] signature = StrictBase64Url.Decode(token[(last + 1)..], JoseCodes.JwsMalformed);
        return new CompactJws(text, header, first + 1, signature, last);
    }

    /// <summary>Requires the <c>typ</c> of this kind of JWT; the comparison is exact (RFC 8725 §3.11).</summary>
    /// <exception cref="MalformedDataException"><c>jws.type</c>.</exception>
    public void RequireType(params ReadOnlySpan<string> allowed)
    {
        foreach (string type in allowed)
            if (Type == type) return;
        throw new MalformedDataException(JoseCodes.JwsType, $"typ is not '{string.Join("' or '", allowed.ToArray())}'.");
    }

    /// <summary>True if the signature is the key's and the header's <c>alg</c> is the key's algorithm.</summary>
    public bool VerifySignature(PublicKey key)
    {
        if (ReadHeader.Algorithm != key.Algorithm) return false;
        byte[] input = ArrayPool<byte>.Shared.Rent(_signingInputLength);
        try
        {
            int length = Encoding.ASCII.GetBytes(Characters.Span[.._signingInputLength], input);
            return key.Verify(input.AsSpan(0, length), _signature);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
        }
    }

    internal static JsonElement ReadObject(ReadOnlySpan<char> base64Url, JsonLimits limits)
    {
        using PooledBuffer json = new(base64Url.Length);
        StrictBase64Url.Decode(base64Url, json, JoseCodes.JwsMalformed);
        return StrictJson.ParseObject(json.WrittenSpan, limits, JoseCodes.JwsMalformed);
    }
}
