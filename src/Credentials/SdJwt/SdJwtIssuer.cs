using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.SdJwt;

/// <summary>Issues SD-JWTs and SD-JWT VCs in compact form (RFC 9901 §4, SD-JWT VC §2.2).</summary>
public static class SdJwtIssuer
{
    /// <summary>
    /// Signs one credential and returns it with all its disclosures, for its holder alone. Salts are fresh 128-bit
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
        var plan = DisclosurePlan.Create(content.Disclosable);
        var writer = new DisclosableWriter(content.Hash, content.Decoys);
        var payload = writer.WritePayload(Payload(content), plan);
        var jwt = await Jws.SignAsync(Header(content), payload, key, ct).ConfigureAwait(false);

        // An issuer never hands out what a verifier would refuse for its size.
        var limits = SdJwtLimits.Default;
        var text = string.Join('~', [jwt, .. writer.Disclosures, string.Empty]);
        if (writer.Disclosures.Count > limits.MaxDisclosures)
        {
            throw new MalformedDataException(SdJwtCodes.TooManyDisclosures, "The credential would have too many disclosures.");
        }

        return text.Length <= limits.MaxLength
            ? text
            : throw new MalformedDataException(SdJwtCodes.TooLarge, "The credential would be too large.");
    }

    private static JsonObject Header(SdJwtContent content)
    {
        var header = new JsonObject { ["typ"] = content.HeaderType };
        if (content.KeyId is not null) header["kid"] = content.KeyId;
        if (content.Certificates.Count > 0) header["x5c"] = X5c.ForHeader(content.Certificates);
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
