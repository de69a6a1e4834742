using Credentials.StatusLists;

namespace Credentials.Issuer.Status;

/// <summary>Status values by the names the agency API uses.</summary>
internal static class StatusNames
{
    internal static string Name(int status) => status switch
    {
        StatusTypes.Valid => "valid",
        StatusTypes.Invalid => "revoked",
        StatusTypes.Suspended => "suspended",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    internal static int? Parse(string name) => name switch
    {
        "valid" => StatusTypes.Valid,
        "revoked" => StatusTypes.Invalid,
        "suspended" => StatusTypes.Suspended,
        _ => null,
    };
}
