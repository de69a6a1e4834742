using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Jose;

namespace Credentials.Cli.Vectors;

/// <summary>did:key and did:jwk: from the identifier to its key and what that is for.</summary>
internal static class DidScenarios
{
    // Neither method has keys that end.
    private static readonly DateTimeOffset s_now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DidResolver s_resolver = new(DidMethods.Key | DidMethods.Jwk);

    internal static Task ResolveAsync(Scenario scenario, CancellationToken cancelled) => Compare.OutcomeAsync(scenario, async () =>
    {
        var did = scenario.Input.RequireString("did");
        var document = await s_resolver.ResolveAsync(did, s_now, cancelled);
        Compare.Same("id", did, document.Id);
        foreach (var relationship in scenario.Expect.OptionalArray("relationships")?.EnumerateArray() ?? default)
            Compare.True(document.Json.TryGetProperty(relationship.GetString()!, out _), $"the key is not for {relationship.GetString()}");
        var methods = document.FindAll(VerificationRelationship.AssertionMethod, s_now);
        Compare.Same("keys that make statements", 1, methods.Count);
        var method = methods[0];
        if (scenario.Expect.OptionalString("verification_method_id") is { } id)
            Compare.Same("verification method", id, method.Id);
        Compare.SameJson("jwk", scenario.Expect.RequireObjectMember("jwk"), Jwk.Write(method.Key));
        // A did:jwk may be spelt in several ways, a did:key in one.
        if (did.StartsWith("did:key:", StringComparison.Ordinal))
            Compare.Same("made from the key", did, DidKey.Create(method.Key));
    });
}
