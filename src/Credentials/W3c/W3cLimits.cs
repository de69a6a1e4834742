namespace Credentials.W3c;

/// <summary>What a W3C credential or presentation may cost to read; a host may lower the figures.</summary>
/// <param name="MaxCredentialLength">Characters, or bytes of COSE, of one secured credential.</param>
/// <param name="MaxPresentationLength">The same of one presentation, with all its credentials.</param>
public sealed record W3cLimits(int MaxCredentialLength = 256 * 1024, int MaxPresentationLength = 1024 * 1024)
{
    /// <summary>256 KiB, and 1 MiB.</summary>
    public static W3cLimits Default { get; } = new();
}
