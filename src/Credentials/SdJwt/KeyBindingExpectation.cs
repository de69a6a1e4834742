namespace Credentials.SdJwt;

/// <summary>
/// Whether a presentation must be bound to its holder, and to what. Decided by the request, never by what was sent
/// (RFC 9901 §7.3).
/// </summary>
public sealed record KeyBindingExpectation
{
    private KeyBindingExpectation()
    {
    }

    /// <summary>Key binding was not asked for; a key binding JWT that comes anyway is not looked at.</summary>
    public static KeyBindingExpectation NotRequested { get; } = new();

    /// <summary>The credential comes from its issuer, who never adds a key binding JWT (RFC 9901 §7.2).</summary>
    public static KeyBindingExpectation FromIssuer { get; } = new() { MustBeAbsent = true };

    /// <summary>Who the presentation must be made for; null when key binding was not asked for.</summary>
    public string? Audience { get; private init; }

    /// <summary>The nonce of the request.</summary>
    public string? Nonce { get; private init; }

    /// <summary>The transaction data that this presentation must confirm, and no other.</summary>
    public IReadOnlyList<ExpectedTransactionData> TransactionData { get; init; } = [];

    /// <summary>How long ago the holder may have signed.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How far the holder's clock may be ahead.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromSeconds(60);

    internal bool IsRequired => Nonce is not null;

    internal bool MustBeAbsent { get; private init; }

    /// <summary>A key binding JWT for this audience (the full client identifier) and nonce must be there.</summary>
    public static KeyBindingExpectation Required(string audience, string nonce)
    {
        ArgumentException.ThrowIfNullOrEmpty(audience);
        ArgumentException.ThrowIfNullOrEmpty(nonce);
        return new() { Audience = audience, Nonce = nonce };
    }
}
