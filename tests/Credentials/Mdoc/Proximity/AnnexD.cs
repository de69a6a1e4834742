using System.Text.Json;
using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>The scenarios taken from ISO/IEC 18013-5 Annex D.</summary>
internal static class AnnexD
{
    public static (JsonElement Input, JsonElement Expect) Engagement { get; } = Load("d_3_1_device_engagement_qr");

    public static (JsonElement Input, JsonElement Expect) Session { get; } = Load("d_5_1_session_encryption");

    public static byte[] Bytes(this JsonElement scenario, string name) => System.Convert.FromHexString(scenario.RequireString(name));

    public static SoftwareKeyAgreementKey Key(this JsonElement scenario, string name) =>
        SoftwareKeyAgreementKey.FromPrivateJwk(scenario.RequireObjectMember(name));

    private static (JsonElement, JsonElement) Load(string name)
    {
        var file = RepositoryRoot.Combine("test-vectors", "published", "iso18013-5-annex-d", $"{name}.json");
        var vector = StrictJson.ParseObject(File.ReadAllBytes(file));
        return (vector.RequireObjectMember("input"), vector.RequireObjectMember("expect"));
    }
}
