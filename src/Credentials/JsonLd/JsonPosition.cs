using System.Runtime.InteropServices;
using System.Text.Json;

namespace Credentials.JsonLd;

/// <summary>Names the values of a parsed document by where they begin in its text.</summary>
internal static class JsonPosition
{
    /// <summary>The offset of a value in the document that it is part of, in bytes.</summary>
    public static int Of(JsonElement value, JsonElement document)
    {
        var whole = JsonMarshal.GetRawUtf8Value(document);
        return whole.Overlaps(JsonMarshal.GetRawUtf8Value(value), out var offset)
            ? offset
            : throw new ArgumentException("The value is not part of the document.", nameof(value));
    }
}
