using Credentials.Codecs;

namespace Credentials.Cli.Vectors;

/// <summary>RFC 9285, Base45.</summary>
internal static class Base45Scenarios
{
    internal static Task EncodeAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
        Compare.Same("text", scenario.Expect.RequireString("text"), StrictBase45.Encode(scenario.Input.RequireHex("bytes_hex"))));

    internal static Task DecodeAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var bytes = StrictBase45.Decode(scenario.Input.RequireString("text"));
        Compare.SameBytes("bytes_hex", scenario.Expect.RequireHex("bytes_hex"), bytes);
    });
}
