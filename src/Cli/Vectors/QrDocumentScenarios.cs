using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.QrDocuments;
using Credentials.StatusLists;

namespace Credentials.Cli.Vectors;

/// <summary>Printed documents: EU Digital COVID Certificates and those of our own profile.</summary>
internal static class QrDocumentScenarios
{
    internal static async Task VerifyAsync(Scenario scenario, CancellationToken cancelled) =>
        Compare.Report(scenario, await ReportAsync(scenario, cancelled));

    internal static Task<VerificationReport> ReportAsync(Scenario scenario, CancellationToken cancelled) => QrDocumentVerifier.VerifyAsync(
        scenario.Input.RequireString("text"),
        new QrDocumentExpectations
        {
            Trust = SdJwtScenarios.TrustOf(scenario),
            Now = scenario.Now,
            Status = new StatusPolicy(StatusMode.Offline),
            IsHolderBindingRequired = scenario.Input.OptionalBoolean("holder_binding") ?? false,
            Types = scenario.Input.OptionalStringArray("types"),
            Query = scenario.Input.OptionalArray("query") is { } paths ? (_, claims) => FindMissing(paths, claims) : null,
        },
        cancelled);

    private static string? FindMissing(JsonElement paths, JsonElement claims) =>
        paths.EnumerateArray().All(path => ClaimPath.Parse(path).Select(claims).Count > 0) ? null : DcqlCodes.ClaimMissing;
}
