namespace Credentials;

/// <summary>Input is well-formed but asks for something that this toolkit does not do.</summary>
public sealed class NotSupportedCredentialException : CredentialException
{
    /// <summary>Creates the exception with a stable code and a message without personal data.</summary>
    public NotSupportedCredentialException(string code, string message, Exception? inner = null) : base(code, message, inner) { }
}
