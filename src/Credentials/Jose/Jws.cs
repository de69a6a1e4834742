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
        string input = $"{StrictBase64Url.Encode(StrictJson.ToUtf8(complete))}.{StrictBase64Url.Encode(payload.Span)}";
        byte[] signature = await key.SignAsync(Encoding.ASCII.GetBytes(input), cancellationToken).ConfigureAwait(false);
        return $"{input}.{StrictBase64Url.Encode(signature)}";
    }

    /// <summary>Signs a JSON object.</summary>
    /// <inheritdoc cref="SignAsync(JsonObject, ReadOnlyMemory{byte}, ISigningKey, CancellationToken)"/>
    public static ValueTask<string> SignAsync(JsonObject header, JsonObject payload, ISigningKey key, CancellationToken cancellationToken = default) =>
        SignAsync(header, StrictJson.ToUtf8(payload), key, cancellationToken);
}
