using System.Diagnostics;
using System.Globalization;
using Credentials.Tests.Shared;

namespace Credentials.Verifier.Tests.Faults;

/// <summary>One verifier process of several on one database and data folder.</summary>
/// <param name="publicUrl">Of all of them; null: this one's own address.</param>
/// <param name="environment">What its processes are given besides.</param>
internal sealed class VerifierReplica(string folder, string connection, Uri? publicUrl, string webhookHost, IReadOnlyDictionary<string, string>? environment) : Replica
{
    protected override Process Start()
    {
        string[] arguments =
        [
            "exec", typeof(VerifierHost).Assembly.Location, "--data", Path.Combine(folder, "data"), "--port", Port.ToString(CultureInfo.InvariantCulture),
            "--public-url", (publicUrl ?? Address).GetLeftPart(UriPartial.Authority), "--connection", connection, "--trust", Path.Combine(folder, "trust.pem"), "--webhook-host", webhookHost,
        ];
        return Shell.Start("dotnet", arguments, environment: new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["CREDENTIALS_ALLOW_LOOPBACK_HTTP"] = "1" });
    }
}
