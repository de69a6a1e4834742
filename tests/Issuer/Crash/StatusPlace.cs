namespace Credentials.Issuer.Tests.Crash;

/// <summary>Where the status of a credential is.</summary>
internal sealed record StatusPlace(string ListId, int Index);
