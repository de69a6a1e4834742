namespace Credentials.Issuer.Http;

/// <summary>The service cannot start as it is configured; the message says why, for the operator.</summary>
public sealed class IssuerStartException(string message, Exception? inner = null) : Exception(message, inner);
