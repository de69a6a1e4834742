using System.Globalization;
using Credentials.Codecs;

namespace Credentials.Cli.Vectors;

/// <summary>RFC 8785, JSON Canonicalization Scheme.</summary>
internal static class JcsScenarios
{
    internal static Task CanonicalizeAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var canonical = Jcs.Canonicalize(StrictJson.Parse(scenario.Input.RequireString("json_text")));
        Compare.SameBytes("canonical_hex", Convert.FromHexString(scenario.Expect.RequireString("canonical_hex")), canonical);
    });

    /// <summary>Pairs of the bits of a double, in hexadecimal, and its text.</summary>
    internal static Task NumbersAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        foreach (var sample in scenario.Input.RequireArray("samples").EnumerateArray())
        {
            var bits = long.Parse(sample[0].GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Compare.Same(sample[0].GetString()!, sample[1].GetString(), Jcs.FormatNumber(BitConverter.Int64BitsToDouble(bits)));
        }
    });
}
