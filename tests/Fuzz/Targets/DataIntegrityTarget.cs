using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>
/// JSON-LD, N-Quads, RDF canonicalization and the proofs over it. The canonical form must be its own canonical form, and the same for the
/// same statements in another order under other labels. Nobody has the key, so nothing verifies.
/// </summary>
internal sealed class DataIntegrityTarget : FuzzTarget
{
    private static readonly PublicKey[] s_nobody = [SoftwareSigningKey.Generate(SignatureAlgorithm.Es256).PublicKey, SoftwareSigningKey.Generate(SignatureAlgorithm.EdDsa).PublicKey];

    private int _verified;

    public override string Name => "data-integrity";

    public override InputShape Shape => InputShape.Json;

    // What the caps on steps, statements and work allow.
    public override long MemoryBase => 64 << 20;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) =>
    [
        .. vectors.Json("document", "data-integrity.verify", "data-integrity.base-proof"), .. vectors.Json("document", "json-ld.to-rdf"), .. vectors.Texts("nquads", "rdf.canonicalize"),
    ];

    protected override object Read(byte[] input)
    {
        if (input.Length > 0 && input[0] is (byte)'_' or (byte)'<') return NQuads.Parse(input);
        var document = StrictJson.Parse(input);
        // Proofs are refused by a report, so that they are tried whether or not the document has a meaning.
        if (document.ValueKind == JsonValueKind.Object && _verified++ % 4 == 0)
            Require(!DataIntegrityVerifier.VerifyAsync(document, Expected(s_nobody[_verified % 2])).GetAwaiter().GetResult().IsVerified, "A proof of nobody verifies.");
        return JsonLdProcessor.ToRdf(document, JsonLdContexts.BuiltIn);
    }

    protected override void Check(byte[] input, object value)
    {
        var quads = (IReadOnlyList<RdfQuad>)value;
        byte[] canonical;
        try
        {
            canonical = RdfCanonicalization.Canonicalize(quads, HashAlgorithmName.SHA256).ToNQuads();
        }
        catch (CredentialException)
        {
            return; // over the cap on work
        }

        Require(RdfCanonicalization.Canonicalize(NQuads.Parse(canonical), HashAlgorithmName.SHA256).ToNQuads().AsSpan().SequenceEqual(canonical), "The canonical form of the canonical form is another one.");
        var written = Encoding.UTF8.GetString(NQuads.Write(quads));
        Require(RdfCanonicalization.Canonicalize(NQuads.Parse(Encoding.UTF8.GetBytes(written)), HashAlgorithmName.SHA256).ToNQuads().AsSpan().SequenceEqual(canonical), "Statements are not what they were after they were written.");
        var backwards = RdfCanonicalization.Canonicalize(quads.Reverse(), HashAlgorithmName.SHA256).ToNQuads();
        Require(backwards.AsSpan().SequenceEqual(canonical), "The canonical form depends on the order of the statements.");
    }

    private static DataIntegrityExpectations Expected(PublicKey key) => new()
    {
        Now = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero),
        Purpose = VerificationRelationship.AssertionMethod,
        Keys = (_, _, _) => ValueTask.FromResult(key),
        Contexts = JsonLdContexts.BuiltIn,
        ContextRule = ContextRule.Anything,
    };
}
