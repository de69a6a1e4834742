using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.SdJwt;

/// <summary>Compares digests where they stand in the JSON, so that no text is made of each: a credential has ten times as many as it shows.</summary>
internal sealed class DigestComparer : IEqualityComparer<JsonElement>
{
    private static readonly SearchValues<byte> s_alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>The string in the one spelling in which it can be compared: JSON may write any letter in two ways.</summary>
    public static JsonElement Normal(JsonElement digest) =>
        JsonMarshal.GetRawUtf8Value(digest)[1..^1].ContainsAnyExcept(s_alphabet) ? StrictJson.ToElement(JsonValue.Create(digest.GetString())!) : digest;

    public bool Equals(JsonElement x, JsonElement y) => JsonMarshal.GetRawUtf8Value(x).SequenceEqual(JsonMarshal.GetRawUtf8Value(y));

    public int GetHashCode([DisallowNull] JsonElement digest)
    {
        HashCode hash = default;
        hash.AddBytes(JsonMarshal.GetRawUtf8Value(digest));
        return hash.ToHashCode();
    }
}
