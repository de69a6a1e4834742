using System.Text.Json.Nodes;
using Credentials.SdJwt;
using Credentials.StatusLists;

namespace Credentials.Benchmarks;

/// <summary>An SD-JWT VC with ten disclosable claims: issued, three of them presented, verified.</summary>
internal static class SdJwtOperations
{
    private const string Audience = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk";
    private const string Nonce = "n-0S6_WzA2Mj-0123456789";
    private const string Type = "urn:benchmark:1";

    public static IReadOnlyList<Operation> All(Parties parties)
    {
        var claims = new JsonObject(Enumerable.Range(0, 10).Select(i => KeyValuePair.Create($"claim_{i}", (JsonNode?)$"value number {i}")));
        ClaimPath[] paths = [.. claims.Select(claim => ClaimPath.Of(claim.Key))];
        var content = new SdJwtContent
        {
            Type = Type,
            Claims = claims,
            Disclosable = paths,
            Certificates = [parties.Certificate],
            HolderKey = parties.Holder.PublicKey,
            IssuedAt = parties.Now,
            ExpiresAt = parties.Now.AddDays(90),
            Status = parties.Status,
        };
        var issued = SdJwtIssuer.IssueAsync(content, parties.Agency).AsTask().Result;
        ClaimPath[] shown = paths[2..5];
        var binding = new KeyBinding(Audience, Nonce, parties.Now);
        string Present() => SdJwtPresenter.PresentAsync(SdJwtCredential.Parse(issued), shown, binding, parties.Holder).AsTask().Result;
        var presentation = Present();
        var expected = new SdJwtExpectations
        {
            Trust = parties.Trust,
            Now = parties.Now,
            KeyBinding = KeyBindingExpectation.Required(Audience, Nonce),
            Status = new StatusPolicy(StatusMode.Skip),
            Types = [Type],
        };
        return
        [
            new("SD-JWT VC issue, 10 disclosable claims", () => _ = SdJwtIssuer.IssueAsync(content, parties.Agency).AsTask().Result) { Limit = [Signatures.Sign], Goal = 0.75 },
            new("SD-JWT VC present, 3 of 10 and key binding, from text", () => Present()) { Limit = [Signatures.Sign], Goal = 0.70 },
            new("SD-JWT VC verify, 3 disclosures, issuer known, holder new", () => Require(SdJwtVerifier.VerifyAsync(presentation, expected).Result))
            {
                Limit = [Signatures.Verify, Signatures.VerifyImported],
                Goal = 0.95,
            },
        ];
    }

    /// <summary>A benchmark of refusals would be fast and worth nothing.</summary>
    internal static void Require(VerificationReport report)
    {
        if (!report.IsAccepted) throw new InvalidOperationException(report.ToJson().ToJsonString());
    }
}
