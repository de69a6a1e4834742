using System.Globalization;

namespace Credentials.Tests.Shared;

/// <summary>Counts of what faults did, a line each, in the file that CREDENTIALS_FAULTS_TABLE names (tests/faults.sh makes a table of it).</summary>
public static class FaultTable
{
    private static readonly Lock _lock = new();

    /// <param name="what">What happened, and to which service.</param>
    /// <param name="times">How often.</param>
    /// <param name="took">While clients played.</param>
    /// <param name="answered">Requests that were answered with something else than 503.</param>
    /// <param name="played">Whole issuances or presentations.</param>
    /// <param name="credentials">Credentials that were issued or presented.</param>
    /// <param name="broken">Requests without an answer or with 503, which clients sent again.</param>
    /// <param name="slowest">How long a request waited for a 503 at most.</param>
    /// <param name="found">Invariants that were broken.</param>
    public static void Add(string what, int times, TimeSpan took, int answered, int played, int credentials, int broken, TimeSpan slowest, int found)
    {
        if (Environment.GetEnvironmentVariable("CREDENTIALS_FAULTS_TABLE") is not { Length: > 0 } file)
            return;
        lock (_lock)
        {
            File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture,
                $"| {what} | {times} | {took.TotalSeconds:0} s | {answered} | {played} | {credentials} | {broken} | {slowest.TotalSeconds:0.0} s | {found} |\n"));
        }
    }
}
