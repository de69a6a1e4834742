using System.Security.Cryptography.X509Certificates;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.StatusLists;

/// <summary>What stands around every signed list, read from a JWT or a CWT (Token Status List §5.1, §5.2). The rules are those of <see cref="StatusToken"/> for both.</summary>
internal sealed record StatusEnvelope
{
    public required string Uri { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The signer's certificates, leaf first, unverified; null if the token has none.</summary>
    public IReadOnlyList<X509Certificate2>? Chain { get; init; }

    /// <summary>True if the key signed the token and is of the algorithm that its header names.</summary>
    public required Func<PublicKey, bool> VerifySignature { get; init; }

    /// <summary>Bytes of memory that the signed form is kept with, so that a list that was confirmed can be verified again.</summary>
    public required long Size { get; init; }
}
