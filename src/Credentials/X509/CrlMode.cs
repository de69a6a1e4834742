namespace Credentials.X509;

/// <summary>Whether revocation lists of certificates are asked for.</summary>
public enum CrlMode
{
    /// <summary>From the network, or a copy that is still valid.</summary>
    Online = 0,

    /// <summary>Not at all; the report says so.</summary>
    Skip,
}
