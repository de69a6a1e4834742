using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.SdJwt;

/// <summary>Issues SD-JWTs and SD-JWT VCs (RFC 9901 §4 and §8, SD-JWT VC §2.2).</summary>
public static class SdJwtIssuer
{
    /// <summary>
    /// Signs one credential and returns it in compact form with all its disclosures, for its holder alone. Salts are fresh 128-bit
    /// random values and <c>_sd</c> does not show the order of the claims.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The content contradicts itself: a claim given twice, no <c>vct</c>, or a claim made disclosable that must not be
    /// (<see cref="SdJwtNames.NeverDisclosable"/>).
    /// </exception>
    /// <exception cref="MalformedDataException">The claims use a reserved name, or the result exceeds a limit.</exception>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static async ValueTask<string> IssueAsync(SdJwtContent content, ISigningKey key, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(key);
        var writer = new DisclosableWriter(content.Hash, content.Decoys);
        var payload = writer.WritePayload(Payload(content), DisclosurePlan.Create(content.Disclosable));
        var jwt = await Jws.SignAsync(Header(content, content.KeyId, content.Certificates), payload, key, ct).ConfigureAwait(false);
        return WithinLimits(string.Join('~', [jwt, .. writer.Disclosures, string.Empty]), writer);
    }

    /// <summary>
    /// The same in JSON form (RFC 9901 §8): flattened for one signer, general for several, who all sign the same payload.
    /// </summary>
    /// <param name="signers">Who signs; each has a protected header with its own <c>x5c</c> or <c>kid</c>.</param>
    /// <inheritdoc cref="IssueAsync"/>
    public static async ValueTask<string> IssueJsonAsync(SdJwtContent content, IReadOnlyList<SdJwtSigner> signers, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(signers);
        var limits = SdJwtLimits.Default;
        if (signers.Count == 0 || signers.Count > limits.MaxSignatures) throw new ArgumentException("One to four signers.", nameof(signers));
        if (content.KeyId is not null || content.Certificates.Count > 0)
        {
            throw new ArgumentException("Certificates and key ids belong to the signers.", nameof(content));
        }

        var writer = new DisclosableWriter(content.Hash, content.Decoys);
        var payload = writer.WritePayload(Payload(content), DisclosurePlan.Create(content.Disclosable));
        var signatures = new List<SdJwtSignature>();
        foreach (var signer in signers)
        {
            var jwt = await Jws.SignAsync(Header(content, signer.KeyId, signer.Certificates), payload, signer.Key, ct).ConfigureAwait(false);
            signatures.Add(new SdJwtSignature(CompactJws.Parse(jwt)));
        }

        var form = signers.Count == 1 ? SdJwtSerialization.FlattenedJson : SdJwtSerialization.GeneralJson;
        var credential = new SdJwtCredential(signatures, [.. writer.Disclosures.Select(Disclosure.Parse)], null, form, limits);
        return WithinLimits(credential.ToString(), writer);
    }

    /// <summary>An issuer never hands out what a verifier would refuse for its size.</summary>
    private static string WithinLimits(string text, DisclosableWriter writer)
    {
        var limits = SdJwtLimits.Default;
        if (writer.Disclosures.Count > limits.MaxDisclosures)
        {
            throw new MalformedDataException(SdJwtCodes.TooManyDisclosures, "The credential would have too many disclosures.");
        }

        return text.Length <= limits.MaxLength
            ? text
            : throw new MalformedDataException(SdJwtCodes.TooLarge, "The credential would be too large.");
    }

    private static JsonObject Header(SdJwtContent content, string? keyId, IReadOnlyList<X509Certificate2> certificates)
    {
        var header = new JsonObject { ["typ"] = content.HeaderType };
        if (keyId is not null) header["kid"] = keyId;
        if (certificates.Count > 0) header["x5c"] = X5c.ForHeader(certificates);
        return header;
    }

    /// <summary>The claims of the content's own properties, then the others; nothing is copied.</summary>
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Payload(SdJwtContent content)
    {
        var payload = new JsonObject();
        if (content.Type is not null) payload[SdJwtNames.Type] = content.Type;
        AddTime(SdJwtNames.IssuedAt, content.IssuedAt, roundUp: false);
        AddTime(SdJwtNames.NotBefore, content.NotBefore, roundUp: false);
        AddTime(SdJwtNames.Expires, content.ExpiresAt, roundUp: true);
        if (content.HolderKey is { } holder)
        {
            payload[SdJwtNames.Confirmation] = new JsonObject { [SdJwtNames.ConfirmationJwk] = Jwk.Write(holder) };
        }

        if (content.Status is { } status) payload[SdJwtNames.Status] = status.ToJson();
        if (content.Claims.FirstOrDefault(claim => payload.ContainsKey(claim.Key)).Key is { } twice)
        {
            throw new ArgumentException($"'{twice}' is given twice.", nameof(content));
        }

        if (content.HeaderType == SdJwtNames.CredentialType && !HasType(payload) && !HasType(content.Claims))
        {
            throw new ArgumentException("An SD-JWT VC needs a vct.", nameof(content));
        }

        return payload.Concat(content.Claims);

        void AddTime(string name, DateTimeOffset? time, bool roundUp)
        {
            if (time is { } value) payload[name] = NumericDate.From(Round(value, content.TimeGranularity, roundUp));
        }
    }

    private static bool HasType(JsonObject payload) =>
        payload[SdJwtNames.Type] is JsonValue type && type.GetValueKind() == JsonValueKind.String && type.GetValue<string>().Length > 0;

    private static DateTimeOffset Round(DateTimeOffset time, TimeSpan granularity, bool up)
    {
        if (granularity <= TimeSpan.Zero) return time;
        var past = time.UtcTicks % granularity.Ticks;
        return past == 0 ? time : time.AddTicks(up ? granularity.Ticks - past : -past);
    }
}
