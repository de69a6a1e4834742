namespace Credentials.Issuer.Staff;

/// <summary>What a member of staff may do. Numbers are stored: never change them.</summary>
[Flags]
internal enum StaffRoles
{
    None = 0,

    /// <summary>Makes offers and batches.</summary>
    Issuer = 1,

    /// <summary>Revokes, suspends and resumes.</summary>
    Revoker = 2,

    /// <summary>Reads the audit log.</summary>
    Auditor = 4,

    /// <summary>Makes and disables accounts.</summary>
    Admin = 8,
}
