using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Tests.Shared;

namespace Credentials.Tests.DataIntegrity;

/// <summary>Proofs made by others: what both sides here do wrong alike, such as hashing otherwise, would go unnoticed among themselves.</summary>
public sealed class PublishedProofTests : IDisposable
{
    private readonly Parties _parties = new();

    [Theory]
    [InlineData("vc-di-ecdsa/ecdsa_jcs_2019_p256_signed")]
    [InlineData("vc-di-ecdsa/ecdsa_rdfc_2019_p256_signed")]
    [InlineData("vc-di-ecdsa/ecdsa_rdfc_2019_p384_signed")]
    [InlineData("vc-di-ecdsa/ecdsa_sd_2023_derived")]
    [InlineData("vc-di-eddsa/eddsa_jcs_2022_signed")]
    [InlineData("vc-di-eddsa/eddsa_rdfc_2022_signed")]
    [InlineData("vc-di-eddsa/signedproofchain2")]
    public async Task A_published_proof_is_verified(string name)
    {
        var scenario = StrictJson.ParseObject(File.ReadAllBytes(RepositoryRoot.Combine(["test-vectors", "published", .. $"{name}.json".Split('/')])));
        PublicKey[] keys = [.. scenario.RequireObjectMember("trust").RequireArray("keys").EnumerateArray().Select(key => Jwk.ParsePublic(key.RequireObjectMember("jwk")))];
        var expected = _parties.Expected with
        {
            Now = scenario.GetProperty("now").GetDateTimeOffset(),
            // The key is the fragment of its URL.
            Keys = (method, _, _) => ValueTask.FromResult(keys.Single(key => Multikey.Write(key) == method.Split('#')[1])),
        };
        var result = await DataIntegrityVerifier.VerifyAsync(scenario.RequireObjectMember("input").RequireObjectMember("document"), expected, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(result.Checks, check => check.Outcome == CheckOutcome.Failed);
        Assert.True(result.TryGetDocument(out var document));
        if (scenario.RequireObjectMember("expect").Member("document") is { } covered) Assert.True(JsonElement.DeepEquals(covered, document.Value));
    }

    // ECDSA Cryptosuites 1.0 §3.3.4, of which nothing is published for P-384: SHA-384 of the options, then of the document, signed with SHA-384.
    [Theory]
    [InlineData("p256", "SHA256")]
    [InlineData("p384", "SHA384")]
    public async Task A_curve_has_its_own_hash(string name, string algorithm)
    {
        HashAlgorithmName hash = new(algorithm);
        var signed = await _parties.SignAsync(DataIntegrityNames.EcdsaJcs2019, name);
        var options = signed["proof"]!.DeepClone().AsObject();
        options.Remove("proofValue");
        var signature = Multibase.DecodeBase58Btc(signed["proof"]!["proofValue"]!.GetValue<string>());
        byte[] data = [.. Hash(options), .. Hash(StrictJson.ToNode(Parties.Degree)!)];
        var key = _parties.Key(name).PublicKey;
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = name == "p256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384,
            Q = new ECPoint { X = key.X.ToArray(), Y = key.Y.ToArray() },
        });
        Assert.True(ecdsa.VerifyData(data, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

        byte[] Hash(JsonNode node) => CryptographicOperations.HashData(hash, Jcs.Canonicalize(node));
    }

    public void Dispose() => _parties.Dispose();
}
