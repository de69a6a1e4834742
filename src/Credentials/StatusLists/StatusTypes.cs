namespace Credentials.StatusLists;

/// <summary>Registered status values (Token Status List §7.1). Others have no meaning that may be accepted.</summary>
public static class StatusTypes
{
    /// <summary>The credential is valid.</summary>
    public const byte Valid = 0;

    /// <summary>The credential is revoked, for good.</summary>
    public const byte Invalid = 1;

    /// <summary>The credential is not valid for the time being. Needs a list with at least two bits.</summary>
    public const byte Suspended = 2;
}
