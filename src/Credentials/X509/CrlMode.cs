namespace Credentials.X509;

/// <summary>Whether revocation lists of certificates are asked for.</summary>
public enum CrlMode
{
    /// <summary>From the network, or a copy that is still valid.</summary>
    Online = 0,

    /// <summary>From a copy that is still valid; the network is not asked.</summary>
    Offline,

    /// <summary>Not at all; the report says so.</summary>
    Skip,
}
