namespace Credentials.Cli.Vectors;

/// <summary>Runs every scenario of a folder in order.</summary>
internal static class FolderRun
{
    internal static async IAsyncEnumerable<ScenarioOutcome> RunAsync(
        ScenarioFolder folder, string root, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancelled)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in folder.Files)
        {
            cancelled.ThrowIfCancellationRequested();
            var outcome = await RunAsync(file, Path.GetRelativePath(root, file), folder, cancelled);
            yield return seen.Add(outcome.Id) ? outcome : outcome with { State = ScenarioState.Failed, Detail = "the id is used twice" };
        }
        if (!folder.SkipsAreComplete)
            yield break;
        foreach (var id in folder.Skips.Keys.Where(id => !seen.Contains(id)))
            yield return new ScenarioOutcome(id, ScenarioState.Failed, "skips.json names it, and there is no such scenario");
    }

    private static async Task<ScenarioOutcome> RunAsync(string file, string name, ScenarioFolder folder, CancellationToken cancelled)
    {
        Scenario scenario;
        try
        {
            scenario = Scenario.Load(file);
        }
        catch (CredentialException malformed)
        {
            return new ScenarioOutcome(name, ScenarioState.Failed, $"{malformed.Code}: {malformed.Message}");
        }
        var difference = await ScenarioRunner.RunAsync(scenario, cancelled);
        return (difference, folder.Skips.GetValueOrDefault(scenario.Id)) switch
        {
            (null, null) => new ScenarioOutcome(scenario.Id, ScenarioState.Ok, null),
            // A skip that has no cause any more hides the next failure.
            (null, _) => new ScenarioOutcome(scenario.Id, ScenarioState.Failed, "comes out as it says: take it off skips.json"),
            (_, { } reason) => new ScenarioOutcome(scenario.Id, ScenarioState.Skipped, reason),
            _ => new ScenarioOutcome(scenario.Id, ScenarioState.Failed, difference),
        };
    }
}
