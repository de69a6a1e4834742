namespace Credentials.Issuer.Authorization;

/// <summary>The wallet that makes a request.</summary>
/// <param name="Id">Its client id; null when it is anonymous.</param>
/// <param name="InstanceThumbprint">Thumbprint of the key of the attested instance; null: it has only said who it is.</param>
internal sealed record WalletClient(string? Id, string? InstanceThumbprint)
{
    /// <summary>The <c>jti</c>, challenge and status of its attestation have been checked.</summary>
    internal bool IsAttested => InstanceThumbprint is not null;
}
