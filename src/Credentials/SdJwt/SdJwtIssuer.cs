using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

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
        using var writer = Write(content);
        using var header = SdJwtHeader.Write(content.HeaderType, key, content.KeyId, content.Certificates);
        using var text = new PooledBuffer(4096);
        await Jws.SignAsync(text, header.WrittenMemory, writer.Payload, key, ct).ConfigureAwait(false);
        text.Add(writer.Disclosures);
        text.Add((byte)'~');
        RequireLimits(text.WrittenSpan.Length, writer);
        return Encoding.ASCII.GetString(text.WrittenSpan);
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

        using var writer = Write(content);
        var signatures = new List<SdJwtSignature>();
        foreach (var signer in signers)
        {
            using var header = SdJwtHeader.Write(content.HeaderType, signer.Key, signer.KeyId, signer.Certificates);
            using var jwt = new PooledBuffer(4096);
            await Jws.SignAsync(jwt, header.WrittenMemory, writer.Payload, signer.Key, ct).ConfigureAwait(false);
            signatures.Add(new SdJwtSignature(CompactJws.Parse(Encoding.ASCII.GetString(jwt.WrittenSpan))));
        }

        var form = signers.Count == 1 ? SdJwtSerialization.FlattenedJson : SdJwtSerialization.GeneralJson;
        var disclosures = Encoding.ASCII.GetString(writer.Disclosures).Split('~', StringSplitOptions.RemoveEmptyEntries);
        var text = new SdJwtCredential(signatures, [.. disclosures.Select(Disclosure.Parse)], default, form, limits).ToString();
        RequireLimits(text.Length, writer);
        return text;
    }

    /// <summary>An issuer never hands out what a verifier would refuse for its size.</summary>
    private static void RequireLimits(int length, DisclosableWriter writer)
    {
        var limits = SdJwtLimits.Default;
        if (writer.Count > limits.MaxDisclosures)
        {
            throw new MalformedDataException(SdJwtCodes.TooManyDisclosures, "The credential would have too many disclosures.");
        }

        if (length > limits.MaxLength) throw new MalformedDataException(SdJwtCodes.TooLarge, "The credential would be too large.");
    }

    private static DisclosableWriter Write(SdJwtContent content)
    {
        var own = OwnClaims(content);
        if (own.Find(claim => content.Claims.ContainsKey(claim.Key)).Key is { } twice)
        {
            throw new ArgumentException($"'{twice}' is given twice.", nameof(content));
        }

        if (content.HeaderType == SdJwtNames.CredentialType && string.IsNullOrEmpty(content.Type) && !HasType(content.Claims))
        {
            throw new ArgumentException("An SD-JWT VC needs a vct.", nameof(content));
        }

        var writer = new DisclosableWriter(content.Hash, content.Decoys);
        try
        {
            writer.Write(CollectionsMarshal.AsSpan(own), content.Claims, DisclosurePlan.Create(content.Disclosable));
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>The claims of the content's own properties.</summary>
    private static List<KeyValuePair<string, JsonNode?>> OwnClaims(SdJwtContent content)
    {
        var claims = new List<KeyValuePair<string, JsonNode?>>(6);
        if (content.Type is not null) Add(SdJwtNames.Type, content.Type);
        AddTime(SdJwtNames.IssuedAt, content.IssuedAt, roundUp: false);
        AddTime(SdJwtNames.NotBefore, content.NotBefore, roundUp: false);
        AddTime(SdJwtNames.Expires, content.ExpiresAt, roundUp: true);
        if (content.HolderKey is { } holder) Add(SdJwtNames.Confirmation, new JsonObject { [SdJwtNames.ConfirmationJwk] = Jwk.Write(holder) });
        if (content.Status is { } status) Add(SdJwtNames.Status, status.ToJson());
        return claims;

        void Add(string name, JsonNode value) => claims.Add(KeyValuePair.Create(name, (JsonNode?)value));

        void AddTime(string name, DateTimeOffset? time, bool roundUp)
        {
            if (time is { } value) Add(name, NumericDate.From(Round(value, content.TimeGranularity, roundUp)));
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
