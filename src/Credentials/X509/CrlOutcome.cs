namespace Credentials.X509;

/// <summary>What is known about the revocation of a chain.</summary>
public enum CrlOutcome
{
    /// <summary>Nothing: neither valid nor revoked.</summary>
    Unknown = 0,

    /// <summary>No certificate of the chain is on its list.</summary>
    Valid,

    /// <summary>No certificate is known to be on a list, and at least one names none: its authority publishes none.</summary>
    NoList,

    /// <summary>One is.</summary>
    Revoked,
}
