namespace Credentials;

/// <summary>Input from outside does not have the form that its standard gives it, or is over a cap.</summary>
public sealed class MalformedDataException : CredentialException
{
    /// <summary>Creates the exception with a stable code and a message without personal data.</summary>
    public MalformedDataException(string code, string message, Exception? inner = null) : base(code, message, inner) { }
}
