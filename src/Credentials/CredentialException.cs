namespace Credentials;

/// <summary>
/// Something from outside could not be used. Whether a credential is to be accepted is never an exception but a
/// <see cref="VerificationReport"/>.
/// </summary>
/// <remarks>Messages name no claim value, key or token; <see cref="Code"/> is stable (<c>area.reason</c>) and listed in spec/error-codes.md.</remarks>
public abstract class CredentialException : Exception
{
    private protected CredentialException(string code, string message, Exception? inner) : base(message, inner) => Code = code;

    /// <summary>The stable code, <c>area.reason</c>.</summary>
    public string Code { get; }
}
