using System.Globalization;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Cli.Vectors;

/// <summary>One test vector: a JSON file that names an operation, what goes in and what must come out.</summary>
internal sealed record Scenario(string Path, string Id, JsonElement Json)
{
    internal string Operation => Json.RequireString("operation");

    internal JsonElement Input => Json.RequireObjectMember("input");

    internal JsonElement Expect => Json.RequireObjectMember("expect");

    internal bool IsAccepted => Expect.OptionalBoolean("accepted") ?? throw new MalformedDataException(CliCodes.VectorMalformed, "expect.accepted is missing.");

    /// <summary>The code of the expected refusal, where one is named.</summary>
    internal string? Code => Expect.OptionalString("code");

    internal DateTimeOffset Now =>
        DateTimeOffset.TryParse(Json.RequireString("now"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now)
            ? now
            : throw new MalformedDataException(CliCodes.VectorMalformed, "now is not an ISO 8601 time.");

    internal static Scenario Load(string path)
    {
        var file = new FileInfo(path);
        if (file.Length > InputFiles.MaxBytes)
            throw new MalformedDataException(CliCodes.InputTooLarge, $"the file has more than {InputFiles.MaxBytes} bytes");
        var json = StrictJson.ParseObject(File.ReadAllBytes(path), new JsonLimits(MaxBytes: InputFiles.MaxBytes));
        var scenario = new Scenario(path, json.RequireString("id"), json);
        _ = (scenario.Operation, scenario.Input, scenario.IsAccepted);
        return scenario;
    }
}
