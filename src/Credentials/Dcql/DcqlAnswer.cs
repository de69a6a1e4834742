using System.Text.Json;

namespace Credentials.Dcql;

/// <summary>How one verified credential answers its credential query.</summary>
/// <param name="Code">Why it does not answer it; null if it does.</param>
/// <param name="Claims">Only what the query asked for: the claims to pass on. Empty if it does not answer the query.</param>
/// <param name="NotForwarded">Names of the claims that were shown without being asked for; never values.</param>
public sealed record DcqlAnswer(string? Code, JsonElement Claims, IReadOnlyCollection<string> NotForwarded)
{
    /// <summary>True if the credential answers the query.</summary>
    public bool IsAnswered => Code is null;
}
