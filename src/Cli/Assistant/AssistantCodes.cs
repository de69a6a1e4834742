namespace Credentials.Cli.Assistant;

/// <summary>Codes that an assistant gets in place of an answer.</summary>
internal static class AssistantCodes
{
    /// <summary>The assistant's program cannot ask its user, so that nothing can be confirmed.</summary>
    internal const string CannotConfirm = "assistant.cannot_confirm";

    /// <summary>The holder did not confirm it.</summary>
    internal const string NotConfirmed = "assistant.not_confirmed";

    /// <summary>The holder did not come back from the issuer's sign-in in time.</summary>
    internal const string SignInTimeout = "assistant.sign_in_timeout";

    /// <summary>The issuer has several documents, and none was named.</summary>
    internal const string ChooseDocument = "assistant.choose_document";

    /// <summary>There is no such document, offer or request, or it is over.</summary>
    internal const string NotFound = "assistant.not_found";
}
