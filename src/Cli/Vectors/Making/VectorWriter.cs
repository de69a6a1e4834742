using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Cli.Vectors.Making;

/// <summary>Writes scenarios of our own. What is expected is what comes out now, and the maker says beforehand which check must fail.</summary>
internal sealed class VectorWriter(string folder)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal int Count { get; private set; }

    /// <summary>A scenario that is accepted, or in which exactly one check fails with one code.</summary>
    /// <param name="area">The folder below <c>own</c>.</param>
    /// <param name="scenario">Everything but <c>id</c>, <c>source</c> and <c>expect</c>.</param>
    /// <param name="failure">The one check that fails, with its code; null if the scenario is accepted.</param>
    /// <param name="report">The report as it comes out.</param>
    /// <param name="isGolden">Whether the whole report is kept too, as the JSON that programs may rely on.</param>
    internal void Write(string area, string name, JsonObject scenario, (string Check, string Code)? failure, VerificationReport report, bool isGolden)
    {
        RequireOnly(name, failure, report);
        var json = report.ToJson();
        var part = json["parts"]![0]!;
        var expect = new JsonObject { ["accepted"] = failure is null, ["checks"] = Outcomes(part) };
        if (failure is { } failed)
            expect["code"] = failed.Code;
        else
            expect["claims"] = part["claims"]!.DeepClone();
        if (isGolden)
        {
            var file = $"{area.Replace('-', '_')}_{name}.json";
            expect["report"] = $"../../reports/{file}";
            Save(Path.Combine(folder, "reports", file), json);
        }
        Write(area, name, scenario, expect);
    }

    internal void Write(string area, string name, JsonObject scenario, JsonObject expect)
    {
        var whole = new JsonObject { ["id"] = $"{area}/{name}", ["description"] = scenario["description"]!.DeepClone(), ["source"] = "ours" };
        foreach (var (member, value) in scenario.Where(member => member.Key != "description"))
            whole[member] = value?.DeepClone();
        whole["expect"] = expect;
        Save(Path.Combine(folder, "own", area, $"{name}.json"), whole);
        Count++;
    }

    /// <summary>The scenario as the runner will read it.</summary>
    internal static Scenario Preview(JsonObject scenario) => new("", "", StrictJson.ToElement(scenario));

    private static void RequireOnly(string name, (string Check, string Code)? failure, VerificationReport report)
    {
        var failed = report.Checks.Where(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate).Select(check => $"{check.Id} {check.Code}");
        Compare.SameList($"{name}: what fails", failure is { } one ? [$"{one.Check} {one.Code}"] : [], failed);
        Compare.Same($"{name}: accepted", failure is null, report.IsAccepted);
    }

    private static JsonObject Outcomes(JsonNode part)
    {
        var outcomes = new JsonObject();
        foreach (var check in part["checks"]!.AsArray())
            outcomes[check!["id"]!.GetValue<string>()] = check["outcome"]!.DeepClone();
        return outcomes;
    }

    private static void Save(string path, JsonObject json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OutputFiles.Write(path, json.ToJsonString(Readable) + "\n");
    }
}
