using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Credentials.Tests.Jose;

/// <summary>Our signatures and keys seen by an independent library, and the other way round.</summary>
public class SecondOpinionTests
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Another_library_verifies_ours_and_we_verify_theirs(string name)
    {
        using SoftwareSigningKey key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(name)!);
        JsonWebKey jwk = new(StrictJson.ToText(key.ExportPrivateJwk()));
        JsonWebTokenHandler handler = new();

        string ours = await Jws.SignAsync(new JsonObject { ["typ"] = "JWT" }, new JsonObject { ["iss"] = "i" }, key, TestContext.Current.CancellationToken);
        TokenValidationResult result = await handler.ValidateTokenAsync(ours, new TokenValidationParameters
        {
            IssuerSigningKey = new JsonWebKey(StrictJson.ToText(Jwk.Write(key.PublicKey))),
            ValidIssuer = "i",
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        Assert.True(result.IsValid, result.Exception?.Message);

        string theirs = handler.CreateToken("""{"iss":"i"}""", new SigningCredentials(jwk, name));
        Assert.True(CompactJws.Parse(theirs).VerifySignature(key.PublicKey));
        Assert.Equal(Base64UrlEncoder.Encode(jwk.ComputeJwkThumbprint()), Jwk.Thumbprint(key.PublicKey));
    }
}
