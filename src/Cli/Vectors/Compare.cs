using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Cli.Vectors;

/// <summary>Compares what came out with what a scenario says.</summary>
internal static class Compare
{
    private const int LongestShown = 200;

    internal static void Same<T>(string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new MismatchException($"{what}: expected {Show(expected)}, got {Show(actual)}");
    }

    internal static void SameList(string what, IEnumerable<string>? expected, IEnumerable<string>? actual) =>
        Same(what, expected is null ? null : string.Join(", ", expected), actual is null ? null : string.Join(", ", actual));

    internal static void SameBytes(string what, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual) =>
        Same(what, Convert.ToHexStringLower(expected), Convert.ToHexStringLower(actual));

    internal static void SameJson(string what, JsonElement expected, JsonElement actual)
    {
        if (!JsonElement.DeepEquals(expected, actual))
            throw new MismatchException($"{what}: expected {Show(expected.GetRawText())}, got {Show(actual.GetRawText())}");
    }

    internal static void SameJson(string what, JsonElement expected, JsonNode actual) => SameJson(what, expected, StrictJson.ToElement(actual));

    internal static void True(bool condition, string otherwise)
    {
        if (!condition)
            throw new MismatchException(otherwise);
    }

    /// <summary>What must take the input, or refuse it with the code that the scenario names.</summary>
    internal static async Task OutcomeAsync(Scenario scenario, Func<Task> run)
    {
        if (scenario.IsAccepted)
        {
            await run();
            return;
        }
        try
        {
            await run();
        }
        catch (CredentialException refusal)
        {
            Same("code", scenario.Expect.RequireString("code"), refusal.Code);
            return;
        }
        throw new MismatchException("accepted, and should have been refused");
    }

    internal static Task Outcome(Scenario scenario, Action run) => OutcomeAsync(scenario, () =>
    {
        run();
        return Task.CompletedTask;
    });

    internal static void Report(Scenario scenario, VerificationReport report)
    {
        var part = StrictJson.ToElement(report.ToJson()).GetProperty("parts")[0];
        True(scenario.IsAccepted == report.IsAccepted, report.IsAccepted ? "accepted, and should have been refused" : $"refused: {Failures(report)}");
        var lines = part.GetProperty("checks").EnumerateArray()
            .ToDictionary(check => check.GetProperty("id").GetString()!, check => check.GetProperty("outcome").GetString());
        foreach (var check in scenario.Expect.OptionalObject("checks")?.EnumerateObject() ?? default)
            Same($"check {check.Name}", check.Value.GetString(), lines.GetValueOrDefault(check.Name));
        if (scenario.Code is { } code)
            True(report.Checks.Any(check => check.Outcome == CheckOutcome.Failed && check.Code == code), $"no check failed with {code}: {Failures(report)}");
        if (scenario.Expect.OptionalObject("claims") is { } claims)
            SameJson("claims", claims, part.GetProperty("claims"));
        if (scenario.Expect.OptionalString("report") is { } golden)
            SameJson("report", GoldenReport(scenario, golden), report.ToJson());
    }

    private static string Failures(VerificationReport report) =>
        string.Join(", ", report.Checks.Where(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate).Select(check => $"{check.Id} {check.Code}"));

    private static JsonElement GoldenReport(Scenario scenario, string name) =>
        StrictJson.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(scenario.Path)!, name)));

    private static string Show<T>(T value)
    {
        var text = value?.ToString() ?? "nothing";
        return TextSafety.ForTerminal(text.Length > LongestShown ? text[..LongestShown] + "…" : text);
    }
}
