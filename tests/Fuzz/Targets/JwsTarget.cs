using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.Jose;
using Credentials.Keys.Software;
using Credentials.X509;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>A compact JWS and its certificates. Second parser: <see cref="JsonWebToken"/>. Nobody has the key, so no signature verifies.</summary>
internal sealed class JwsTarget : FuzzTarget
{
    private static readonly Keys.PublicKey s_nobody = SoftwareSigningKey.Generate(Keys.SignatureAlgorithm.Es256).PublicKey;

    private int _verified;

    public override string Name => "jws";

    public override InputShape Shape => InputShape.Compact;

    // A chain of six certificates is read by the platform, which copies each a few times.
    public override long MemoryBase => 512 * 1024;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) =>
        [.. vectors.Texts("jws", "jws.verify"), .. vectors.Texts("jwt", "openid4vci.key-proof"), .. vectors.Texts("token", "status-list.token").Take(3)];

    protected override object Read(byte[] input)
    {
        var jws = CompactJws.Parse(Encoding.Latin1.GetString(input));
        _ = jws.PayloadObject;
        foreach (var certificate in X5c.Of(jws) ?? []) certificate.Dispose();
        return jws;
    }

    protected override void Check(byte[] input, object value)
    {
        var jws = (CompactJws)value;
        var parts = jws.Text.Split('.');
        Require(parts.Length == 3 && StrictBase64Url.Encode(jws.Payload.Span) == parts[1], "The payload is not what stands in the second part.");
        // Verification costs more than all the rest, and what it is given has no influence on the outcome.
        if (_verified++ % 64 == 0) Require(!jws.VerifySignature(s_nobody), "A signature of nobody verifies.");
        JsonWebToken other;
        try
        {
            other = new JsonWebToken(jws.Text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return; // it reads claims that it knows when it is made, and knows other rules for them
        }

        Require(other.Alg == jws.Algorithm, "Another parser finds another algorithm.");
        if (jws.Type is not null) Require(other.Typ == jws.Type, "Another parser finds another type.");
        if (jws.KeyId is not null) Require(other.Kid == jws.KeyId, "Another parser finds another key identifier.");
        if (jws.PayloadObject.Member("sub") is { ValueKind: JsonValueKind.String } subject) Require(other.Subject == subject.GetString(), "Another parser finds another subject.");
    }
}
