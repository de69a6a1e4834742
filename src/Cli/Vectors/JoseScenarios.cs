using System.Text;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys.Software;

namespace Credentials.Cli.Vectors;

/// <summary>JWS, JWE and JWK.</summary>
internal static class JoseScenarios
{
    internal static Task VerifyAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var jws = CompactJws.Parse(scenario.Input.RequireString("jws"));
        if (!jws.VerifySignature(Jwk.ParsePublic(scenario.Input.RequireObjectMember("jwk"))))
            throw new MalformedDataException(JoseCodes.JwsSignature, "The signature is not the key's.");
        Compare.SameJson("header", scenario.Expect.RequireObjectMember("header"), jws.Header);
        Compare.SameBytes("payload", Encoding.UTF8.GetBytes(scenario.Expect.RequireString("payload_utf8")), jws.Payload.Span);
    });

    /// <summary>Only for algorithms without randomness: the token is the same byte for byte.</summary>
    internal static Task SignAsync(Scenario scenario, CancellationToken cancelled) => Compare.OutcomeAsync(scenario, async () =>
    {
        using var key = SoftwareSigningKey.FromPrivateJwk(scenario.Input.RequireObjectMember("private_jwk"));
        var header = StrictJson.ToNode(scenario.Input.RequireObjectMember("header"))!.AsObject();
        header.Remove("alg");
        var jws = await Jws.SignAsync(header, Encoding.UTF8.GetBytes(scenario.Input.RequireString("payload_utf8")), key, cancelled);
        Compare.Same("jws", scenario.Expect.RequireString("jws"), jws);
    });

    internal static Task DecryptAsync(Scenario scenario, CancellationToken cancelled) => Compare.OutcomeAsync(scenario, async () =>
    {
        using var key = SoftwareKeyAgreementKey.FromPrivateJwk(scenario.Input.RequireObjectMember("private_jwk"));
        var plaintext = await Jwe.DecryptAsync(CompactJwe.Parse(scenario.Input.RequireString("jwe")), key, JweEncryption.All, cancelled);
        Compare.SameBytes("plaintext", Encoding.UTF8.GetBytes(scenario.Expect.RequireString("plaintext_utf8")), plaintext);
    });

    internal static Task ThumbprintAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var thumbprint = Jwk.Thumbprint(Jwk.ParsePublic(scenario.Input.RequireObjectMember("jwk")));
        Compare.Same("thumbprint", scenario.Expect.RequireString("thumbprint"), thumbprint);
    });
}
