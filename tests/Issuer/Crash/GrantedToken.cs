namespace Credentials.Issuer.Tests.Crash;

/// <summary>A token as a client got it.</summary>
internal sealed record GrantedToken(string OfferId, string Code, string Token);
