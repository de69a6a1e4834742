namespace Credentials.Issuer.Tests.Crash;

/// <summary>A revocation that was answered with success; published: the answer said that it is served.</summary>
internal sealed record AcknowledgedRevocation(StatusPlace Place, bool Published);
