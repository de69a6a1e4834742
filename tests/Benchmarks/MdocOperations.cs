using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Mdoc;
using Credentials.OpenId4Vp;
using Credentials.StatusLists;

namespace Credentials.Benchmarks;

/// <summary>An mdoc with ten data elements: issued, three of them presented with a device signature, verified.</summary>
internal static class MdocOperations
{
    private const string DocType = "org.example.benchmark.1";
    private const string NameSpace = "org.example.benchmark";

    public static IReadOnlyList<Operation> All(Parties parties)
    {
        var elements = new JsonObject(Enumerable.Range(0, 10).Select(i => KeyValuePair.Create($"element_{i}", (JsonNode?)$"value number {i}")));
        var content = new MdocContent
        {
            DocType = DocType,
            NameSpaces = MdocElements.FromJson(DocType, StrictJson.ToElement(new JsonObject { [NameSpace] = elements })),
            DeviceKey = parties.Holder.PublicKey,
            Certificates = [parties.Certificate],
            Signed = parties.Now,
            ValidUntil = parties.Now.AddDays(90),
            Status = [parties.Status],
        };
        ReadOnlyMemory<byte> issued = MdocIssuer.IssueAsync(content, parties.Agency).AsTask().Result;
        ClaimPath[] shown = [.. Enumerable.Range(2, 3).Select(i => ClaimPath.Of(NameSpace, $"element_{i}"))];
        var binding = RequestBinding.ForRedirect("x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk", "n-0S6_WzA2Mj-0123456789", "https://verifier.example/r/1", null);
        string Present() => MdocPresenter.PresentAsync(IssuerSigned.Parse(issued), shown, binding.Transcript, parties.Holder).AsTask().Result;
        ReadOnlyMemory<byte> presentation = StrictBase64Url.Decode(Present());
        var expected = new MdocExpectations
        {
            Trust = parties.Trust,
            Now = parties.Now,
            DeviceAuth = DeviceAuthExpectation.Required(binding.Transcript),
            Status = new StatusPolicy(StatusMode.Skip),
            DocTypes = [DocType],
        };
        return
        [
            new("mdoc issue, 10 data elements", () => _ = MdocIssuer.IssueAsync(content, parties.Agency).AsTask().Result) { Limit = [Signatures.Sign], Goal = 0.75 },
            new("mdoc present, 3 of 10 with device signature, from bytes", () => Present()) { Limit = [Signatures.Sign], Goal = 0.70 },
            new("mdoc verify, 3 data elements and device signature, issuer known", () => SdJwtOperations.Require(MdocVerifier.VerifyAsync(presentation, expected).Result))
            {
                Limit = [Signatures.Verify, Signatures.VerifyImported],
                Goal = 0.95,
            },
        ];
    }
}
