using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Jose;

/// <summary>Makes compact JWS (RFC 7515 §7.1).</summary>
public static class Jws
{
    /// <summary>Signs a payload.</summary>
    /// <param name="header">Header parameters without <c>alg</c>, which the key decides. Not changed.</param>
    /// <param name="payload">The payload bytes, used as they are.</param>
    /// <param name="key">The signing key.</param>
    /// <param name="cancellationToken">Stops before signing.</param>
    public static async ValueTask<string> SignAsync(
        JsonObject header, ReadOnlyMemory<byte> payload, ISigningKey key, CancellationToken cancellationToken = default)
    {
        JsonObject complete = new() { [JoseNames.Alg] = key.PublicKey.Algorithm.JoseName };
        foreach ((string name, JsonNode? value) in header) complete.Add(name, value?.DeepClone());
        using PooledBuffer token = new(4096);
        await SignAsync(token, StrictJson.ToUtf8(complete), payload, key, cancellationToken).ConfigureAwait(false);
        return Encoding.ASCII.GetString(token.WrittenSpan);
    }

    /// <summary>Adds a signed token to a buffer.</summary>
    /// <param name="token">An empty buffer.</param>
    /// <param name="header">The whole protected header as JSON, with the key's <c>alg</c>.</param>
    internal static async ValueTask SignAsync(
        PooledBuffer token, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, ISigningKey key, CancellationToken cancellationToken)
    {
        token.AddBase64Url(header.Span);
        token.Add((byte)'.');
        token.AddBase64Url(payload.Span);
        byte[] signature = await key.SignAsync(token.WrittenMemory, cancellationToken).ConfigureAwait(false);
        token.Add((byte)'.');
        token.AddBase64Url(signature);
    }

    /// <summary>Signs a JSON object.</summary>
    /// <inheritdoc cref="SignAsync(JsonObject, ReadOnlyMemory{byte}, ISigningKey, CancellationToken)"/>
    public static ValueTask<string> SignAsync(JsonObject header, JsonObject payload, ISigningKey key, CancellationToken cancellationToken = default) =>
        SignAsync(header, StrictJson.ToUtf8(payload), key, cancellationToken);
}
