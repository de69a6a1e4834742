namespace Credentials.Verifier.Webhooks;

/// <summary>What became of one attempt to deliver a message.</summary>
internal enum WebhookResult
{
    Delivered,

    /// <summary>Not taken; to be tried again.</summary>
    Failed,

    /// <summary>The receiver wants no more (410).</summary>
    Gone,

    /// <summary>This process was asked to end before there was an answer.</summary>
    Interrupted,
}

/// <param name="Result">What became of it.</param>
/// <param name="Error">Why it failed, as a code; null otherwise.</param>
internal readonly record struct WebhookAttempt(WebhookResult Result, string? Error = null);
