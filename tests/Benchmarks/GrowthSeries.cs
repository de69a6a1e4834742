using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.JsonLd;
using Credentials.Mdoc;
using Credentials.SdJwt;
using Credentials.StatusLists;

namespace Credentials.Benchmarks;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Sizes">At which sizes, ascending.</param>
/// <param name="Prepare">What is timed at a size.</param>
internal sealed record GrowthSeries(string Name, IReadOnlyList<int> Sizes, Func<int, Action> Prepare)
{
    private const string DocType = "org.example.growth.1";
    private const string NameSpace = "org.example.growth";
    private const string Type = "urn:growth:1";

    private static readonly int[] s_claims = [10, 20, 40, 80, 160, 320, 500];

    /// <summary>All charts.</summary>
    public static IEnumerable<GrowthChart> All(Parties parties, bool quick)
    {
        yield return new GrowthChart("SD-JWT VC: claims and disclosures", "growth-sd-jwt", "claims",
        [
            new("issue, every claim disclosable", s_claims, count => Issue(parties, count)),
            new("read", s_claims, count => Issued(parties, count) is var text ? () => SdJwtCredential.Parse(text) : null!),
            new("choose three claims", s_claims, count => Choose(parties, count)),
            new("verify, every claim disclosed", s_claims, count => Verify(parties, Issued(parties, count))),
        ]);
        yield return new GrowthChart("mdoc: data elements", "growth-mdoc", "elements",
        [
            new("issue", s_claims, count => IssueMdoc(parties, count)),
            new("read", s_claims, count => IssuedMdoc(parties, count) is var bytes ? () => IssuerSigned.Parse(bytes) : null!),
            new("verify, every element shown", s_claims, count => VerifyMdoc(parties, IssuedMdoc(parties, count))),
        ]);
        int[] entries = [.. Enumerable.Range(5, quick ? 5 : 9).Select(i => 1 << (2 * i))];
        if (!quick) entries = [.. entries, 1 << 27];
        yield return new GrowthChart("Status list: entries of one bit, one in a hundred set", "growth-status-list", "entries",
        [
            new("write", entries, size => List(size) is var list ? () => Rewrite(list) : null!),
            new("read", entries, size => StrictJson.ToElement(List(size).ToJson()) is var json ? () => StatusList.Parse(json) : null!),
            new("look up one entry", entries, size => List(size) is var list ? () => _ = list[size / 3] : null!),
        ]);
        int[] statements = [16, 32, 64, 128, 256, 512, 1024];
        yield return new GrowthChart("JSON-LD: statements", "growth-json-ld", "statements",
        [
            new("expand and convert to RDF", statements, count => Document(count) is var json ? () => JsonLdProcessor.ToRdf(json, JsonLdContexts.BuiltIn) : null!),
            new("canonicalize, every second one about a blank node", statements, count => Quads(count) is var quads ? () => RdfCanonicalization.Canonicalize(quads, HashAlgorithmName.SHA256) : null!),
        ]);
        int[] documents = [1, 4, 16, 64, 256, 1024];
        yield return new GrowthChart("Wallet: documents against one query", "growth-dcql", "documents",
            [new("match", documents, count => Candidates(count) is var held ? () => DcqlMatcher.Match(s_query, held) : null!)]);
    }

    private static readonly DcqlQuery s_query = DcqlQuery.Parse(StrictJson.Parse("""
        { "credentials": [ { "id": "a", "format": "dc+sd-jwt", "meta": { "vct_values": ["urn:growth:1"] },
          "claims": [ { "path": ["given_name"] }, { "path": ["nationalities", null], "values": ["KR"] } ] } ] }
        """));

    private static SdJwtContent Content(Parties parties, int count)
    {
        var claims = new JsonObject(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"claim_{i}", (JsonNode?)$"value number {i}")));
        return new SdJwtContent
        {
            Type = Type,
            Claims = claims,
            Disclosable = [.. claims.Select(claim => ClaimPath.Of(claim.Key))],
            Certificates = [parties.Certificate],
            HolderKey = parties.Holder.PublicKey,
            IssuedAt = parties.Now,
            ExpiresAt = parties.Now.AddDays(90),
        };
    }

    private static Action Issue(Parties parties, int count)
    {
        var content = Content(parties, count);
        return () => _ = SdJwtIssuer.IssueAsync(content, parties.Agency).AsTask().Result;
    }

    private static string Issued(Parties parties, int count) => SdJwtIssuer.IssueAsync(Content(parties, count), parties.Agency).AsTask().Result;

    private static Action Choose(Parties parties, int count)
    {
        var text = Issued(parties, count);
        ClaimPath[] shown = [ClaimPath.Of("claim_1"), ClaimPath.Of("claim_4"), ClaimPath.Of($"claim_{count - 1}")];
        return () => SdJwtCredential.Parse(text).ProcessUnverified().Select(shown);
    }

    private static Action Verify(Parties parties, string text)
    {
        var expected = new SdJwtExpectations
        {
            Trust = parties.Trust,
            Now = parties.Now,
            KeyBinding = KeyBindingExpectation.NotRequested,
            Status = new StatusPolicy(StatusMode.Skip),
            Types = [Type],
        };
        return () => SdJwtOperations.Require(SdJwtVerifier.VerifyAsync(text, expected).Result);
    }

    private static MdocContent MdocContent(Parties parties, int count) => new()
    {
        DocType = DocType,
        NameSpaces = MdocElements.FromJson(DocType, StrictJson.ToElement(new JsonObject
        {
            [NameSpace] = new JsonObject(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"element_{i}", (JsonNode?)$"value number {i}"))),
        })),
        DeviceKey = parties.Holder.PublicKey,
        Certificates = [parties.Certificate],
        Signed = parties.Now,
        ValidUntil = parties.Now.AddDays(90),
    };

    private static Action IssueMdoc(Parties parties, int count)
    {
        var content = MdocContent(parties, count);
        return () => _ = MdocIssuer.IssueAsync(content, parties.Agency).AsTask().Result;
    }

    private static ReadOnlyMemory<byte> IssuedMdoc(Parties parties, int count) => MdocIssuer.IssueAsync(MdocContent(parties, count), parties.Agency).AsTask().Result;

    private static Action VerifyMdoc(Parties parties, ReadOnlyMemory<byte> bytes)
    {
        var expected = new MdocExpectations
        {
            Trust = parties.Trust,
            Now = parties.Now,
            DeviceAuth = DeviceAuthExpectation.NotRequested,
            Status = new StatusPolicy(StatusMode.Skip),
            DocTypes = [DocType],
        };
        return () => SdJwtOperations.Require(MdocVerifier.VerifyAsync(bytes, expected).Result);
    }

    private static StatusList List(int size)
    {
        var random = new Random(4711);
        var list = StatusList.Create(1, size);
        for (var i = 0; i < size / 100; i++) list[random.Next(size)] = 1;
        return list;
    }

    // A change makes the list forget what it compressed before.
    private static void Rewrite(StatusList list)
    {
        list[0] ^= 1;
        _ = list.ToJson();
    }

    private static System.Text.Json.JsonElement Document(int statements)
    {
        var subject = new JsonObject { ["id"] = "urn:example:subject" };
        for (var i = 0; i < statements; i++) subject[$"https://vocabulary.example/p{i}"] = $"value {i}";
        return StrictJson.ToElement(new JsonObject
        {
            ["@context"] = "https://www.w3.org/ns/credentials/v2",
            ["type"] = new JsonArray("VerifiableCredential"),
            ["issuer"] = "https://issuer.example",
            ["credentialSubject"] = subject,
        });
    }

    private static IReadOnlyList<RdfQuad> Quads(int statements)
    {
        var text = new StringBuilder();
        for (var i = 0; i < statements / 2; i++)
            text.Append($"_:b{i} <https://vocabulary.example/value> \"{i}\" .\n<urn:example:subject> <https://vocabulary.example/part> _:b{i} .\n");
        return NQuads.Parse(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static DcqlCandidate[] Candidates(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new DcqlCandidate(CredentialFormat.SdJwtVc, [Type], StrictJson.Parse($$"""{ "given_name": "Ana {{i}}", "nationalities": ["DE", "KR"] }""")))];
}
