using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.StatusLists;

namespace Credentials.Cli.Vectors;

/// <summary>ISO mdocs: verification of IssuerSigned alone, and of DeviceResponse with a device signature or MAC.</summary>
internal static class MdocScenarios
{
    internal static async Task VerifyAsync(Scenario scenario, CancellationToken cancelled)
    {
        Compare.Report(scenario, await ReportAsync(scenario, cancelled));
        if (scenario.Expect.OptionalBoolean("same_bytes") != true)
            return;
        var bytes = scenario.Input.RequireHex("mdoc_hex");
        Compare.SameBytes("what we write", bytes, DeviceResponse.Parse(bytes).Encode());
    }

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

    private static string? FindMissing(JsonElement paths, JsonElement claims) =>
        paths.EnumerateArray().All(path => ClaimPath.Parse(path).Select(claims).Count > 0) ? null : DcqlCodes.ClaimMissing;
}
