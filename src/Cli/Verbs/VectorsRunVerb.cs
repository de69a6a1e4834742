using System.Text.Json.Nodes;
using Credentials.Cli.Vectors;

namespace Credentials.Cli.Verbs;

internal static class VectorsRunVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var path = context.Arguments.RequiredPositional(0);
        var outcomes = new List<ScenarioOutcome>();
        await foreach (var outcome in FolderRun.RunAsync(ScenarioFolder.Open(path), path, context.Cancelled))
        {
            outcomes.Add(outcome);
            if (!context.Json)
                context.Terminal.Line(Describe(outcome));
        }
        var (passed, failed, skipped) = (Count(ScenarioState.Ok), Count(ScenarioState.Failed), Count(ScenarioState.Skipped));
        if (context.Json)
            context.Terminal.Json(ToJson(outcomes, passed, failed, skipped));
        else
            context.Terminal.Line($"{passed} passed, {failed} failed, {skipped} skipped");
        return failed == 0 && passed > 0 ? ExitCode.Done : ExitCode.Refused;

        int Count(ScenarioState state) => outcomes.Count(outcome => outcome.State == state);
    }

    private static string Describe(ScenarioOutcome outcome)
    {
        var line = $"{Name(outcome.State, "FAIL")} {TextSafety.ForTerminal(outcome.Id)}";
        return outcome.Detail is null ? line : $"{line}: {outcome.Detail}";
    }

    private static JsonObject ToJson(List<ScenarioOutcome> outcomes, int passed, int failed, int skipped) => new()
    {
        ["passed"] = passed,
        ["failed"] = failed,
        ["skipped"] = skipped,
        ["scenarios"] = new JsonArray([.. outcomes.Select(outcome => (JsonNode)ToJson(outcome))]),
    };

    private static JsonObject ToJson(ScenarioOutcome outcome)
    {
        var json = new JsonObject { ["id"] = outcome.Id, ["outcome"] = Name(outcome.State, "fail") };
        if (outcome.Detail is not null)
            json["detail"] = outcome.Detail;
        return json;
    }

    private static string Name(ScenarioState state, string failed) => state switch
    {
        ScenarioState.Ok => "ok",
        ScenarioState.Skipped => "skip",
        _ => failed,
    };
}
