namespace Credentials;

/// <summary>A peer broke a protocol rule, or told us that we did.</summary>
public sealed class ProtocolException : CredentialException
{
    /// <summary>Creates the exception with the OAuth error code that goes over the wire.</summary>
    public ProtocolException(string code, string error, string message, int? httpStatus = null, Exception? inner = null)
        : base(code, message, inner)
    {
        Error = error;
        HttpStatus = httpStatus;
    }

    /// <summary>The OAuth error code (RFC 6749 §5.2, OpenID4VCI §8.3.1.2, OpenID4VP §8.5); between two devices the status number (ISO/IEC 18013-5 Table 20).</summary>
    public string Error { get; }

    /// <summary>The HTTP status that goes with it; null: 400.</summary>
    public int? HttpStatus { get; }
}
