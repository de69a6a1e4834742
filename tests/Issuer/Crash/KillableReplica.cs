using System.Diagnostics;
using System.Globalization;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>One issuer process of several on one database and data folder.</summary>
/// <param name="environment">What its processes are given besides.</param>
internal sealed class KillableReplica(string folder, string connection, string publicUrl, IReadOnlyDictionary<string, string>? environment = null) : Replica
{
    /// <summary>Whether it says that it is the one that signs status lists.</summary>
    internal async Task<bool> IsPublisherAsync(HttpClient http, CancellationToken ct) =>
        (await http.GetStringAsync(new Uri(Address, "/metrics"), ct)).Contains("\nissuer_status_publisher 1\n", StringComparison.Ordinal);

    protected override bool IsMistake(string line) => line.Contains("Unexpected", StringComparison.Ordinal);

    protected override Process Start()
    {
        string[] arguments =
        [
            "exec", typeof(IssuerHost).Assembly.Location, "--data", folder, "--port", Port.ToString(CultureInfo.InvariantCulture), "--public-url", publicUrl, "--connection", connection,
        ];
        return Shell.Start("dotnet", arguments, folder, new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["Issuer__PublicRequestsPerMinute"] = "1000000",
            ["Issuer__StatusListSize"] = "131072",
            ["Issuer__OpenStatusLists"] = "2",
            // So that what was used can still be looked up at the end of a long run.
            ["Issuer__NonceLifetime"] = "01:00:00",
            ["Issuer__AnswerLifetime"] = "01:00:00",
        });
    }
}
