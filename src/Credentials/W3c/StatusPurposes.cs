namespace Credentials.W3c;

/// <summary>Purposes that Bitstring Status List §2.1 gives a meaning.</summary>
public static class StatusPurposes
{
    /// <summary>The credential is revoked, for good.</summary>
    public const string Revocation = "revocation";

    /// <summary>The credential is not accepted for the time being.</summary>
    public const string Suspension = "suspension";

    /// <summary>A newer credential is to be had; this one stays valid.</summary>
    public const string Refresh = "refresh";

    /// <summary>The status is a message of the issuer's own.</summary>
    public const string Message = "message";
}
