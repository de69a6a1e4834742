using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.SdJwt;

/// <summary>
/// RFC 9901 §7.1 steps 3 to 5 in one pass over the payload and the disclosures that belong to it. The first fault of
/// each kind is kept and the pass goes on, so that a report can tell both; what was faulty is left out of the result.
/// </summary>
internal sealed class PayloadResolver
{
    private readonly Dictionary<string, Disclosure> _waiting;
    private readonly HashSet<JsonElement> _seen = new(new DigestComparer());
    private readonly int _maxNesting;

    private PayloadResolver(IReadOnlyList<Disclosure> disclosures, DisclosureHash hash, int maxNesting)
    {
        _maxNesting = maxNesting;
        _waiting = new Dictionary<string, Disclosure>(disclosures.Count, StringComparer.Ordinal);
        foreach (var disclosure in disclosures)
        {
            if (!_waiting.TryAdd(disclosure.Digest(hash), disclosure)) DisclosureFault = SdJwtCodes.DisclosureRepeated;
        }
    }

    /// <summary>The first rule on digests that the payload broke.</summary>
    public string? DigestFault { get; private set; }

    /// <summary>The first rule on disclosures that was broken.</summary>
    public string? DisclosureFault { get; private set; }

    public static (ClaimNode Root, string? DigestFault, string? DisclosureFault) Resolve(
        JsonElement payload, IReadOnlyList<Disclosure> disclosures, DisclosureHash hash, int maxNesting)
    {
        var resolver = new PayloadResolver(disclosures, hash, maxNesting);
        var root = resolver.Object(payload, null, nesting: 0, depth: 1);

        // Step 5. A child without its parent ends here too.
        if (resolver._waiting.Count > 0) resolver.DisclosureFault ??= SdJwtCodes.DisclosureUnreferenced;
        return (root, resolver.DigestFault, resolver.DisclosureFault);
    }

    private ClaimNode Value(JsonElement value, Disclosure? disclosure, int nesting, int depth)
    {
        if (depth > JsonLimits.Default.MaxDepth && value.ValueKind is (JsonValueKind.Object or JsonValueKind.Array))
        {
            DisclosureFault ??= SdJwtCodes.TooDeep;
            return new ClaimNode(value, disclosure);
        }

        // What nobody disclosed is as deep as its document may be, and may have nothing to look for.
        if (nesting == 0 && IsPlain(value)) return new ClaimNode(value, disclosure);
        return value.ValueKind switch
        {
            JsonValueKind.Object => Object(value, disclosure, nesting, depth),
            JsonValueKind.Array => Array(value, disclosure, nesting, depth),
            _ => new ClaimNode(value, disclosure),
        };
    }

    /// <summary>Whether no name stands in the value that digests are found by, nor an escape that may hide one.</summary>
    private static bool IsPlain(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.IndexOf("\"_sd"u8) < 0 && raw.IndexOf("\"...\""u8) < 0 && !raw.Contains((byte)'\\');
    }

    private ClaimNode Object(JsonElement value, Disclosure? disclosure, int nesting, int depth)
    {
        var digests = value.Member(SdJwtNames.Digests);
        var disclosed = digests is { ValueKind: JsonValueKind.Array } some ? Math.Min(some.GetArrayLength(), _waiting.Count) : 0;
        var members = new List<KeyValuePair<string, ClaimNode>>(value.GetPropertyCount() + disclosed);
        foreach (var member in value.EnumerateObject())
        {
            var name = member.Name;
            switch (name)
            {
                case SdJwtNames.Digests:
                    break;
                case SdJwtNames.ArrayDigest:
                    DigestFault ??= SdJwtCodes.DigestMalformed;
                    break;
                case SdJwtNames.HashAlgorithm:
                    // RFC 9901 §4.1.1: at the top level only.
                    if (depth > 1) DigestFault ??= SdJwtCodes.HashClaimMisplaced;
                    break;
                default:
                    members.Add(new(name, Value(member.Value, null, nesting, depth + 1)));
                    break;
            }
        }

        var isPartial = digests is { } found && AddDisclosed(found, members, nesting, depth);
        return new ClaimNode(value, disclosure) { Members = members, HasWithheldMembers = isPartial };
    }

    /// <returns>True if a digest has no disclosure.</returns>
    private bool AddDisclosed(JsonElement digests, List<KeyValuePair<string, ClaimNode>> members, int nesting, int depth)
    {
        if (digests.ValueKind != JsonValueKind.Array)
        {
            DigestFault ??= SdJwtCodes.DigestMalformed;
            return false;
        }

        _seen.EnsureCapacity(_seen.Count + digests.GetArrayLength());
        var isPartial = false;
        foreach (var digest in digests.EnumerateArray())
        {
            if (Take(digest, nesting) is not { } disclosure)
            {
                isPartial = true;
                continue;
            }

            // Step 3.c.ii: three elements, a permitted name, and a name that is new at this level.
            if (disclosure.Name is not { } name) DisclosureFault ??= SdJwtCodes.DisclosureMisplaced;
            else if (SdJwtNames.IsReserved(name)) DisclosureFault ??= SdJwtCodes.ClaimNameReserved;
            else if (HasMember(members, name)) DisclosureFault ??= SdJwtCodes.ClaimNameTaken;
            else members.Add(new(name, Value(disclosure.Value, disclosure, nesting + 1, depth + 1)));
        }

        return isPartial;
    }

    // A walk: the disclosures of one credential are few by its limits, and a set of names would have to be made for every object.
    private static bool HasMember(List<KeyValuePair<string, ClaimNode>> members, string name)
    {
        foreach (var member in members)
        {
            if (member.Key == name) return true;
        }

        return false;
    }

    private ClaimNode Array(JsonElement value, Disclosure? disclosure, int nesting, int depth)
    {
        var elements = new List<ClaimNode>(value.GetArrayLength());
        List<ClaimNode?>? asIssued = null;
        foreach (var element in value.EnumerateArray())
        {
            var node = Element(element, nesting, depth);
            if (node is null) asIssued ??= [.. elements];
            else elements.Add(node);
            asIssued?.Add(node);
        }

        return new ClaimNode(value, disclosure) { Elements = elements, ElementsAsIssued = asIssued };
    }

    private ClaimNode? Element(JsonElement element, int nesting, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(SdJwtNames.ArrayDigest, out var digest))
        {
            return Value(element, null, nesting, depth + 1);
        }

        if (element.GetPropertyCount() != 1)
        {
            // RFC 9901 §4.2.4.2: no other member beside the digest.
            DigestFault ??= SdJwtCodes.DigestMalformed;
        }
        else if (Take(digest, nesting) is { } found)
        {
            // Step 3.c.iii: two elements.
            if (found.Name is null) return Value(found.Value, found, nesting + 1, depth + 1);
            DisclosureFault ??= SdJwtCodes.DisclosureMisplaced;
        }

        return null;
    }

    /// <summary>The disclosure of an embedded digest; null when there is none, as for decoys, or when a rule is broken.</summary>
    private Disclosure? Take(JsonElement digest, int nesting)
    {
        if (digest.ValueKind != JsonValueKind.String)
        {
            DigestFault ??= SdJwtCodes.DigestMalformed;
            return null;
        }

        digest = DigestComparer.Normal(digest);
        if (!_seen.Add(digest))
        {
            // Step 4. No disclosure is used twice, so a circle of digests ends as well.
            DigestFault ??= SdJwtCodes.DigestRepeated;
            return null;
        }

        if (!TryTake(JsonMarshal.GetRawUtf8Value(digest)[1..^1], out var disclosure)) return null;
        if (nesting < _maxNesting) return disclosure;
        DisclosureFault ??= SdJwtCodes.TooDeep;
        return null;
    }

    private bool TryTake(ReadOnlySpan<byte> digest, [NotNullWhen(true)] out Disclosure? disclosure)
    {
        Span<char> text = stackalloc char[DisclosureHash.MaxDigestLength];
        disclosure = null;
        return digest.Length <= text.Length
            && _waiting.GetAlternateLookup<ReadOnlySpan<char>>().Remove(text[..Encoding.Latin1.GetChars(digest, text)], out _, out disclosure);
    }
}
