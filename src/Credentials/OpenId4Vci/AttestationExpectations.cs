using Credentials.Trust;

namespace Credentials.OpenId4Vci;

/// <summary>What is demanded of a wallet attestation or key attestation.</summary>
public sealed record AttestationExpectations
{
    /// <summary>The authorities, for <see cref="TrustPurpose.WalletProvider"/> or <see cref="TrustPurpose.KeyAttester"/>. Empty: every attestation is refused.</summary>
    public required TrustStore Trust { get; init; }

    /// <summary>Algorithms that are accepted.</summary>
    public required IReadOnlyCollection<string> Algorithms { get; init; }

    /// <summary>The current time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the header must carry the signer's chain (HAIP §4.4.1, §4.5.1). It never contains the anchor, and no signer is self-signed.</summary>
    public bool ChainRequired { get; init; }

    /// <summary>How far clocks may be apart.</summary>
    public TimeSpan Skew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For key attestations: values of <c>key_storage</c>, one of which must be asserted; empty: any.</summary>
    public IReadOnlyCollection<string> KeyStorage { get; init; } = [];

    /// <summary>For key attestations: values of <c>user_authentication</c>, one of which must be asserted; empty: any.</summary>
    public IReadOnlyCollection<string> UserAuthentication { get; init; } = [];

    /// <summary>For key attestations: most keys in one.</summary>
    public int MaxKeys { get; init; } = 100;
}
