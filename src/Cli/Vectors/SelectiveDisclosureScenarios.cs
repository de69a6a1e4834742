using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.DataIntegrity.Suites;
using Credentials.Jose;
using Credentials.JsonLd;

namespace Credentials.Cli.Vectors;

/// <summary>ecdsa-sd-2023: what a base proof signs, and documents cut down by it.</summary>
internal static class SelectiveDisclosureScenarios
{
    /// <summary>Every step between a document and the signatures in its base proof.</summary>
    internal static Task BaseProofAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var document = scenario.Input.RequireObjectMember("document");
        var proof = document.RequireObjectMember("proof");
        var parsed = SdBaseProof.Parse(proof.RequireString("proofValue"));
        var input = new ProofInput(document, proof, [], JsonLdContexts.BuiltIn, JsonLdLimits.Default);
        var dataset = SdDataset.WithHmac(input, parsed.HmacKey);
        var mandatory = dataset.Select(parsed.MandatoryPointers);
        var expect = scenario.Expect;
        Compare.SameList("mandatory_pointers", expect.OptionalStringArray("mandatory_pointers"), parsed.MandatoryPointers);
        Compare.SameBytes("hmac_key_hex", expect.RequireHex("hmac_key_hex"), parsed.HmacKey.Span);
        Compare.SameList("lines", expect.OptionalStringArray("lines"), dataset.Lines.Select(Encoding.UTF8.GetString));
        Compare.SameList("mandatory_lines", expect.RequireArray("mandatory_lines").EnumerateArray().Select(line => line.GetRawText()), mandatory.Order().Select(line => $"{line}"));
        Compare.SameBytes("proof_hash_hex", expect.RequireHex("proof_hash_hex"), SHA256.HashData(RdfcCryptosuite.CanonicalOptions(input, HashAlgorithmName.SHA256)));
        Compare.SameBytes("mandatory_hash_hex", expect.RequireHex("mandatory_hash_hex"), dataset.Hash(mandatory.Order()));
        var issuer = Jwk.ParsePublic(scenario.Input.RequireObjectMember("jwk"));
        Compare.True(issuer.Verify(EcdsaSdCryptosuite.SignData(input, parsed.PublicKey, dataset, mandatory), parsed.BaseSignature.Span), "the base signature is not the issuer's");
        var statements = EcdsaSdCryptosuite.StatementKey(parsed.PublicKey);
        var signed = Enumerable.Range(0, dataset.Lines.Count).Where(line => !mandatory.Contains(line)).ToArray();
        Compare.Same("signatures", signed.Length, parsed.Signatures.Count);
        Compare.True(signed.Zip(parsed.Signatures).All(pair => statements.Verify(dataset.Lines[pair.First], pair.Second.Span)), "a statement is not signed");
    });

    internal static Task DeriveAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var pointers = scenario.Input.OptionalStringArray("selective_pointers") ?? [];
        var derived = DataIntegrityPresenter.Derive(scenario.Input.RequireObjectMember("document"), pointers, JsonLdContexts.BuiltIn);
        Compare.SameJson("document", scenario.Expect.RequireObjectMember("document"), derived);
    });
}
