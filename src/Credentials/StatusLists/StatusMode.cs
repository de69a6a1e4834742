namespace Credentials.StatusLists;

/// <summary>Where a status may come from.</summary>
public enum StatusMode
{
    /// <summary>From the network, or a copy that is young enough.</summary>
    Online,

    /// <summary>From copies at hand only.</summary>
    Offline,

    /// <summary>The status is not asked for; the report says so.</summary>
    Skip,
}
