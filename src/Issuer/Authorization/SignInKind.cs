namespace Credentials.Issuer.Authorization;

/// <summary>How people sign in.</summary>
/// <param name="IsDemo">By typing a name, without proof. Only the demo in this machine's own process asks for that; no setting does.</param>
internal sealed record SignInKind(bool IsDemo);
