namespace Credentials.Trust;

/// <summary>What an anchor is trusted for. Roles are typed: an issuer's root never vouches for a verifier.</summary>
[Flags]
public enum TrustPurpose
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Signers of credentials.</summary>
    CredentialIssuer = 1,

    /// <summary>Signers of status lists for credentials of the same authority.</summary>
    StatusSigner = 2,

    /// <summary>Verifiers that ask for credentials.</summary>
    Verifier = 4,

    /// <summary>Wallet providers, who vouch for instances of their wallet (OpenID4VCI Appendix E).</summary>
    WalletProvider = 8,

    /// <summary>Those who vouch for keys and how they are kept (OpenID4VCI Appendix D).</summary>
    KeyAttester = 16,
}
