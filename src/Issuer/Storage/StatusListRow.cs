namespace Credentials.Issuer.Storage;

/// <summary>A status list: how many indexes are given out, and which version its statuses have.</summary>
internal sealed class StatusListRow
{
    public required string Id { get; init; }

    /// <summary>Number of entries, a power of two.</summary>
    public int Size { get; init; }

    /// <summary>How many indexes are given out. The n-th one is a keyed permutation of n, so that it cannot be guessed.</summary>
    public int Next { get; set; }

    public required byte[] PermutationKey { get; init; }

    /// <summary>Grows with each status change: what tells a publisher that its token is old.</summary>
    public long Version { get; set; }

    public long CreatedAt { get; init; }
}
