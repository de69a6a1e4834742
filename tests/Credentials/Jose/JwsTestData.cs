using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Jose;

internal static class JwsTestData
{
    public static SoftwareSigningKey Key { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public static async Task<string> SignAsync(JsonObject? header = null, SoftwareSigningKey? key = null) =>
        await Jws.SignAsync(header ?? new JsonObject { ["typ"] = "test+jwt" }, new JsonObject { ["sub"] = "s" }, key ?? Key, TestContext.Current.CancellationToken);

    /// <summary>A token whose header is exactly this text, signed over as it stands.</summary>
    public static async Task<string> SignRawAsync(string headerJson, SoftwareSigningKey? key = null, string payload = "{}")
    {
        string input = $"{StrictBase64Url.Encode(System.Text.Encoding.UTF8.GetBytes(headerJson))}.{StrictBase64Url.Encode(System.Text.Encoding.UTF8.GetBytes(payload))}";
        byte[] signature = await (key ?? Key).SignAsync(System.Text.Encoding.ASCII.GetBytes(input), TestContext.Current.CancellationToken);
        return $"{input}.{StrictBase64Url.Encode(signature)}";
    }
}
