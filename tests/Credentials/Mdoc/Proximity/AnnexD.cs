using System.Text.Json;
using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>The scenarios taken from ISO/IEC 18013-5 Annex D.</summary>
internal static class AnnexD
{
    public static (JsonElement Input, JsonElement Expect) Engagement { get; } = Parts("d_3_1_device_engagement_qr");

    public static (JsonElement Input, JsonElement Expect) Session { get; } = Parts("d_5_1_session_encryption");

    public static JsonElement Request { get; } = Load("d_4_1_1_device_request");

    public static JsonElement Response { get; } = Load("d_4_1_2_device_response");

    public static DateTimeOffset NowOf(JsonElement scenario) => scenario.GetProperty("now").GetDateTimeOffset();

    public static TrustStore TrustOf(JsonElement scenario, TrustPurpose purpose) => TrustStore.Create(
        scenario.GetProperty("trust").GetProperty("certificates").EnumerateArray()
            .SelectMany(pem => CertificateReader.FromPem(pem.GetString()!)).Select(certificate => TrustAnchor.ForCertificate(certificate, purpose)));

    public static SessionTranscript TranscriptOf(JsonElement input) =>
        SessionTranscript.FromEncoded(CborValue.Decode(input.Bytes("session_transcript_bytes_hex")).GetEncodedCbor().Content);

    public static byte[] Bytes(this JsonElement scenario, string name) => System.Convert.FromHexString(scenario.RequireString(name));

    public static SoftwareKeyAgreementKey Key(this JsonElement scenario, string name) =>
        SoftwareKeyAgreementKey.FromPrivateJwk(scenario.RequireObjectMember(name));

    private static (JsonElement, JsonElement) Parts(string name) =>
        (Load(name).RequireObjectMember("input"), Load(name).RequireObjectMember("expect"));

    private static JsonElement Load(string name) =>
        StrictJson.ParseObject(File.ReadAllBytes(RepositoryRoot.Combine("test-vectors", "published", "iso18013-5-annex-d", $"{name}.json")));
}
