namespace Credentials.Issuer.Tests.Crash;

/// <summary>A credential as the register has it.</summary>
internal sealed record RegisterRow(string Id, string OfferId, string ConfigurationId, StatusPlace Place, int Status, string? DocumentHash);
