using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.SdJwt;

/// <summary>Writes protected headers of JWTs, straight into pooled memory.</summary>
internal static class SdJwtHeader
{
    /// <summary>The header; the key decides its <c>alg</c>.</summary>
    public static PooledBuffer Write(string type, ISigningKey key, string? keyId = null, IReadOnlyList<X509Certificate2>? certificates = null)
    {
        var buffer = new PooledBuffer(certificates is { Count: > 0 } ? 2048 : 128);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString(JoseNames.Alg, key.PublicKey.Algorithm.JoseName);
        writer.WriteString(JoseNames.Typ, type);
        if (keyId is not null) writer.WriteString(JoseNames.Kid, keyId);
        if (certificates is { Count: > 0 }) X5c.WriteForHeader(writer, certificates);
        writer.WriteEndObject();
        return buffer;
    }
}
