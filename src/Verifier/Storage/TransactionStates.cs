namespace Credentials.Verifier.Storage;

/// <summary>The states of a transaction, by the names the relying party reads. The last six are final.</summary>
internal static class TransactionStates
{
    public const string Created = "created";
    public const string Requested = "requested";

    /// <summary>Accepted, but waiting for the browser session that started it to come back (OpenID4VP 1.0 §14.2). Never shown by this name.</summary>
    public const string Answered = "answered";

    public const string Accepted = "accepted";
    public const string NotAccepted = "not_accepted";
    public const string RefusedByHolder = "refused_by_holder";
    public const string Error = "error";
    public const string Expired = "expired";
    public const string Cancelled = "cancelled";

    /// <summary>A wallet may still fetch the request and answer.</summary>
    public static readonly string[] Pending = [Created, Requested];

    /// <summary>Not final yet: may expire or be cancelled.</summary>
    public static readonly string[] Open = [Created, Requested, Answered];

    /// <summary>The name shown outside: a held answer looks like one that has not come.</summary>
    public static string Shown(string state) => state == Answered ? Requested : state;

    public static bool IsFinal(string state) => !Open.Contains(state);
}
