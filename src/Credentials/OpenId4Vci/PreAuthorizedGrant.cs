namespace Credentials.OpenId4Vci;

/// <summary>The pre-authorized code grant of an offer (OpenID4VCI §4.1.1).</summary>
/// <param name="Code">The pre-authorized code: a secret, never logged.</param>
/// <param name="TxCode">Present when a transaction code must be sent with it.</param>
/// <param name="AuthorizationServer">Which of the issuer's authorization servers to use, if it names several.</param>
public sealed record PreAuthorizedGrant(string Code, TransactionCodeHint? TxCode = null, string? AuthorizationServer = null)
{
    /// <summary>Says nothing about the code.</summary>
    public override string ToString() => nameof(PreAuthorizedGrant);
}
