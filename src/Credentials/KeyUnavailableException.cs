namespace Credentials;

/// <summary>A private key is missing, locked, invalidated or refused to work.</summary>
public sealed class KeyUnavailableException : CredentialException
{
    /// <summary>Creates the exception with a stable code and a message without personal data.</summary>
    public KeyUnavailableException(string code, string message, Exception? inner = null) : base(code, message, inner) { }
}
