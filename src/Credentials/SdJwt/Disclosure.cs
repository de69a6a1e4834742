using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.SdJwt;

/// <summary>
/// One disclosure (RFC 9901 §4.2): the salt and value of an array element, or the salt, name and value of an object
/// member. Digests are taken over <see cref="Text"/>, never over a re-encoding.
/// </summary>
public sealed class Disclosure
{
    private readonly JsonElement _array;

    private Disclosure(ReadOnlyMemory<char> text, JsonElement array, string? name) => (Characters, _array, Name) = (text, array, name);

    /// <summary>The base64url text as received.</summary>
    public string Text => field ??= Characters.ToString();

    /// <summary>The same, where it was read.</summary>
    internal ReadOnlyMemory<char> Characters { get; }

    /// <summary>The salt; nobody but the holder and the verifiers it chooses may learn it.</summary>
    public string Salt => _array[0].GetString()!;

    /// <summary>The claim name; null for an array element.</summary>
    public string? Name { get; }

    /// <summary>The claim value, which may itself contain digests.</summary>
    public JsonElement Value => _array[Name is null ? 1 : 2];

    /// <summary>Reads one disclosure from untrusted text.</summary>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.DisclosureMalformed"/>.</exception>
    public static Disclosure Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsMemory());
    }

    /// <inheritdoc cref="Parse(string)"/>
    internal static Disclosure Parse(ReadOnlyMemory<char> text)
    {
        using var json = new PooledBuffer(text.Length);
        StrictBase64Url.Decode(text.Span, json, SdJwtCodes.DisclosureMalformed);
        var array = StrictJson.Parse(json.WrittenSpan, JsonLimits.Default, SdJwtCodes.DisclosureMalformed);
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is not (2 or 3))
        {
            throw Malformed("is not a JSON array of two or three elements");
        }

        var hasName = array.GetArrayLength() == 3;
        if (array[0].ValueKind != JsonValueKind.String) throw Malformed("has a salt that is not a string");
        if (hasName && array[1].ValueKind != JsonValueKind.String) throw Malformed("has a claim name that is not a string");
        return new Disclosure(text, array, hasName ? array[1].GetString() : null);
    }

    /// <summary>The digest that stands for this disclosure in the signed payload.</summary>
    public string Digest(DisclosureHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return hash.Digest(Characters.Span);
    }

    private static MalformedDataException Malformed(string what) => new(SdJwtCodes.DisclosureMalformed, $"A disclosure {what}.");
}
