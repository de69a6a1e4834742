using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;

namespace Credentials.X509;

/// <summary>The <c>x5c</c> header parameter (RFC 7515 §4.1.6): base64 DER certificates, the signer's first.</summary>
public static class X5c
{
    /// <summary>The cap on certificates in one header.</summary>
    public const int MaxCertificates = 6;

    /// <summary>The certificates in a JWS header, leaf first, unverified; null if there is no such header.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c> or <c>x509.too_many</c>.</exception>
    public static IReadOnlyList<X509Certificate2>? Of(CompactJws jws) => jws.Header.Member(JoseNames.X5c) is { } value ? Parse(value) : null;

    /// <summary>The same as DER, not parsed: for a trust store that may know the chain already.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c> or <c>x509.too_many</c>.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? DerOf(CompactJws jws) =>
        jws.ReadHeader.Certificates ??= jws.Header.Member(JoseNames.X5c) is { } value ? ReadDer(value) : null;

    /// <summary>Reads the header's value.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c> or <c>x509.too_many</c>.</exception>
    public static IReadOnlyList<X509Certificate2> Parse(JsonElement value) => X5Chain.Parse(ReadDer(value));

    private static ReadOnlyMemory<byte>[] ReadDer(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0) throw new MalformedDataException(X509Codes.Malformed, "x5c is a non-empty array.");
        if (value.GetArrayLength() > MaxCertificates) throw new MalformedDataException(X509Codes.TooMany, $"x5c has over {MaxCertificates} certificates.");
        var chain = new ReadOnlyMemory<byte>[value.GetArrayLength()];
        var next = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) throw new MalformedDataException(X509Codes.Malformed, "x5c holds strings.");

            // Where no letter is escaped, as the text stands between its quotes.
            var raw = JsonMarshal.GetRawUtf8Value(item)[1..^1];
            chain[next++] = raw.Contains((byte)'\\') ? StrictBase64.Decode(item.GetString()!, X509Codes.Malformed) : StrictBase64.Decode(raw, X509Codes.Malformed);
        }

        return chain;
    }

    /// <summary>Writes the header's value for a signer's own chain, leaving out the self-signed anchor on top of it (HAIP §6.1).</summary>
    /// <exception cref="ArgumentException">No certificate is left: no signer is self-signed.</exception>
    public static JsonArray ForHeader(IEnumerable<X509Certificate2> leafFirst)
    {
        JsonArray chain = ToJson(X5Chain.WithoutAnchor(leafFirst));
        return chain.Count > 0 ? chain : throw new ArgumentException("Every certificate is self-signed.", nameof(leafFirst));
    }

    /// <summary>Writes the header parameter for a signer's own chain.</summary>
    /// <inheritdoc cref="ForHeader"/>
    internal static void WriteForHeader(Utf8JsonWriter writer, IReadOnlyList<X509Certificate2> leafFirst)
    {
        var written = 0;
        writer.WriteStartArray(JoseNames.X5c);
        foreach (var certificate in X5Chain.WithoutAnchor(leafFirst))
        {
            writer.WriteBase64StringValue(certificate.RawDataMemory.Span);
            written++;
        }

        writer.WriteEndArray();
        if (written == 0) throw new ArgumentException("Every certificate is self-signed.", nameof(leafFirst));
    }

    /// <summary>Writes the header's value, leaf first. The trust anchor does not belong in it (HAIP §6.1).</summary>
    public static JsonArray ToJson(IEnumerable<X509Certificate2> leafFirst) =>
        new([.. leafFirst.Select(c => (JsonNode)JsonValue.Create(StrictBase64.Encode(c.RawDataMemory.Span)))]);
}
