namespace Credentials;

/// <summary>A document could not be had from the network, or the network answer broke a rule of the outbound guard.</summary>
public sealed class FetchException : CredentialException
{
    /// <summary>Creates the exception with a stable code and a message without personal data.</summary>
    public FetchException(string code, string message, Exception? inner = null, int? httpStatus = null) : base(code, message, inner) =>
        HttpStatus = httpStatus;

    /// <summary>The HTTP status of the answer, where there was one.</summary>
    public int? HttpStatus { get; }
}
