namespace Credentials.Issuer.Storage;

/// <summary>A status list as it is served, signed once for all replicas.</summary>
internal sealed class PublishedStatus
{
    /// <summary>The version of a list that somebody asked for and nobody has signed yet.</summary>
    internal const long Wanted = -1;

    public required string ListId { get; init; }

    /// <summary>The version of the list that is signed here.</summary>
    public long Version { get; init; }

    public long SignedAt { get; init; }

    /// <summary>Thumbprint of the key that signed the tokens.</summary>
    public string StatusKey { get; init; } = "";

    /// <summary>Thumbprint of the key that signed the status list credentials.</summary>
    public string DocumentKey { get; init; } = "";

    public byte[] Jwt { get; init; } = [];

    public byte[] Cwt { get; init; } = [];

    public byte[] RevocationJwt { get; init; } = [];

    public byte[] RevocationProved { get; init; } = [];

    public byte[] SuspensionJwt { get; init; } = [];

    public byte[] SuspensionProved { get; init; } = [];
}
