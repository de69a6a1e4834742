namespace Credentials.Verifier.Http;

/// <summary>What a relying party's key may be limited to.</summary>
internal static class ApiScopes
{
    /// <summary>Open transactions, see and cancel them.</summary>
    public const string Verifications = "verifications";

    /// <summary>Download what wallets signed.</summary>
    public const string Evidence = "evidence";

    /// <summary>Have documents checked that are at hand.</summary>
    public const string Documents = "documents";

    /// <summary>Sign in at the counter.</summary>
    public const string Counter = "counter";

    /// <summary>Say where webhooks go.</summary>
    public const string Webhook = "webhook";

    public static readonly string[] All = [Verifications, Evidence, Documents, Counter, Webhook];
}
