namespace Credentials.Issuer.Tests.Crash;

/// <summary>A credential as a wallet has it: where its status is, and SHA-256 of its text in hexadecimal.</summary>
internal sealed record HeldCredential(string OfferId, StatusPlace Place, string DocumentHash);
