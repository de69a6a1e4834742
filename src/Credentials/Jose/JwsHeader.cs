using System.Text.Json;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Jose;

/// <summary>A protected header, read. Immutable but for what is found out once and kept.</summary>
internal sealed class JwsHeader
{
    // An issuer signs all of its credentials under one header, and what is in it takes longer to read than the rest. In characters of the text.
    private static readonly BoundedCache<string, JwsHeader> s_known = new(256 * 1024, static header => header._length);

    private static readonly JsonLimits s_limits = new(MaxBytes: 64 * 1024, MaxDepth: 8, MaxMembers: 100);

    private readonly int _length;

    private JwsHeader(ReadOnlySpan<char> base64Url)
    {
        _length = base64Url.Length;
        Members = CompactJws.ReadObject(base64Url, s_limits);
        Algorithm = ReadAlgorithm(Members);
        Type = Members.OptionalString(JoseNames.Typ, JoseCodes.JwsMalformed);
        KeyId = Members.OptionalString(JoseNames.Kid, JoseCodes.JwsMalformed);
    }

    /// <summary>All of its members.</summary>
    public JsonElement Members { get; }

    /// <summary><c>alg</c>.</summary>
    public SignatureAlgorithm Algorithm { get; }

    /// <summary><c>typ</c> as received.</summary>
    public string? Type { get; }

    /// <summary><c>kid</c>.</summary>
    public string? KeyId { get; }

    /// <summary>The certificates of <c>x5c</c> in DER, once somebody has decoded them.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Certificates { get; set; }

    /// <summary>Reads a header.</summary>
    /// <param name="base64Url">The text as received.</param>
    /// <param name="isShared">Whether many tokens have the same header, so that it pays to remember it.</param>
    /// <exception cref="MalformedDataException">Not a header that we could verify under; see <see cref="JoseCodes"/>.</exception>
    public static JwsHeader Read(ReadOnlySpan<char> base64Url, bool isShared)
    {
        if (!isShared) return new JwsHeader(base64Url);
        if (s_known.Get(base64Url) is { } known) return known;
        JwsHeader header = new(base64Url);
        s_known.Put(base64Url.ToString(), header);
        return header;
    }

    private static SignatureAlgorithm ReadAlgorithm(JsonElement header)
    {
        // No extension is understood, so any crit is refused, well-formed or not (RFC 7515 §4.1.11); b64 is one (RFC 7797 §6).
        if (header.Member(JoseNames.Crit) is not null || header.Member(JoseNames.B64) is not null)
            throw new MalformedDataException(JoseCodes.JwsCritical, "The header names an extension that is not understood.");
        string? alg = header.Member(JoseNames.Alg) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;
        return SignatureAlgorithm.FromJose(alg)
            ?? throw new MalformedDataException(JoseCodes.JwsAlgorithm, "The signature algorithm is missing or not supported.");
    }
}
