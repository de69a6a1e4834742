namespace Credentials.Verifier.Http;

/// <summary>The refusals that several slices share; what a peer did wrong is otherwise thrown where it is found.</summary>
internal static class RequestRefusal
{
    public static ProtocolException Invalid(string code, string message) => new(code, "invalid_request", message, StatusCodes.Status400BadRequest);

    public static ProtocolException Unauthorized() =>
        new(VerifierCodes.RequestUnauthorized, "invalid_token", "The API key is missing, unknown or revoked.", StatusCodes.Status401Unauthorized);

    /// <summary>Also for what exists but is another's: nobody learns which.</summary>
    public static ProtocolException Unknown() =>
        new(VerifierCodes.VerificationUnknown, "not_found", "There is no such verification.", StatusCodes.Status404NotFound);

    public static ProtocolException Ended() =>
        new(VerifierCodes.VerificationEnded, "invalid_request", "The verification has ended.", StatusCodes.Status410Gone);

    public static ProtocolException TooLarge() =>
        new(VerifierCodes.RequestTooLarge, "invalid_request", "The request is too large.", StatusCodes.Status413PayloadTooLarge);
}
