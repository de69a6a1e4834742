namespace Credentials.Cli.Assistant;

/// <summary>Codes that an assistant gets in place of an answer.</summary>
internal static class AssistantCodes
{
    /// <summary>The assistant's program cannot ask its user, so that nothing can be confirmed.</summary>
    internal const string CannotConfirm = "assistant.cannot_confirm";

    /// <summary>The holder did not confirm it.</summary>
    internal const string NotConfirmed = "assistant.not_confirmed";

    /// <summary>The holder has to sign in at the issuer in a browser, which the wallet's own screen does.</summary>
    internal const string NeedsSignIn = "assistant.needs_sign_in";

    /// <summary>There is no such document, offer or request, or it is over.</summary>
    internal const string NotFound = "assistant.not_found";
}
