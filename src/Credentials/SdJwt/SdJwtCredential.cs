using System.Text.Json;
using Credentials.Jose;

namespace Credentials.SdJwt;

/// <summary>
/// An SD-JWT or SD-JWT+KB in compact form (RFC 9901 §4), read but not verified: nothing here says that its issuer
/// signed it. <see cref="SdJwtVerifier"/> does.
/// </summary>
public sealed class SdJwtCredential
{
    private const char Separator = '~';

    private readonly SdJwtLimits _limits;

    private SdJwtCredential(CompactJws issuerJwt, IReadOnlyList<Disclosure> disclosures, string? keyBindingJwt, SdJwtLimits limits)
    {
        (IssuerJwt, Disclosures, KeyBindingJwt, _limits) = (issuerJwt, disclosures, keyBindingJwt, limits);
        WithoutKeyBinding = string.Join(Separator, disclosures.Select(disclosure => disclosure.Text).Prepend(issuerJwt.Text)) + Separator;
    }

    /// <summary>The issuer-signed JWT.</summary>
    public CompactJws IssuerJwt { get; }

    /// <summary>The disclosures in the order in which they were sent.</summary>
    public IReadOnlyList<Disclosure> Disclosures { get; }

    /// <summary>The key binding JWT, unread; null for an SD-JWT without one.</summary>
    public string? KeyBindingJwt { get; }

    /// <summary>The SD-JWT up to and including the last tilde: what <c>sd_hash</c> covers (RFC 9901 §4.3.1).</summary>
    public string WithoutKeyBinding { get; }

    /// <summary>Reads the compact form from untrusted text; surrounding white space is not part of it.</summary>
    /// <exception cref="MalformedDataException">The text breaks RFC 9901 §4 or a limit.</exception>
    public static SdJwtCredential Parse(string text, SdJwtLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        limits ??= SdJwtLimits.Default;
        if (text.Length > limits.MaxLength) throw new MalformedDataException(SdJwtCodes.TooLarge, "The SD-JWT is longer than the limit.");

        // <Issuer-signed JWT>~<Disclosure 1>~...~<Disclosure N>~<optional KB-JWT>
        var separators = text.AsSpan().Count(Separator);
        if (separators == 0) throw Malformed("has no tilde");
        if (separators - 1 > limits.MaxDisclosures)
        {
            throw new MalformedDataException(SdJwtCodes.TooManyDisclosures, "The SD-JWT has more disclosures than the limit.");
        }

        var parts = text.Split(Separator);
        if (parts.AsSpan(0, parts.Length - 1).Contains(string.Empty)) throw Malformed("has an empty part");
        var keyBinding = parts[^1].Length == 0 ? null : parts[^1];
        if (keyBinding is not null && keyBinding.AsSpan().Count('.') != 2) throw Malformed("ends neither in a tilde nor in a key binding JWT");

        var issuerJwt = CompactJws.Parse(parts[0]);
        _ = issuerJwt.PayloadObject;
        var disclosures = Array.ConvertAll(parts[1..^1], Disclosure.Parse);
        return new SdJwtCredential(issuerJwt, disclosures, keyBinding, limits);
    }

    /// <summary>The claims that the text shows, with disclosures in place; not verified.</summary>
    /// <exception cref="MalformedDataException">Digests or disclosures break RFC 9901 §7.1.</exception>
    public JsonElement UnverifiedClaims() => ProcessUnverified().Claims;

    /// <summary>The processed payload (RFC 9901 §7.1 step 3); not verified.</summary>
    /// <exception cref="MalformedDataException">Digests or disclosures break RFC 9901 §7.1.</exception>
    public ProcessedPayload ProcessUnverified()
    {
        var (payload, digestFault, disclosureFault) = Resolve();
        if ((digestFault ?? disclosureFault) is not { } code) return payload!;
        throw new MalformedDataException(code, "The digests or disclosures of the SD-JWT break RFC 9901 section 7.1.");
    }

    /// <summary>The compact form.</summary>
    public override string ToString() => WithoutKeyBinding + KeyBindingJwt;

    /// <summary>The hash algorithm of the digests; null when <c>_sd_alg</c> names none that is supported.</summary>
    internal DisclosureHash? Hash =>
        !IssuerJwt.PayloadObject.TryGetProperty(SdJwtNames.HashAlgorithm, out var name) ? DisclosureHash.Sha256
        : name.ValueKind == JsonValueKind.String ? DisclosureHash.FromName(name.GetString())
        : null;

    /// <summary>The processed payload, or the codes of the rules that were broken.</summary>
    internal (ProcessedPayload? Payload, string? DigestFault, string? DisclosureFault) Resolve()
    {
        if (Hash is not { } hash) return (null, SdJwtCodes.HashUnsupported, null);
        var (root, digestFault, disclosureFault) =
            PayloadResolver.Resolve(IssuerJwt.PayloadObject, Disclosures, hash, _limits.MaxNesting);
        return (digestFault is null && disclosureFault is null ? new ProcessedPayload(root) : null, digestFault, disclosureFault);
    }

    /// <summary>The same SD-JWT with some of its disclosures and no key binding.</summary>
    internal SdJwtCredential With(IReadOnlySet<Disclosure> selected) =>
        new(IssuerJwt, [.. Disclosures.Where(selected.Contains)], null, _limits);

    private static MalformedDataException Malformed(string what) => new(SdJwtCodes.Malformed, $"The SD-JWT {what}.");
}
