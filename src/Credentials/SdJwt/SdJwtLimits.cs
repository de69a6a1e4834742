namespace Credentials.SdJwt;

/// <summary>What an SD-JWT may cost to read; a host may lower the figures.</summary>
/// <param name="MaxLength">Characters of the whole text.</param>
/// <param name="MaxDisclosures">Disclosures in one SD-JWT.</param>
/// <param name="MaxNesting">How many disclosures may lie inside one another.</param>
/// <param name="MaxSignatures">Signatures of the general JSON form.</param>
public sealed record SdJwtLimits(int MaxLength = 256 * 1024, int MaxDisclosures = 500, int MaxNesting = 16, int MaxSignatures = 4)
{
    /// <summary>256 KiB, 500 disclosures, 16 levels, 4 signatures.</summary>
    public static SdJwtLimits Default { get; } = new();
}
