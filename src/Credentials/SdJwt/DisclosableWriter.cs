using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;

namespace Credentials.SdJwt;

/// <summary>Writes a payload with digests where claims are disclosable, and collects the disclosures (RFC 9901 §4.2).</summary>
internal sealed class DisclosableWriter(DisclosureHash hash, int decoys) : IDisposable
{
    /// <summary>RFC 9901 §9.3: 128 bits of salt.</summary>
    public const int SaltLength = 16;

    // What is written here is well-formed by construction.
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly PooledBuffer _payload = new();
    private readonly PooledBuffer _disclosures = new(2048);
    private readonly Stack<OpenDisclosure> _spare = new();
    private readonly List<OpenDisclosure> _made = [];
    private int _lastStart;

    /// <summary>How many disclosures there are.</summary>
    public int Count { get; private set; }

    /// <summary>The payload as UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Payload => _payload.WrittenMemory;

    /// <summary>The disclosures in ASCII, each after a tilde, as they stand behind the JWT.</summary>
    public ReadOnlySpan<byte> Disclosures => _disclosures.WrittenSpan;

    /// <summary>Writes the payload and makes its disclosures.</summary>
    public void Write(SdJwtContent content)
    {
        var plan = DisclosurePlan.For(content.Disclosable);
        using var writer = new Utf8JsonWriter(_payload, s_compact);
        DigestList? digests = null;
        writer.WriteStartObject();
        // Of these only iat may be disclosable (SdJwtNames.NeverDisclosable).
        if (content.Type is { } type) writer.WriteString(SdJwtNames.Type, type);
        if (content.IssuedAt is { } issued) WriteMember(writer, SdJwtNames.IssuedAt, Seconds(issued, content, roundUp: false), plan, depth: 1, ref digests);
        if (content.NotBefore is { } start) writer.WriteNumber(SdJwtNames.NotBefore, Seconds(start, content, roundUp: false));
        if (content.ExpiresAt is { } end) writer.WriteNumber(SdJwtNames.Expires, Seconds(end, content, roundUp: true));
        if (content.HolderKey is { } holder)
        {
            writer.WriteStartObject(SdJwtNames.Confirmation);
            writer.WritePropertyName(SdJwtNames.ConfirmationJwk);
            Jwk.Write(writer, holder);
            writer.WriteEndObject();
        }

        if (content.Status is { } status)
        {
            writer.WritePropertyName(SdJwtNames.Status);
            status.WriteTo(writer);
        }

        foreach (var (name, value) in content.Claims) WriteMember(writer, name, value, plan, depth: 1, ref digests);
        if (digests is not null) WriteDigests(writer, digests);
        if (Count > 0) writer.WriteString(SdJwtNames.HashAlgorithm, hash.Name);
        writer.WriteEndObject();
    }

    public void Dispose()
    {
        _payload.Dispose();
        _disclosures.Dispose();
        foreach (var open in _made) open.Dispose();
    }

    private static long Seconds(DateTimeOffset time, SdJwtContent content, bool roundUp)
    {
        if (content.TimeGranularity <= TimeSpan.Zero) return NumericDate.From(time);
        var step = content.TimeGranularity.Ticks;
        var past = time.UtcTicks % step;
        return NumericDate.From(past == 0 ? time : time.AddTicks(roundUp ? step - past : -past));
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

    private void WriteObject(Utf8JsonWriter writer, JsonObject value, DisclosurePlan? plan, int depth)
    {
        RequireDepth(depth);
        DigestList? digests = null;
        writer.WriteStartObject();
        foreach (var (name, member) in value) WriteMember(writer, name, member, plan, depth, ref digests);
        if (digests is not null) WriteDigests(writer, digests);
        writer.WriteEndObject();
    }

    private void WriteMember(Utf8JsonWriter writer, string name, JsonNode? member, DisclosurePlan? plan, int depth, ref DigestList? digests)
    {
        // RFC 9901 §4.1 rule 7.
        if (SdJwtNames.IsReserved(name))
        {
            throw new MalformedDataException(SdJwtCodes.ClaimNameReserved, "A claim has a name that SD-JWT reserves.");
        }

        var memberPlan = plan?.Member(name);
        if (memberPlan is { IsDisclosable: true })
        {
            Disclose(name, member, memberPlan, depth + 1);
            (digests ??= new(hash)).AddDigestOf(LastDisclosure);
        }
        else
        {
            writer.WritePropertyName(name);
            WriteValue(writer, member, memberPlan, depth + 1);
        }
    }

    private void WriteDigests(Utf8JsonWriter writer, DigestList digests)
    {
        for (var i = 0; i < decoys; i++) digests.AddDecoy();
        writer.WriteStartArray(SdJwtNames.Digests);
        digests.WriteSorted(writer);
        writer.WriteEndArray();
        digests.Dispose();
    }

    private void WriteArray(Utf8JsonWriter writer, JsonArray value, DisclosurePlan? plan, int depth)
    {
        RequireDepth(depth);
        var hasDigests = false;
        Span<byte> text = stackalloc byte[DisclosureHash.MaxDigestLength];
        writer.WriteStartArray();
        for (var i = 0; i < value.Count; i++)
        {
            var elementPlan = plan?.Element(i);
            if (elementPlan is { IsDisclosable: true })
            {
                hasDigests = true;
                Disclose(null, value[i], elementPlan, depth + 1);
                WriteArrayDigest(writer, text[..hash.Digest(LastDisclosure, text)]);
            }
            else
            {
                WriteValue(writer, value[i], elementPlan, depth + 1);
            }
        }

        // At the end, so that the elements keep their indexes.
        for (var i = 0; hasDigests && i < decoys; i++) WriteArrayDigest(writer, text[..hash.Decoy(text)]);
        writer.WriteEndArray();
    }

    private static void WriteArrayDigest(Utf8JsonWriter writer, ReadOnlySpan<byte> digest)
    {
        writer.WriteStartObject();
        writer.WriteString(SdJwtNames.ArrayDigest, digest);
        writer.WriteEndObject();
    }

    private ReadOnlySpan<byte> LastDisclosure => _disclosures.WrittenSpan[_lastStart..];

    /// <summary>Makes the disclosure of a claim.</summary>
    private void Disclose(string? name, JsonNode? value, DisclosurePlan plan, int depth)
    {
        if (!_spare.TryPop(out var open)) _made.Add(open = new OpenDisclosure());
        var writer = open.Writer;
        writer.WriteStartArray();
        WriteSalt(writer);
        if (name is not null) writer.WriteStringValue(name);
        WriteValue(writer, value, plan, depth);
        writer.WriteEndArray();
        writer.Flush();

        _disclosures.Add((byte)'~');
        _lastStart = _disclosures.WrittenSpan.Length;
        _disclosures.AddBase64Url(open.Buffer.WrittenSpan);
        Count++;
        open.Clear();
        _spare.Push(open);
    }

    private static void WriteSalt(Utf8JsonWriter writer)
    {
        Span<byte> salt = stackalloc byte[SaltLength], text = stackalloc byte[24];
        Salts.Fill(salt);
        var length = StrictBase64Url.Encode(salt, text);
        writer.WriteStringValue(text[..length]);
    }

    private static void RequireDepth(int depth)
    {
        if (depth > JsonLimits.Default.MaxDepth) throw new MalformedDataException(SdJwtCodes.TooDeep, "The claims are nested too deep.");
    }

    /// <summary>A disclosure that is being written; claims inside it may be disclosures of their own.</summary>
    private sealed class OpenDisclosure : IDisposable
    {
        public OpenDisclosure() => Writer = new Utf8JsonWriter(Buffer, s_compact);

        public PooledBuffer Buffer { get; } = new(256);

        public Utf8JsonWriter Writer { get; }

        public void Clear()
        {
            Buffer.Clear();
            Writer.Reset();
        }

        public void Dispose()
        {
            Writer.Dispose();
            Buffer.Dispose();
        }
    }
}
