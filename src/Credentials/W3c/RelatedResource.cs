using System.Security.Cryptography;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.W3c;

/// <summary>A resource that a credential refers to, with the digests that it had when the credential was issued (Data Model 2.0 §5.3).</summary>
public sealed class RelatedResource
{
    private const string Code = W3cCodes.RelatedResource;
    private const int MaxDigests = 16;

    private readonly IReadOnlyList<Expected> _digests;

    private RelatedResource(string id, string? mediaType, IReadOnlyList<Expected> digests) => (Id, MediaType, _digests) = (id, mediaType, digests);

    private sealed record Expected(HashAlgorithmName Algorithm, byte[] Digest);

    /// <summary>The URL of the resource.</summary>
    public string Id { get; }

    /// <summary>Its media type, where the credential names one.</summary>
    public string? MediaType { get; }

    /// <summary>True if the bytes have one of the digests: of those of the strongest algorithm (SHA-256, SHA-384, SHA-512). False where all are of others.</summary>
    public bool Matches(ReadOnlySpan<byte> resource)
    {
        // Subresource Integrity §3.3.3: the strongest algorithm counts.
        if (_digests.MaxBy(known => known.Digest.Length) is not { Algorithm: var strongest }) return false;
        var actual = CryptographicOperations.HashData(strongest, resource);
        return _digests.Any(known => known.Algorithm == strongest && known.Digest.AsSpan().SequenceEqual(actual));
    }

    /// <summary>Whether the SHA-256 of the resource, in hexadecimal, is one of its digests; null where it has none of that algorithm.</summary>
    internal bool? MatchesSha256(string hex)
    {
        var known = _digests.Where(digest => digest.Algorithm == HashAlgorithmName.SHA256).ToList();
        return known.Count == 0 ? null : known.Exists(digest => Convert.ToHexStringLower(digest.Digest) == hex);
    }

    /// <summary>Reads the value of <c>relatedResource</c>; none if it is absent.</summary>
    /// <exception cref="MalformedDataException"><c>w3c.related_resource</c>.</exception>
    internal static IReadOnlyList<RelatedResource> ReadAll(JsonElement credential)
    {
        RelatedResource[] resources = [.. DataModelRules.ReadObjects(credential, W3cNames.RelatedResource, Code).Select(Read)];
        return resources.DistinctBy(resource => resource.Id).Count() == resources.Length ? resources : throw Malformed("A resource stands twice.");
    }

    private static RelatedResource Read(JsonElement json)
    {
        DataModelRules.CheckKeywords(json, allowContext: false);
        var mediaType = json.OptionalString(W3cNames.MediaType, Code);
        if (mediaType is not null && !System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(mediaType, out _)) throw Malformed("mediaType is no media type.");
        var digests = Texts(json, W3cNames.DigestSri).SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(ReadIntegrity)
            .Concat(Texts(json, W3cNames.DigestMultibase).Select(ReadMultihash)).Take(MaxDigests + 1).ToList();
        return digests.Count is > 0 and <= MaxDigests
            ? new RelatedResource(DataModelRules.ReadId(json, isRequired: true, Code)!, mediaType, [.. digests.OfType<Expected>()])
            : throw Malformed("A resource has no digest, or too many.");
    }

    // hash-expression of Subresource Integrity §3.5: an algorithm, base64 in either alphabet, and options that mean nothing.
    private static Expected? ReadIntegrity(string text) =>
        text.Split('?', 2)[0].Split('-', 2) is not [var algorithm, var base64] ? throw Malformed("digestSRI is no hash expression.")
        : algorithm switch
        {
            "sha256" => Checked(HashAlgorithmName.SHA256, Decode(base64)),
            "sha384" => Checked(HashAlgorithmName.SHA384, Decode(base64)),
            "sha512" => Checked(HashAlgorithmName.SHA512, Decode(base64)),
            _ => null,
        };

    // Controlled Identifiers §2.5: a multihash is a code, a length and the digest.
    private static Expected? ReadMultihash(string text) => Multibase.Decode(text, Code) switch
    {
        [0x12, 0x20, .. var digest] => Checked(HashAlgorithmName.SHA256, digest),
        [0x20, 0x30, .. var digest] => Checked(HashAlgorithmName.SHA384, digest),
        [0x13, 0x40, .. var digest] => Checked(HashAlgorithmName.SHA512, digest),
        _ => null,
    };

    private static byte[] Decode(string base64) => StrictBase64.Decode(base64.Replace('-', '+').Replace('_', '/'), Code);

    private static Expected Checked(HashAlgorithmName algorithm, byte[] digest)
    {
        var length = algorithm == HashAlgorithmName.SHA256 ? 32 : algorithm == HashAlgorithmName.SHA384 ? 48 : 64;
        return digest.Length == length ? new Expected(algorithm, digest) : throw Malformed("A digest has another length than its algorithm.");
    }

    private static IEnumerable<string> Texts(JsonElement json, string name) => json.Member(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } several when several.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            several.EnumerateArray().Select(item => item.GetString()!),
        _ => throw Malformed($"{name} is neither a string nor several."),
    };

    private static MalformedDataException Malformed(string message) => new(Code, message);
}
