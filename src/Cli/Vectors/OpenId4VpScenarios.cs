using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Jose;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.StatusLists;

namespace Credentials.Cli.Vectors;

/// <summary>OpenID4VP: metadata of verifiers, encrypted responses, whole presentations.</summary>
internal static class OpenId4VpScenarios
{
    internal static Task ChooseEncryptionAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var chosen = ResponseEncryption.Choose(ClientMetadata.Parse(scenario.Input.RequireObjectMember("client_metadata")));
        Compare.Same("kid", scenario.Expect.RequireString("kid"), chosen.KeyId);
        Compare.Same("enc", scenario.Expect.RequireString("enc"), chosen.Algorithm);
    });

    internal static Task ClientMetadataAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var json = scenario.Input.RequireObjectMember("client_metadata");
        var metadata = ClientMetadata.Parse(json);
        Compare.SameList("formats", scenario.Expect.OptionalStringArray("formats"), metadata.VpFormatsSupported?.EnumerateObject().Select(format => format.Name));
        Compare.SameJson("what we write", json, metadata.ToJson());
    });

    internal static Task ReadResponseAsync(Scenario scenario, CancellationToken cancelled) => Compare.OutcomeAsync(scenario, async () =>
    {
        var jwk = scenario.Input.RequireObjectMember("private_jwk");
        using var key = SoftwareKeyAgreementKey.FromPrivateJwk(jwk);
        var form = scenario.Input.RequireObjectMember("form").EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString()!);
        var expected = new ResponseExpectations(scenario.Input.RequireString("response_mode"), null) { DecryptionKey = key, DecryptionKeyId = jwk.RequireString("kid") };

        var received = await ResponseReader.ReadAsync(form, expected, cancelled);

        var response = received.Response ?? throw new MismatchException("the response cannot be read");
        Compare.SameJson("response", scenario.Expect.RequireObjectMember("response"), response.ToJson());
    });

    internal static Task SessionTranscriptAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var key = scenario.Input.OptionalObject("encryption_jwk") is { } jwk ? Jwk.ParseKeyAgreement(jwk) : null;
        var nonce = scenario.Input.RequireString("nonce");
        var binding = scenario.Input.OptionalString("origin") is { } origin
            ? RequestBinding.ForDigitalCredentials(origin, nonce, key)
            : RequestBinding.ForRedirect(scenario.Input.RequireString("client_id"), nonce, scenario.Input.RequireString("response_uri"), key);
        Compare.SameBytes("the transcript", scenario.Expect.RequireHex("session_transcript_hex"), binding.Transcript.Bytes.Span);
    });

    internal static async Task VerifyDocumentAsync(Scenario scenario, CancellationToken cancelled)
    {
        var query = new JsonObject { ["credentials"] = new JsonArray(StrictJson.ToNode(scenario.Input.RequireObjectMember("credential_query"))) };
        var report = await VpTokenVerifier.VerifyDocumentAsync(
            scenario.Input.RequireString("text"),
            new DocumentExpectations
            {
                Trust = SdJwtScenarios.TrustOf(scenario),
                Status = new StatusPolicy(StatusMode.Online),
                StatusClient = null,
                Now = scenario.Now,
                Binding = RequestBinding.ForRedirect(scenario.Input.RequireString("audience"), scenario.Input.RequireString("nonce"), responseUri: "", encryptionKey: null),
                Query = DcqlQuery.Parse(StrictJson.ToElement(query)).Credentials[0],
            },
            cancelled);

        Compare.Report(scenario, report.Parts[0]);
    }
}
