namespace Credentials.Verifier;

/// <summary>The service cannot start; the message says which option or file is at fault and never holds a secret.</summary>
public sealed class VerifierStartException(string message, Exception? inner = null) : Exception(message, inner);
