namespace Credentials.OpenId4Vp;

/// <summary>The ids of the checks of a presentation as a whole; those of its credentials are their formats'.</summary>
public static class PresentationChecks
{
    /// <summary>The response carries the request's state.</summary>
    public const string State = "state";

    /// <summary>The response came by the response mode that was asked for.</summary>
    public const string ResponseMode = "response_mode";

    /// <summary>The response could be decrypted.</summary>
    public const string Decryption = "decryption";

    /// <summary>The presentations satisfy the query together.</summary>
    public const string DcqlSatisfied = "dcql_satisfied";

    /// <summary>All of them, in report order.</summary>
    public static IReadOnlyList<string> All { get; } = [State, ResponseMode, Decryption, DcqlSatisfied];
}
