using System.Text.Json;
using Credentials.Jose;

namespace Credentials.SdJwt;

/// <summary>
/// An SD-JWT or SD-JWT+KB in compact or JSON form (RFC 9901 §4 and §8), read but not verified: nothing here says that its
/// issuer signed it. <see cref="SdJwtVerifier"/> does.
/// </summary>
public sealed class SdJwtCredential
{
    private const char Separator = '~';

    private readonly IReadOnlyList<SdJwtSignature> _signatures;
    private readonly SdJwtLimits _limits;
    private readonly ReadOnlyMemory<char> _bound;

    internal SdJwtCredential(
        IReadOnlyList<SdJwtSignature> signatures, IReadOnlyList<Disclosure> disclosures, ReadOnlyMemory<char> keyBinding, SdJwtSerialization serialization, SdJwtLimits limits,
        ReadOnlyMemory<char>? bound = null)
    {
        (_signatures, Disclosures, KeyBindingText, Serialization, _limits) = (signatures, disclosures, keyBinding, serialization, limits);
        _bound = bound ?? Join(IssuerJwt, disclosures).AsMemory();
    }

    private static string Join(CompactJws issuerJwt, IReadOnlyList<Disclosure> disclosures)
    {
        var length = issuerJwt.Characters.Length + 1 + disclosures.Sum(disclosure => disclosure.Characters.Length + 1);
        return string.Create(length, (issuerJwt, disclosures), static (text, parts) =>
        {
            Add(ref text, parts.issuerJwt.Characters.Span);
            foreach (var disclosure in parts.disclosures) Add(ref text, disclosure.Characters.Span);
        });

        static void Add(ref Span<char> text, ReadOnlySpan<char> part)
        {
            part.CopyTo(text);
            text[part.Length] = Separator;
            text = text[(part.Length + 1)..];
        }
    }

    /// <summary>The form in which it was written.</summary>
    public SdJwtSerialization Serialization { get; }

    /// <summary>The issuer-signed JWT; the first one, where several issuers signed.</summary>
    public CompactJws IssuerJwt => _signatures[0].Jwt;

    /// <summary>All signatures over the payload; more than one in the general JSON form alone.</summary>
    public IEnumerable<CompactJws> Signatures => _signatures.Select(signature => signature.Jwt);

    /// <summary>The disclosures in the order in which they were sent.</summary>
    public IReadOnlyList<Disclosure> Disclosures { get; }

    /// <summary>The key binding JWT, unread; null for an SD-JWT without one.</summary>
    public string? KeyBindingJwt => KeyBindingText.IsEmpty ? null : field ??= KeyBindingText.ToString();

    /// <summary>The same, as it came; empty where there is none.</summary>
    internal ReadOnlyMemory<char> KeyBindingText { get; }

    /// <summary>
    /// The compact form up to and including the last tilde: what <c>sd_hash</c> covers (RFC 9901 §4.3.1). For a JSON form it
    /// is put together from the first signature and the disclosures (§8.1).
    /// </summary>
    public string WithoutKeyBinding => _bound.ToString();

    /// <summary>The same, as it came.</summary>
    internal ReadOnlySpan<char> BoundText => _bound.Span;

    /// <summary>Reads the compact or a JSON form from untrusted text; surrounding white space is not part of it.</summary>
    /// <exception cref="MalformedDataException">The text breaks RFC 9901 §4 or §8, or a limit.</exception>
    public static SdJwtCredential Parse(string text, SdJwtLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        limits ??= SdJwtLimits.Default;
        if (text.Length > limits.MaxLength) throw new MalformedDataException(SdJwtCodes.TooLarge, "The SD-JWT is longer than the limit.");
        return text.StartsWith('{') ? ParseJson(text, limits) : ParseCompact(text, limits);
    }

    private static SdJwtCredential ParseCompact(string text, SdJwtLimits limits)
    {
        // <Issuer-signed JWT>~<Disclosure 1>~...~<Disclosure N>~<optional KB-JWT>
        var separators = text.AsSpan().Count(Separator);
        if (separators == 0) throw Malformed("has no tilde");
        if (separators - 1 > limits.MaxDisclosures)
        {
            throw new MalformedDataException(SdJwtCodes.TooManyDisclosures, "The SD-JWT has more disclosures than the limit.");
        }

        if (text[0] == Separator || text.Contains("~~", StringComparison.Ordinal)) throw Malformed("has an empty part");
        var end = text.LastIndexOf(Separator);
        var keyBinding = text.AsMemory(end + 1);
        if (!keyBinding.IsEmpty && keyBinding.Span.Count('.') != 2) throw Malformed("ends neither in a tilde nor in a key binding JWT");

        var next = text.IndexOf(Separator) + 1;
        var issuerJwt = CompactJws.Parse(text.AsMemory(0, next - 1), isHeaderShared: true);
        _ = issuerJwt.PayloadObject;
        var disclosures = new Disclosure[separators - 1];
        foreach (ref var disclosure in disclosures.AsSpan())
        {
            var length = text.AsSpan(next).IndexOf(Separator);
            disclosure = Disclosure.Parse(text.AsMemory(next, length));
            next += length + 1;
        }

        return new SdJwtCredential([new SdJwtSignature(issuerJwt)], disclosures, keyBinding, SdJwtSerialization.Compact, limits, text.AsMemory(0, end + 1));
    }

    private static SdJwtCredential ParseJson(string text, SdJwtLimits limits)
    {
        var parts = SdJwtJson.Read(text, limits);
        if (parts.KeyBindingJwt is { } binding && (binding.AsSpan().Count('.') != 2 || binding.Contains(Separator, StringComparison.Ordinal)))
        {
            throw Malformed("has a kb_jwt that is no JWT");
        }

        // One payload, whoever signed it.
        _ = parts.Signatures[0].Jwt.PayloadObject;
        return new SdJwtCredential(parts.Signatures, [.. parts.Disclosures.Select(Disclosure.Parse)], parts.KeyBindingJwt.AsMemory(), parts.Serialization, limits);
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

    /// <summary>
    /// The same SD-JWT in another form. Compact and flattened forms have the first signature only, which is the one that a
    /// key binding JWT covers.
    /// </summary>
    public SdJwtCredential As(SdJwtSerialization serialization) => new(
        serialization == SdJwtSerialization.GeneralJson ? _signatures : [_signatures[0]], Disclosures, KeyBindingText, serialization, _limits);

    /// <summary>The text of its form.</summary>
    public override string ToString() =>
        Serialization == SdJwtSerialization.Compact ? string.Concat(BoundText, KeyBindingText.Span) : SdJwtJson.Write(this, _signatures);

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
        new(_signatures, [.. Disclosures.Where(selected.Contains)], default, Serialization, _limits);

    /// <summary>The same SD-JWT with this key binding JWT.</summary>
    internal SdJwtCredential BoundBy(string keyBindingJwt) => new(_signatures, Disclosures, keyBindingJwt.AsMemory(), Serialization, _limits);

    private static MalformedDataException Malformed(string what) => new(SdJwtCodes.Malformed, $"The SD-JWT {what}.");
}
