using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.SdJwt;

/// <summary>
/// Makes presentations (RFC 9901 §7.2). What is selected is shown whole: selecting an object or array shows it with
/// everything below it; to show less, select the members. Claims around a selected one are shown as far as they are
/// needed to reach it, and never their other members.
/// </summary>
public static class SdJwtPresenter
{
    /// <summary>The credential with only the disclosures that the selected claims need, without key binding.</summary>
    /// <exception cref="MalformedDataException">The credential breaks RFC 9901 §7.1.</exception>
    public static SdJwtCredential Select(SdJwtCredential credential, IEnumerable<ClaimPath> paths)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return credential.With(credential.ProcessUnverified().Select(paths));
    }

    /// <summary>A presentation of the selected claims, bound to its verifier by the holder's key, in the form of the credential.</summary>
    /// <param name="holderKey">The key that the credential's <c>cnf</c> names.</param>
    /// <exception cref="MalformedDataException">The credential breaks RFC 9901 §7.1.</exception>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static async ValueTask<string> PresentAsync(
        SdJwtCredential credential, IEnumerable<ClaimPath> paths, KeyBinding binding, ISigningKey holderKey, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(holderKey);
        var presentation = Select(credential, paths);
        using var header = SdJwtHeader.Write(SdJwtNames.KeyBindingType, holderKey);
        using var payload = Payload(presentation, binding);
        using var jwt = new PooledBuffer(1024);
        await Jws.SignAsync(jwt, header.WrittenMemory, payload.WrittenMemory, holderKey, ct).ConfigureAwait(false);
        var keyBindingJwt = Encoding.ASCII.GetString(jwt.WrittenSpan);
        return presentation.Serialization == SdJwtSerialization.Compact
            ? string.Concat(presentation.BoundText, keyBindingJwt)
            : presentation.BoundBy(keyBindingJwt).ToString();
    }

    private static PooledBuffer Payload(SdJwtCredential presentation, KeyBinding binding)
    {
        var buffer = new PooledBuffer(512);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteNumber(SdJwtNames.IssuedAt, NumericDate.From(binding.IssuedAt));
        writer.WriteString(SdJwtNames.Audience, binding.Audience);
        writer.WriteString(SdJwtNames.Nonce, binding.Nonce);
        // Select has read the payload, so its hash algorithm is a known one.
        writer.WriteString(SdJwtNames.SdHash, presentation.Hash!.Digest(presentation.BoundText));
        if (binding.TransactionData.Count > 0)
        {
            var hash = binding.TransactionDataHash ?? DisclosureHash.Sha256;
            writer.WriteStartArray(SdJwtNames.TransactionDataHashes);
            foreach (var data in binding.TransactionData) writer.WriteStringValue(hash.Digest(data));
            writer.WriteEndArray();
            if (binding.TransactionDataHash is not null) writer.WriteString(SdJwtNames.TransactionDataHashAlgorithm, hash.Name);
        }

        writer.WriteEndObject();
        return buffer;
    }
}
