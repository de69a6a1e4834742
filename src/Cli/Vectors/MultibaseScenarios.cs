using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.Cli.Vectors;

/// <summary>W3C Controlled Identifiers 1.0: multibase and Multikeys.</summary>
internal static class MultibaseScenarios
{
    /// <summary>Samples of one kind; where they are to be refused, each of them is.</summary>
    internal static async Task DecodeAsync(Scenario scenario, CancellationToken cancelled)
    {
        foreach (var sample in scenario.Input.RequireArray("samples").EnumerateArray())
        {
            await Compare.Outcome(scenario, () =>
            {
                var text = sample.RequireString("multibase");
                var bytes = sample.RequireHex("bytes_hex");
                Compare.SameBytes(text, bytes, Multibase.Decode(text));
                Compare.Same("written", text, text[0] == 'u' ? Multibase.EncodeBase64Url(bytes) : Multibase.EncodeBase58Btc(bytes));
            });
        }
    }

    internal static Task MultikeyAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var text = scenario.Input.RequireString("multikey");
        var key = Multikey.Parse(text);
        Compare.SameJson("jwk", scenario.Expect.RequireObjectMember("jwk"), Jwk.Write(key));
        Compare.Same("written", text, Multikey.Write(key));
    });
}
