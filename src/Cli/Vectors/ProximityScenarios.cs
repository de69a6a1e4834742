using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys.Software;
using Credentials.Mdoc.Proximity;

namespace Credentials.Cli.Vectors;

/// <summary>ISO/IEC 18013-5 in proximity: engagement and encrypted sessions.</summary>
internal static class ProximityScenarios
{
    internal static Task EngagementAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var bytes = scenario.Input.RequireHex("device_engagement_hex");
        var engagement = DeviceEngagement.Parse(bytes);
        Compare.Same("version", scenario.Expect.RequireString("version"), engagement.Version);
        Compare.SameBytes("e_device_key_bytes", scenario.Expect.RequireHex("e_device_key_bytes_hex"), engagement.EDeviceKeyBytes.Bytes.Span);
        var jwk = Jwk.ParseKeyAgreement(scenario.Expect.RequireObjectMember("e_device_key_jwk"));
        Compare.SameBytes("x of the key", jwk.X, engagement.EDeviceKey.X);
        Compare.SameBytes("y of the key", jwk.Y, engagement.EDeviceKey.Y);
        Compare.Same("qr_text", scenario.Expect.RequireString("qr_text"), engagement.ToQrText());
        Compare.SameBytes("what we write", bytes, DeviceEngagement.Create(engagement.EDeviceKey, engagement.RetrievalMethods).Encode().Span);
    });

    /// <summary>The session after an NFC handover, through both state machines: every message is the printed one byte for byte.</summary>
    internal static Task SessionAsync(Scenario scenario, CancellationToken cancelled) => Compare.OutcomeAsync(scenario, async () =>
    {
        var (input, expect) = (scenario.Input, scenario.Expect);
        var select = HandoverSelect.Parse(input.RequireHex("handover_select_hex"));
        var handover = select.ToHandover(HandoverRequest.Parse(input.RequireHex("handover_request_hex")));
        using SoftwareKeyAgreementKey deviceKey = Key(scenario, "ephemeral_device_private_jwk"), readerKey = Key(scenario, "ephemeral_reader_private_jwk");
        using var holder = ProximityHolderSession.Begin(deviceKey, select.Engagement, handover);
        using var reader = await ProximityReaderSession.BeginAsync(readerKey, select.Engagement, handover, 1 << 20, cancelled);
        Compare.SameBytes("session transcript", input.RequireHex("session_transcript_bytes_hex"), reader.Transcript.ToEncodedCbor().Bytes.Span);

        Compare.SameBytes("session establishment", input.RequireHex("session_establishment_hex"), reader.Request(expect.RequireHex("device_request_hex")));
        var request = await holder.ReceiveAsync(input.RequireHex("session_establishment_hex"), cancelled);
        Compare.SameBytes("device request", expect.RequireHex("device_request_hex"), (request.Payload ?? default).Span);

        Compare.SameBytes("session data", input.RequireHex("session_data_hex"), holder.Respond(expect.RequireHex("device_response_hex")));
        var response = await reader.ReceiveAsync(input.RequireHex("session_data_hex"));
        Compare.SameBytes("device response", expect.RequireHex("device_response_hex"), (response.Payload ?? default).Span);

        Compare.SameBytes("session termination", input.RequireHex("session_termination_hex"), reader.Terminate());
        Compare.True((await holder.ReceiveAsync(input.RequireHex("session_termination_hex"), cancelled)).EndsSession, "the session did not end");
    });

    private static SoftwareKeyAgreementKey Key(Scenario scenario, string name) => SoftwareKeyAgreementKey.FromPrivateJwk(scenario.Input.RequireObjectMember(name));
}
