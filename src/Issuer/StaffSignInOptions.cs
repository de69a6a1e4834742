namespace Credentials.Issuer;

/// <summary>The OpenID Connect provider where staff signs in to the console, beside the accounts that the console has itself.</summary>
public sealed class StaffSignInOptions : SignInOptions
{
    /// <summary>The claim of the ID token with the person's roles at the provider: a text or an array of texts.</summary>
    public string RolesClaim { get; set; } = "roles";

    /// <summary>What a role of the provider may do here: <c>Issuer</c>, <c>Revoker</c>, <c>Auditor</c>, <c>Admin</c>, separated by commas. Nobody else gets in.</summary>
    public Dictionary<string, string> Roles { get; set; } = [];
}
