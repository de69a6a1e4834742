namespace Credentials.Verifier;

/// <summary>Codes that this service adds to reports.</summary>
internal static class VerifierCodes
{
    /// <summary>The browser came back in another session than the one that started (HAIP §5.1).</summary>
    public const string SessionMismatch = "session.mismatch";
}
