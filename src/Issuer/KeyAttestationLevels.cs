namespace Credentials.Issuer;

/// <summary>What key attestations for one credential type must assert (OpenID4VCI Appendix D.2).</summary>
public sealed class KeyAttestationLevels
{
    /// <summary>Values of <c>key_storage</c>, one of which is needed; empty: any.</summary>
    public List<string> KeyStorage { get; set; } = [];

    /// <summary>Values of <c>user_authentication</c>, one of which is needed; empty: any.</summary>
    public List<string> UserAuthentication { get; set; } = [];
}
