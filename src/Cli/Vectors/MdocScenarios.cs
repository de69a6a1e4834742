using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.Cli.Vectors;

/// <summary>ISO mdocs: verification of IssuerSigned alone, and of DeviceResponse with a device signature or MAC; requests of readers.</summary>
internal static class MdocScenarios
{
    internal static async Task VerifyAsync(Scenario scenario, CancellationToken cancelled)
    {
        Compare.Report(scenario, await ReportAsync(scenario, cancelled));
        if (scenario.Expect.OptionalBoolean("same_bytes") != true)
            return;
        var bytes = scenario.Input.RequireHex("mdoc_hex");
        var response = DeviceResponse.Parse(bytes);
        Compare.SameBytes("what we write", bytes, response.Encode());
        if (scenario.Input.OptionalObject("device_private_jwk") is not { } jwk)
            return;
        var made = await MakeAsync(scenario, response.Documents[0].IssuerSigned, jwk, cancelled);
        Compare.SameBytes("what the device makes", bytes, made);
    }

    /// <summary>A request with reader authentication: read, verified, written again, and its items made anew.</summary>
    internal static Task RequestAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var bytes = scenario.Input.RequireHex("device_request_hex");
        var request = DeviceRequest.Parse(bytes);
        var trust = CertificateScenarios.TrustOf(scenario, TrustPurpose.Verifier);
        var readers = ReaderAuthentication.Verify(request, TranscriptOf(scenario.Input.RequireHex("session_transcript_bytes_hex")), trust, scenario.Now);
        if (readers.FirstOrDefault(reader => !reader.IsVerified)?.Code is { } code)
            throw new MalformedDataException(code, "The reader is not known.");
        Compare.Same("version", scenario.Expect.RequireString("version"), request.Version);
        Compare.SameBytes("what we write", bytes, request.Encode());
        var requests = scenario.Expect.RequireArray("requests");
        Compare.Same("requests", requests.GetArrayLength(), request.DocRequests.Count);
        foreach (var (expected, items) in requests.EnumerateArray().Zip(request.DocRequests.Select(one => one.ItemsRequest)))
        {
            Compare.Same("doctype", expected.RequireString("doctype"), items.DocType);
            Compare.SameBytes("items request", expected.RequireHex("items_request_bytes_hex"), items.Encoded.Bytes.Span);
            Compare.SameJson("name_spaces", expected.RequireObjectMember("name_spaces"), ToJson(items));
            Compare.SameBytes("items that we make", items.Encoded.Bytes.Span, ItemsRequest.Create(items.DocType, items.NameSpaces).Encoded.Bytes.Span);
        }
        foreach (var reader in readers)
            Compare.SameBytes("reader certificate", scenario.Expect.RequireHex("reader_certificate_hex"), reader.Certificate!.RawData);
    });

    internal static async Task<VerificationReport> ReportAsync(Scenario scenario, CancellationToken cancelled)
    {
        using var readerKey = scenario.Input.OptionalObject("reader_private_jwk") is { } jwk ? SoftwareKeyAgreementKey.FromPrivateJwk(jwk) : null;
        var expected = new MdocExpectations
        {
            Trust = SdJwtScenarios.TrustOf(scenario),
            Now = scenario.Now,
            Status = new StatusPolicy(StatusMode.Offline),
            DocTypes = scenario.Input.OptionalStringArray("doctypes"),
            Query = scenario.Input.OptionalArray("query") is { } paths ? (_, claims) => FindMissing(paths, claims) : null,
            DeviceAuth = scenario.Input.OptionalHex("session_transcript_bytes_hex") is { } transcript
                ? DeviceAuthExpectation.Required(TranscriptOf(transcript), readerKey)
                : DeviceAuthExpectation.NotRequested,
        };
        return await MdocVerifier.VerifyAsync(scenario.Input.RequireHex("mdoc_hex"), expected, cancelled);
    }

    /// <summary>From SessionTranscriptBytes, the array in tag 24.</summary>
    internal static SessionTranscript TranscriptOf(byte[] bytes) => SessionTranscript.FromEncoded(CborValue.Decode(bytes).GetEncodedCbor().Content);

    private static JsonObject ToJson(ItemsRequest items) => new(items.NameSpaces.Select(space => KeyValuePair.Create(
        space.Key, (JsonNode?)new JsonObject(space.Value.Select(element => KeyValuePair.Create(element.Key, (JsonNode?)JsonValue.Create(element.Value)))))));

    // A MAC has no randomness: the same key and session give the printed response.
    private static async Task<byte[]> MakeAsync(Scenario scenario, IssuerSigned held, JsonElement deviceJwk, CancellationToken cancelled)
    {
        using SoftwareKeyAgreementKey device = SoftwareKeyAgreementKey.FromPrivateJwk(deviceJwk),
            reader = SoftwareKeyAgreementKey.FromPrivateJwk(scenario.Input.RequireObjectMember("reader_private_jwk"));
        var transcript = TranscriptOf(scenario.Input.RequireHex("session_transcript_bytes_hex"));
        return MdocPresenter.Respond(await MdocPresenter.AuthenticateAsync(held, (_, _) => true, transcript, device, reader.PublicKey, cancelled)).Encode();
    }

    private static string? FindMissing(JsonElement paths, JsonElement claims) =>
        paths.EnumerateArray().All(path => ClaimPath.Parse(path).Select(claims).Count > 0) ? null : DcqlCodes.ClaimMissing;
}
