using Credentials.Codecs;
using Credentials.SdJwt.TypeMetadata;

namespace Credentials.Cli.Vectors;

/// <summary>Type metadata of SD-JWT VC.</summary>
internal static class TypeMetadataScenarios
{
    internal static Task ParseAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var document = scenario.Input.RequireObjectMember("document");
        var written = TypeMetadataDocument.Parse(document).ToJson();
        Compare.SameJson("what we write, read again", StrictJson.ToElement(written), TypeMetadataDocument.Parse(StrictJson.ToElement(written)).ToJson());
        Compare.Same("vct", document.RequireString("vct"), written["vct"]?.GetValue<string>());
        Compare.Same("claims", document.OptionalArray("claims")?.GetArrayLength() ?? 0, written["claims"]?.AsArray().Count ?? 0);
    });
}
