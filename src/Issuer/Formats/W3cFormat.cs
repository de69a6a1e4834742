using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Status;
using Credentials.JsonLd;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.W3c;

namespace Credentials.Issuer.Formats;

/// <summary>
/// Credentials of the W3C data model, as JWTs or with a Data Integrity proof: of 1.1 as OpenID4VCI 1.0 Appendix A.1 has them, of 2.0 in our
/// own profile (spec/profile/openid4vc-w3c.md). The claims stand in <c>credentialSubject</c>, whose id is the holder's key as a did:jwk.
/// </summary>
internal sealed class W3cFormat(string id, IssuerKeys keys, IssuerIdentity identity) : ICredentialFormat
{
    private readonly bool _isV1 = id is CredentialFormat.JwtVcJson or CredentialFormat.LdpVc;
    private readonly bool _isJwt = id is CredentialFormat.JwtVcJson or CredentialFormat.VcJwt;

    public string Id => id;

    public void Check(CredentialType type, JsonObject claims)
    {
        try
        {
            // What the contexts do not define cannot be proved: found out now, and with a subject and a status that stand for any.
            var document = Write(type, claims, "urn:example:holder", StatusEntries(new StatusReference("https://issuer.example/status/1", 0)), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
            W3cCredential.Parse(StrictJson.ToElement(document), acceptV1: _isV1);
            if (!_isJwt)
                JsonLdProcessor.ToRdf(StrictJson.ToElement(document), JsonLdContexts.BuiltIn);
        }
        catch (CredentialException)
        {
            throw new MalformedDataException(IssuerCodes.Claims, $"A claim for '{type.Id}' is not one that its contexts define.");
        }
    }

    public CredentialConfiguration Describe(CredentialType type) => new()
    {
        Format = id,
        DefinedTypes = [W3cNames.CredentialType, .. type.Types],
        DefinedContexts = _isJwt ? [] : Contexts(type),
        SigningAlgorithms = [_isJwt ? keys.Document.PublicKey.Algorithm.JoseName : type.Cryptosuite!],
        BindingMethods = [OpenId4VciNames.JwkBinding],
    };

    public async ValueTask<string> IssueAsync(CredentialContent content, CancellationToken ct)
    {
        var holder = DidJwk.Create(content.Holder);
        // Whole days, as for the other formats: the copies of a batch show the same times.
        var issued = ClaimCheck.IssuedAt(content.Now);
        var entries = StatusEntries(content.Status);
        var document = Write(content.Type, content.Claims, holder, entries, issued, content.ExpiresAt);
        var credential = _isJwt ? await SignAsync(document, content.Signer, ct) : await ProveAsync(content.Type, document, content.Signer, issued, ct);
        var report = await W3cVerifier.VerifyCredentialAsync(Encoding.UTF8.GetBytes(Shown(credential)), new W3cExpectations
        {
            Trust = identity.OwnTrust,
            Now = content.Now,
            Binding = KeyBindingExpectation.NotRequested,
            Status = new StatusPolicy(StatusMode.Skip),
            AcceptsDataModelV1 = _isV1,
            Types = [content.Type.Type],
            RequiresDefinedTerms = !_isJwt,
        }, ct);
        SelfCheck.Require(report, verified => content.Holder.Equals(verified.HolderKey)
            && BitstringStatusListEntry.ReadAll(verified.Claims) is var written && written.Count == entries.Count
            && written.Zip(entries).All(pair => (pair.First.Purpose, pair.First.Index, pair.First.StatusListCredential) == (pair.Second.Purpose, pair.Second.Index, pair.Second.StatusListCredential)));
        return credential;
    }

    private async Task<string> SignAsync(JsonObject document, Signer signer, CancellationToken ct)
    {
        var content = new W3cContent { Credential = document, KeyId = identity.VerificationMethodOf(signer) };
        return _isV1 ? await W3cIssuer.IssueJwtV1Async(content, signer.Key, ct) : await W3cIssuer.IssueJwtAsync(content, signer.Key, ct);
    }

    private async Task<string> ProveAsync(CredentialType type, JsonObject document, Signer signer, DateTimeOffset created, CancellationToken ct)
    {
        var proved = await W3cIssuer.IssueWithProofAsync(document, new ProofOptions
        {
            Cryptosuite = type.Cryptosuite!,
            VerificationMethod = identity.VerificationMethodOf(signer),
            Purpose = VerificationRelationship.AssertionMethod,
            Contexts = JsonLdContexts.BuiltIn,
            Created = created,
            MandatoryPointers = type.Cryptosuite == DataIntegrityNames.EcdsaSd2023 ? Mandatory(type, document) : [],
        }, signer.Key, ct);
        return Encoding.UTF8.GetString(StrictJson.ToUtf8(proved));
    }

    /// <summary>A base proof is for its holder alone: the check looks at what the holder could show at most.</summary>
    private static string Shown(string credential) => HolderProof.IsSelective(credential) ? HolderProof.ShowAll(credential) : credential;

    private JsonObject Write(CredentialType type, JsonObject claims, string holder, IReadOnlyList<BitstringStatusListEntry> status, DateTimeOffset issued, DateTimeOffset expires)
    {
        var subject = new JsonObject { ["id"] = holder };
        foreach (var (name, value) in claims)
            subject[name] = value?.DeepClone();
        return new JsonObject
        {
            ["@context"] = new JsonArray([.. Contexts(type).Select(context => (JsonNode)context)]),
            ["type"] = new JsonArray([W3cNames.CredentialType, .. type.Types.Select(one => (JsonNode)one)]),
            ["issuer"] = identity.Did,
            [_isV1 ? "issuanceDate" : "validFrom"] = DateTimeStamp.Write(issued),
            [_isV1 ? "expirationDate" : "validUntil"] = DateTimeStamp.Write(expires),
            ["credentialSubject"] = subject,
            ["credentialStatus"] = new JsonArray([.. status.Select(entry => (JsonNode)entry.ToJson())]),
        };
    }

    // Data model 1.1 knows neither proofs of Data Integrity nor bitstring lists: two contexts more define them.
    private IReadOnlyList<string> Contexts(CredentialType type) => _isV1
        ? [W3cNames.BaseContextV1, W3cNames.DataIntegrityContext, W3cNames.StatusListContext, .. type.Contexts]
        : [W3cNames.BaseContext, .. type.Contexts];

    private static IReadOnlyList<BitstringStatusListEntry> StatusEntries(StatusReference status) =>
    [
        .. StatusUrls.BitstringPurposes.Select(purpose => new BitstringStatusListEntry(purpose, (int)status.Index, StatusUrls.Bitstring(status.Uri, purpose))
        {
            Id = $"{StatusUrls.Bitstring(status.Uri, purpose)}#{status.Index}",
        }),
    ];

    /// <summary>What says whose and how good the credential is, and the claims that the catalog does not let be left out.</summary>
    private static IReadOnlyList<string> Mandatory(CredentialType type, JsonObject document) =>
    [
        .. document.Select(member => member.Key).Where(name => name is not ("@context" or "credentialSubject")).Select(name => $"/{name}"),
        "/credentialSubject/id",
        .. type.Claims.Where(claim => !claim.Disclosable && document["credentialSubject"]!.AsObject().ContainsKey(claim.Name)).Select(claim => $"/credentialSubject/{Escape(claim.Name)}"),
    ];

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
