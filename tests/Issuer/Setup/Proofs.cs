using System.Text.Json.Nodes;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>Key proofs, good ones and ones with one thing changed.</summary>
internal static class Proofs
{
    internal static SoftwareSigningKey NewKey(SignatureAlgorithm? algorithm = null) => SoftwareSigningKey.Generate(algorithm ?? SignatureAlgorithm.Es256);

    internal static async Task<IReadOnlyList<string>> MakeAsync(string audience, string nonce, int count = 1)
    {
        var proofs = new List<string>();
        for (var i = 0; i < count; i++)
            proofs.Add(await MakeAsync(NewKey(), audience, nonce));
        return proofs;
    }

    internal static async Task<string> MakeAsync(ISigningKey key, string audience, string? nonce, DateTimeOffset? at = null) =>
        await KeyProof.CreateAsync(key, audience, nonce, null, at ?? DateTimeOffset.UtcNow);

    /// <summary>A proof whose header and payload the test changes before it is signed.</summary>
    internal static async Task<string> ChangedAsync(ISigningKey key, string audience, string nonce, Action<JsonObject, JsonObject> change)
    {
        var header = new JsonObject { ["typ"] = OpenId4VciNames.KeyProofType, ["jwk"] = Jwk.Write(key.PublicKey) };
        var payload = new JsonObject { ["aud"] = audience, ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), ["nonce"] = nonce };
        change(header, payload);
        return await Jws.SignAsync(header, payload, key);
    }
}
