using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.Jose;
using Credentials.Keys;
using Microsoft.IdentityModel.Tokens;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>A public JWK. Second implementation: the thumbprint of <see cref="JsonWebKey"/>.</summary>
internal sealed class JwkTarget : FuzzTarget
{
    public override string Name => "jwk";

    public override InputShape Shape => InputShape.Json;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) =>
        [.. vectors.Json("jwk", "jwk.thumbprint", "jws.verify", "cose.sign1"), .. vectors.Json("private_jwk", "jwe.decrypt").Take(2), .. vectors.Json("client_metadata", "openid4vp.client-metadata").Take(2)];

    protected override object Read(byte[] input)
    {
        var json = StrictJson.Parse(input);
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("keys", out _)) return Jwk.ParseSet(json);
        try
        {
            return Jwk.ParsePublic(json);
        }
        catch (CredentialException)
        {
            return Jwk.ParseKeyAgreement(json);
        }
    }

    protected override void Check(byte[] input, object value)
    {
        if (value is KeyAgreementPublicKey agreement)
        {
            Require(Jwk.ParseKeyAgreement(StrictJson.ToElement(Jwk.Write(agreement))).X.SequenceEqual(agreement.X), "A key for key agreement is not what it was after it was written.");
            return;
        }

        if (value is not PublicKey key) return;
        var written = StrictJson.ToText(Jwk.Write(key));
        Require(Jwk.ParsePublic(StrictJson.Parse(written)).Equals(key), "A key is not what it was after it was written.");
        if (key.Y.Length == 0) return; // the other implementation knows no octet key pairs
        var thumbprint = Base64UrlEncoder.Encode(new JsonWebKey(written).ComputeJwkThumbprint());
        Require(thumbprint == Jwk.Thumbprint(key), "Another implementation makes another thumbprint.");
        Require(StrictJson.Parse(Encoding.UTF8.GetString(input)).GetProperty("x").GetString() == StrictBase64Url.Encode(key.X), "The coordinate is not the one in the text.");
    }
}
