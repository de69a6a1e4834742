using Credentials.Keys;

namespace Credentials.W3c;

/// <summary>Who presents, as far as the presentation around a credential shows it.</summary>
/// <param name="Presentation">The presentation, for credentials that nothing else secures.</param>
internal sealed record Presenter(SecuredDocument Presentation)
{
    /// <summary>The first check of the presentation that did not pass, by its code; null when all did.</summary>
    public string? Fault { get; init; }

    /// <summary>True where that fault says only that nobody could find out.</summary>
    public bool IsUndecided { get; init; }

    /// <summary>The identifier whose key signed the presentation; null where the key is known by itself alone.</summary>
    public string? Identifier { get; init; }

    /// <summary>The key that signed it; null where none did.</summary>
    public PublicKey? Key { get; init; }
}
