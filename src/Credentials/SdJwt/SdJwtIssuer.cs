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
        if (GivenTwice(content) is { } twice) throw new ArgumentException($"'{twice}' is given twice.", nameof(content));
        if (content.HeaderType == SdJwtNames.CredentialType && string.IsNullOrEmpty(content.Type) && !HasType(content.Claims))
        {
            throw new ArgumentException("An SD-JWT VC needs a vct.", nameof(content));
        }

        var writer = new DisclosableWriter(content.Hash, content.Decoys);
        try
        {
            writer.Write(content);
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>The first of the content's own properties that is among its claims as well; null where none is.</summary>
    private static string? GivenTwice(SdJwtContent content)
    {
        ReadOnlySpan<(string Name, bool IsGiven)> own =
        [
            (SdJwtNames.Type, content.Type is not null), (SdJwtNames.IssuedAt, content.IssuedAt is not null), (SdJwtNames.NotBefore, content.NotBefore is not null),
            (SdJwtNames.Expires, content.ExpiresAt is not null), (SdJwtNames.Confirmation, content.HolderKey is not null), (SdJwtNames.Status, content.Status is not null),
        ];
        foreach (var (name, isGiven) in own)
        {
            if (isGiven && content.Claims.ContainsKey(name)) return name;
        }

        return null;
    }

    private static bool HasType(JsonObject payload) =>
        payload[SdJwtNames.Type] is JsonValue type && type.GetValueKind() == JsonValueKind.String && type.GetValue<string>().Length > 0;
}
