using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;

namespace Credentials.SdJwt;

/// <summary>
/// The JWS JSON serialization of SD-JWTs (RFC 9901 §8, RFC 7515 §7.2). Members that are not understood are ignored, as
/// RFC 7515 says; what stands where RFC 9901 does not put it is refused.
/// </summary>
internal static class SdJwtJson
{
    private const string Payload = "payload";
    private const string Signatures = "signatures";
    private const string Protected = "protected";
    private const string Signature = "signature";
    private const string Header = "header";
    private const string Disclosures = "disclosures";
    private const string KeyBindingJwt = "kb_jwt";

    // The whole is one object with headers in it; no header that we know nests deeper.
    private static readonly JsonLimits s_limits = new(MaxDepth: 8, MaxMembers: 100);

    /// <summary>What a JSON form holds.</summary>
    public sealed record Parts(
        IReadOnlyList<SdJwtSignature> Signatures, IReadOnlyList<string> Disclosures, string? KeyBindingJwt, SdJwtSerialization Serialization);

    public static Parts Read(string text, SdJwtLimits limits)
    {
        var json = StrictJson.Parse(text, s_limits, SdJwtCodes.Malformed).RequireObject(SdJwtCodes.Malformed);
        var payload = json.RequireString(Payload, SdJwtCodes.Malformed);
        var general = json.OptionalArray(Signatures, SdJwtCodes.Malformed);
        var entries = general is { } array ? Entries(json, array, limits) : [json];
        var first = Unprotected(entries[0]);
        var disclosures = first?.OptionalStringArray(Disclosures, SdJwtCodes.Malformed) ?? [];
        if (disclosures.Count > limits.MaxDisclosures)
        {
            throw new MalformedDataException(SdJwtCodes.TooManyDisclosures, "The SD-JWT has more disclosures than the limit.");
        }

        // RFC 9901 §8.3: in the first unprotected header and in no other.
        if (entries.Skip(1).Any(entry => Unprotected(entry) is { } other && HasParts(other))) throw Malformed("has disclosures in another header than the first");
        return new Parts(
            [.. entries.Select(entry => ReadSignature(entry, payload))],
            disclosures,
            first?.OptionalString(KeyBindingJwt, SdJwtCodes.Malformed),
            general is null ? SdJwtSerialization.FlattenedJson : SdJwtSerialization.GeneralJson);
    }

    public static string Write(SdJwtCredential credential, IReadOnlyList<SdJwtSignature> signatures)
    {
        var entries = signatures.Select(Write).ToList();
        var header = entries[0][Header]?.AsObject() ?? [];
        if (credential.Disclosures.Count > 0) header[Disclosures] = new JsonArray([.. credential.Disclosures.Select(disclosure => (JsonNode)disclosure.Text)]);
        if (credential.KeyBindingJwt is { } binding) header[KeyBindingJwt] = binding;
        if (header.Count > 0) entries[0][Header] ??= header;

        var payload = Part(credential.IssuerJwt, 1);
        if (credential.Serialization == SdJwtSerialization.GeneralJson)
        {
            return StrictJson.ToText(new JsonObject { [Payload] = payload, [Signatures] = new JsonArray([.. entries]) });
        }

        entries[0][Payload] = payload;
        return StrictJson.ToText(entries[0]);
    }

    private static JsonObject Write(SdJwtSignature signature)
    {
        var entry = new JsonObject { [Protected] = Part(signature.Jwt, 0), [Signature] = Part(signature.Jwt, 2) };
        if (signature.UnprotectedHeader is not { } unprotected) return entry;
        var header = JsonObject.Create(unprotected)!;
        header.Remove(Disclosures);
        header.Remove(KeyBindingJwt);
        if (header.Count > 0) entry[Header] = header;
        return entry;
    }

    private static List<JsonElement> Entries(JsonElement json, JsonElement array, SdJwtLimits limits)
    {
        // RFC 7515 §7.2.2: the members of the two forms do not mix.
        if (json.Member(Protected) is not null || json.Member(Header) is not null || json.Member(Signature) is not null) throw Malformed("mixes the flattened and the general form");
        if (array.GetArrayLength() == 0) throw Malformed("has no signature");
        return array.GetArrayLength() <= limits.MaxSignatures
            ? [.. array.EnumerateArray()]
            : throw new MalformedDataException(SdJwtCodes.TooManySignatures, "The SD-JWT has more signatures than the limit.");
    }

    private static SdJwtSignature ReadSignature(JsonElement entry, string payload)
    {
        var jwt = CompactJws.Parse($"{entry.RequireString(Protected, SdJwtCodes.Malformed)}.{payload}.{entry.RequireString(Signature, SdJwtCodes.Malformed)}");
        if (HasParts(jwt.Header)) throw Malformed("has disclosures in a protected header");
        var unprotected = Unprotected(entry);
        foreach (var member in unprotected?.EnumerateObject() ?? default)
        {
            // RFC 7515 §4 and §4.1.11: no name stands in both headers, and crit is always protected.
            if (member.Name == JoseNames.Crit || jwt.Header.Member(member.Name) is not null) throw Malformed("has a header parameter twice or in the wrong header");
        }

        return new SdJwtSignature(jwt, unprotected);
    }

    private static JsonElement? Unprotected(JsonElement entry) => entry.OptionalObject(Header, SdJwtCodes.Malformed);

    private static bool HasParts(JsonElement header) => header.Member(Disclosures) is not null || header.Member(KeyBindingJwt) is not null;

    private static string Part(CompactJws jwt, int index) => jwt.Text.Split('.')[index];

    private static MalformedDataException Malformed(string what) => new(SdJwtCodes.Malformed, $"The SD-JWT {what}.");
}
