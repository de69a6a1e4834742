using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.JsonLd;

namespace Credentials.W3c;

/// <summary>
/// Credentials with a base proof of ecdsa-sd-2023, which only their holder has: what they could show, and what is made to be shown
/// (ECDSA Cryptosuites 1.0 §3.6).
/// </summary>
public static class HolderProof
{
    /// <summary>True for a JSON document with such a proof; what it is worth is not looked at.</summary>
    public static bool IsSelective(string credential) => credential.StartsWith('{') && IsSelective(StrictJson.ParseObject(Encoding.UTF8.GetBytes(credential)));

    /// <inheritdoc cref="IsSelective(string)"/>
    public static bool IsSelective(JsonElement document)
    {
        JsonElement[] proofs = document.Member(W3cNames.Proof) switch
        {
            { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray()],
            { ValueKind: JsonValueKind.Object } one => [one],
            _ => [],
        };
        return Array.Exists(proofs, proof => proof.ValueKind == JsonValueKind.Object
            && proof.Member(DataIntegrityNames.Cryptosuite) is { ValueKind: JsonValueKind.String } suite && suite.ValueEquals(DataIntegrityNames.EcdsaSd2023));
    }

    /// <summary>The credential with everything shown, for whoever wants to verify what was issued.</summary>
    /// <exception cref="MalformedDataException">It is no such credential.</exception>
    public static string ShowAll(string credential, JsonLdContexts? contexts = null) => Show(credential, [""], contexts);

    /// <summary>The credential with what the pointers point to, and what its issuer made mandatory.</summary>
    /// <param name="credential">The credential as issued.</param>
    /// <param name="pointers">JSON pointers (RFC 6901).</param>
    /// <param name="contexts">The contexts that are known; null: those that are built in.</param>
    /// <exception cref="MalformedDataException">It is no such credential, or a pointer points to nothing.</exception>
    public static string Show(string credential, IReadOnlyList<string> pointers, JsonLdContexts? contexts = null) =>
        Encoding.UTF8.GetString(StrictJson.ToUtf8(DataIntegrityPresenter.Derive(
            StrictJson.ParseObject(Encoding.UTF8.GetBytes(credential)), pointers, contexts ?? JsonLdContexts.BuiltIn)));

    /// <summary>The pointers to what a claims path selects in a document.</summary>
    public static IReadOnlyList<string> PointersTo(JsonElement document, ClaimPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        List<(JsonElement Value, string Pointer)> reached = [(document, "")];
        foreach (var segment in path.Segments) reached = [.. reached.SelectMany(place => Step(place.Value, place.Pointer, segment))];
        return [.. reached.Select(place => place.Pointer)];
    }

    private static IEnumerable<(JsonElement Value, string Pointer)> Step(JsonElement value, string pointer, ClaimPathSegment segment)
    {
        if (segment.Name is { } name)
            return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? [(member, $"{pointer}/{Escape(name)}")] : [];
        if (value.ValueKind != JsonValueKind.Array) return [];
        var items = value.EnumerateArray().Select((item, index) => (Value: item, Pointer: $"{pointer}/{index}"));
        return segment.Index is { } wanted ? items.Skip((int)wanted).Take(1) : items;
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
