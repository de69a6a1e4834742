using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.SdJwt;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>RFC 9901 §7.1 step 3 to 5, word for word and slowly: the payload with its disclosures in place, or null where a rule is broken.</summary>
internal static class DisclosureReference
{
    private const int MaxNesting = 16;

    public static JsonElement? Process(SdJwtCredential credential)
    {
        var payload = StrictJson.ToNode(credential.IssuerJwt.PayloadObject)!.AsObject();
        if (HashOf(payload["_sd_alg"], payload.ContainsKey("_sd_alg")) is not { } hash) return null;
        payload.Remove("_sd_alg");
        List<(string Digest, Disclosure Disclosure)> sent = [.. credential.Disclosures.Select(d => (StrictBase64Url.Encode(hash(Encoding.ASCII.GetBytes(d.Text))), d))];
        var state = new State(sent);
        try
        {
            var claims = state.Object(payload, 0, 1);
            // Step 5: no disclosure that no digest refers to, and none twice.
            return sent.All(one => state.Used.Contains(one.Digest)) && sent.Select(one => one.Digest).Distinct().Count() == sent.Count ? StrictJson.ToElement(claims) : null;
        }
        catch (RuleBrokenException)
        {
            return null;
        }
    }

    private static Func<byte[], byte[]>? HashOf(JsonNode? name, bool isThere) => (isThere, name?.GetValueKind()) switch
    {
        (false, _) => SHA256.HashData,
        (true, JsonValueKind.String) => name!.GetValue<string>() switch { "sha-256" => SHA256.HashData, "sha-384" => SHA384.HashData, "sha-512" => SHA512.HashData, _ => null },
        _ => null,
    };

    private sealed class RuleBrokenException : Exception;

    private sealed class State(List<(string Digest, Disclosure Disclosure)> sent)
    {
        private readonly HashSet<string> _digests = new(StringComparer.Ordinal);

        public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

        public JsonObject Object(JsonObject source, int nesting, int depth)
        {
            var result = new JsonObject();
            foreach (var (name, value) in source)
            {
                if (name == "_sd") continue;
                if (name is "..." or "_sd_alg") throw new RuleBrokenException();
                result[name] = Value(value, nesting, depth + 1);
            }

            if (!source.TryGetPropertyValue("_sd", out var digests)) return result;
            if (digests is not JsonArray list) throw new RuleBrokenException();
            foreach (var digest in list)
            {
                if (Find(digest) is not { } disclosure) continue;
                if (disclosure.Name is not { } name || name is "_sd" or "..." or "_sd_alg" || source.ContainsKey(name) || result.ContainsKey(name)) throw new RuleBrokenException();
                result[name] = Value(StrictJson.ToNode(disclosure.Value), Deeper(nesting), depth + 1);
            }

            return result;
        }

        private JsonNode? Value(JsonNode? value, int nesting, int depth) => value switch
        {
            JsonObject or JsonArray when depth > JsonLimits.Default.MaxDepth => throw new RuleBrokenException(),
            JsonObject one => Object(one, nesting, depth),
            JsonArray many => Array(many, nesting, depth),
            _ => value?.DeepClone(),
        };

        private JsonArray Array(JsonArray source, int nesting, int depth)
        {
            var result = new JsonArray();
            foreach (var item in source)
            {
                if (item is not JsonObject { Count: 1 } placeholder || !placeholder.TryGetPropertyValue("...", out var digest))
                {
                    result.Add(Value(item, nesting, depth + 1));
                    continue;
                }

                if (Find(digest) is not { } disclosure) continue;
                if (disclosure.Name is not null) throw new RuleBrokenException();
                result.Add(Value(StrictJson.ToNode(disclosure.Value), Deeper(nesting), depth + 1));
            }

            return result;
        }

        private static int Deeper(int nesting) => nesting < MaxNesting ? nesting + 1 : throw new RuleBrokenException();

        private Disclosure? Find(JsonNode? digest)
        {
            if (digest?.GetValueKind() != JsonValueKind.String) throw new RuleBrokenException();
            var text = digest.GetValue<string>();
            if (!_digests.Add(text)) throw new RuleBrokenException(); // step 4
            var found = sent.Find(one => one.Digest == text);
            if (found.Disclosure is not null) Used.Add(text);
            return found.Disclosure;
        }
    }
}
