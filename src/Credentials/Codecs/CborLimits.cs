namespace Credentials.Codecs;

/// <summary>What decoding may cost.</summary>
/// <param name="MaxBytes">Length of the whole item.</param>
/// <param name="MaxDepth">Arrays, maps and tags around an item, itself included.</param>
/// <param name="MaxMembers">Members of one map, or elements of one array.</param>
/// <param name="MaxItems">Data items altogether.</param>
public sealed record CborLimits(int MaxBytes = 1 << 20, int MaxDepth = 16, int MaxMembers = 1000, int MaxItems = 1 << 16)
{
    /// <summary>1 MiB, depth 16, 1 000 members, 65 536 items.</summary>
    public static CborLimits Default { get; } = new();
}
