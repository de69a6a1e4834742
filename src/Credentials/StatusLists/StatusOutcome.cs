namespace Credentials.StatusLists;

/// <summary>What is known about a credential's status.</summary>
public enum StatusOutcome
{
    /// <summary>Nothing: neither valid nor revoked.</summary>
    Unknown = 0,

    /// <summary>Valid.</summary>
    Valid,

    /// <summary>Not valid for the time being.</summary>
    Suspended,

    /// <summary>Revoked.</summary>
    Revoked,

    /// <summary>The list is good, and what it says about this credential must not be accepted: no such index, or an unknown value.</summary>
    Refused,
}
