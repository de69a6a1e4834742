using System.Text.Json.Nodes;
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
        var header = new JsonObject { ["typ"] = SdJwtNames.KeyBindingType };
        var keyBindingJwt = await Jws.SignAsync(header, Payload(presentation, binding), holderKey, ct).ConfigureAwait(false);
        return presentation.Serialization == SdJwtSerialization.Compact
            ? presentation.WithoutKeyBinding + keyBindingJwt
            : presentation.BoundBy(keyBindingJwt).ToString();
    }

    private static JsonObject Payload(SdJwtCredential presentation, KeyBinding binding)
    {
        var payload = new JsonObject
        {
            [SdJwtNames.IssuedAt] = NumericDate.From(binding.IssuedAt),
            [SdJwtNames.Audience] = binding.Audience,
            [SdJwtNames.Nonce] = binding.Nonce,
            // Select has read the payload, so its hash algorithm is a known one.
            [SdJwtNames.SdHash] = presentation.Hash!.Digest(presentation.BoundText),
        };
        if (binding.TransactionData.Count == 0) return payload;

        var hash = binding.TransactionDataHash ?? DisclosureHash.Sha256;
        payload[SdJwtNames.TransactionDataHashes] =
            new JsonArray([.. binding.TransactionData.Select(data => (JsonNode)hash.Digest(data))]);
        if (binding.TransactionDataHash is not null) payload[SdJwtNames.TransactionDataHashAlgorithm] = hash.Name;
        return payload;
    }
}
