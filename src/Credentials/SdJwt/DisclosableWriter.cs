using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.SdJwt;

/// <summary>Writes a payload with digests where claims are disclosable, and collects the disclosures (RFC 9901 §4.2).</summary>
internal sealed class DisclosableWriter(DisclosureHash hash, int decoys)
{
    /// <summary>RFC 9901 §9.3: 128 bits of salt.</summary>
    public const int SaltLength = 16;

    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stack<(ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)> _spare = new();

    /// <summary>The disclosures made so far.</summary>
    public List<string> Disclosures { get; } = [];

    /// <summary>The payload as UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> WritePayload(IEnumerable<KeyValuePair<string, JsonNode?>> claims, DisclosurePlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, s_compact);
        WriteObject(writer, claims, plan, depth: 1);
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private void WriteValue(Utf8JsonWriter writer, JsonNode? value, DisclosurePlan? plan, int depth)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject members:
                WriteObject(writer, members, plan, depth);
                break;
            case JsonArray elements:
                WriteArray(writer, elements, plan, depth);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private void WriteObject(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, JsonNode?>> value, DisclosurePlan? plan, int depth)
    {
        RequireDepth(depth);
        List<string>? digests = null;
        writer.WriteStartObject();
        foreach (var (name, member) in value)
        {
            // RFC 9901 §4.1 rule 7.
            if (SdJwtNames.IsReserved(name))
            {
                throw new MalformedDataException(SdJwtCodes.ClaimNameReserved, "A claim has a name that SD-JWT reserves.");
            }

            var memberPlan = plan?.Member(name);
            if (memberPlan is { IsDisclosable: true })
            {
                (digests ??= []).Add(Disclose(name, member, memberPlan, depth + 1));
            }
            else
            {
                writer.WritePropertyName(name);
                WriteValue(writer, member, memberPlan, depth + 1);
            }
        }

        if (digests is not null) WriteDigests(writer, digests);
        if (depth == 1 && Disclosures.Count > 0) writer.WriteString(SdJwtNames.HashAlgorithm, hash.Name);
        writer.WriteEndObject();
    }

    private void WriteDigests(Utf8JsonWriter writer, List<string> digests)
    {
        for (var i = 0; i < decoys; i++) digests.Add(Decoy());

        // RFC 9901 §4.2.4.1: the order must not tell the order of the claims, nor which digests are decoys.
        digests.Sort(StringComparer.Ordinal);
        writer.WriteStartArray(SdJwtNames.Digests);
        foreach (var digest in digests) writer.WriteStringValue(digest);
        writer.WriteEndArray();
    }

    private void WriteArray(Utf8JsonWriter writer, JsonArray value, DisclosurePlan? plan, int depth)
    {
        RequireDepth(depth);
        var hasDigests = false;
        writer.WriteStartArray();
        for (var i = 0; i < value.Count; i++)
        {
            var elementPlan = plan?.Element(i);
            if (elementPlan is { IsDisclosable: true })
            {
                hasDigests = true;
                WriteArrayDigest(writer, Disclose(null, value[i], elementPlan, depth + 1));
            }
            else
            {
                WriteValue(writer, value[i], elementPlan, depth + 1);
            }
        }

        // At the end, so that the elements keep their indexes.
        for (var i = 0; hasDigests && i < decoys; i++) WriteArrayDigest(writer, Decoy());
        writer.WriteEndArray();
    }

    private static void WriteArrayDigest(Utf8JsonWriter writer, string digest)
    {
        writer.WriteStartObject();
        writer.WriteString(SdJwtNames.ArrayDigest, digest);
        writer.WriteEndObject();
    }

    /// <summary>Makes the disclosure of a claim and gives its digest.</summary>
    private string Disclose(string? name, JsonNode? value, DisclosurePlan plan, int depth)
    {
        if (!_spare.TryPop(out var target))
        {
            var created = new ArrayBufferWriter<byte>(256);
            target = (created, new Utf8JsonWriter(created, s_compact));
        }

        var (buffer, writer) = target;
        writer.WriteStartArray();
        writer.WriteStringValue(RandomText(SaltLength));
        if (name is not null) writer.WriteStringValue(name);
        WriteValue(writer, value, plan, depth);
        writer.WriteEndArray();
        writer.Flush();

        var text = StrictBase64Url.Encode(buffer.WrittenSpan);
        Disclosures.Add(text);
        buffer.ResetWrittenCount();
        writer.Reset();
        _spare.Push(target);
        return hash.Digest(text);
    }

    private string Decoy() => hash.Digest(RandomText(hash.Length));

    private static string RandomText(int octets)
    {
        Span<byte> random = stackalloc byte[octets];
        RandomNumberGenerator.Fill(random);
        return StrictBase64Url.Encode(random);
    }

    private static void RequireDepth(int depth)
    {
        if (depth > JsonLimits.Default.MaxDepth) throw new MalformedDataException(SdJwtCodes.TooDeep, "The claims are nested too deep.");
    }
}
