using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.W3c;

namespace Credentials.Cli.Issuing;

/// <summary>
/// <c>issue</c> for the formats of W3C credentials. The claims are the whole credential, or, where they have no <c>credentialSubject</c>, what it
/// says of its subject; what every credential has and they lack is filled in.
/// </summary>
internal static class W3cIssuing
{
    internal static IReadOnlyList<string> Formats { get; } =
    [
        CredentialFormat.JwtVcJson, CredentialFormat.LdpVc, CredentialFormat.VcJwt, CredentialFormat.LegacySdJwtVc, CredentialFormat.VcCose, CredentialFormat.VcDataIntegrity,
    ];

    internal static async Task<string> IssueAsync(IssueOrder order)
    {
        var format = order.Arguments.Required("--format");
        var isV1 = format is CredentialFormat.JwtVcJson or CredentialFormat.LdpVc;
        var isProved = format is CredentialFormat.LdpVc or CredentialFormat.VcDataIntegrity;
        var holder = await order.HolderAsync();
        var document = Complete(order, isV1, isProved, holder);
        var method = order.Arguments.Value("--key-id") ?? SelfCertifying.VerificationMethodOf(IdentifierOf(order.Key.PublicKey));
        var cancelled = order.Context.Cancelled;
        if (isProved)
            return Encoding.UTF8.GetString(StrictJson.ToUtf8(await W3cIssuer.IssueWithProofAsync(document, Options(order, document, method), order.Key, cancelled)));
        if (order.Arguments.Value("--suite") is not null)
            throw CommandException.Usage("--suite is for credentials with a proof", $"use --format {CredentialFormat.VcDataIntegrity} or {CredentialFormat.LdpVc}");
        var certificate = order.Arguments.Value("--cert");
        var content = new W3cContent
        {
            Credential = document,
            KeyId = certificate is null ? method : null,
            Certificates = certificate is null ? [] : await KeyFiles.LoadChainAsync(certificate, order.Key.PublicKey, order.Context),
            SignedAt = order.Context.Now,
            HolderKey = holder,
            Disclosable = format == CredentialFormat.LegacySdJwtVc ? Disclosable(order, document) : [],
        };
        return format switch
        {
            CredentialFormat.JwtVcJson => await W3cIssuer.IssueJwtV1Async(content, order.Key, cancelled),
            CredentialFormat.LegacySdJwtVc => await W3cIssuer.IssueSdJwtAsync(content, order.Key, cancelled),
            CredentialFormat.VcCose => StrictBase64Url.Encode(await W3cIssuer.IssueCoseAsync(content, order.Key, cancelled)),
            _ => await W3cIssuer.IssueJwtAsync(content, order.Key, cancelled),
        };
    }

    /// <summary>The identifier of a key that needs nobody to publish it.</summary>
    internal static string IdentifierOf(PublicKey key) => DidKey.Create(key);

    /// <summary>The cryptosuite that goes with a key where nobody asks for another.</summary>
    internal static string SuiteOf(PublicKey key) => key.Algorithm == SignatureAlgorithm.EdDsa ? DataIntegrityNames.EddsaRdfc2022 : DataIntegrityNames.EcdsaRdfc2019;

    private static JsonObject Complete(IssueOrder order, bool isV1, bool isProved, PublicKey? holder)
    {
        var claims = (JsonObject)StrictJson.ToNode(order.Claims)!;
        var given = claims.ContainsKey("credentialSubject") ? claims : new JsonObject { ["credentialSubject"] = claims };
        var document = new JsonObject
        {
            ["@context"] = given["@context"]?.DeepClone() ?? (isV1
                ? isProved ? new JsonArray(W3cNames.BaseContextV1, W3cNames.DataIntegrityContext) : new JsonArray(W3cNames.BaseContextV1)
                : new JsonArray(W3cNames.BaseContext)),
            ["type"] = given["type"]?.DeepClone() ?? (order.Arguments.Value("--type") is { } type
                ? new JsonArray(W3cNames.CredentialType, type)
                : new JsonArray(W3cNames.CredentialType)),
            ["issuer"] = given["issuer"]?.DeepClone() ?? IdentifierOf(order.Key.PublicKey),
        };
        foreach (var (name, value) in given)
        {
            if (!document.ContainsKey(name))
                document[name] = value?.DeepClone();
        }

        // Data model 1.1 must say when it was issued.
        if (isV1)
            document.TryAdd("issuanceDate", DateTimeStamp.Write(order.Context.Now));
        if (order.ValidUntil is { } end)
            document[isV1 ? "expirationDate" : "validUntil"] = DateTimeStamp.Write(end);
        if (holder is not null && document["credentialSubject"] is JsonObject subject && !subject.ContainsKey("id"))
            subject.Insert(0, "id", IdentifierOf(holder));
        if (order.Status is { } status)
        {
            document["credentialStatus"] = new BitstringStatusListEntry(StatusPurposes.Revocation, (int)status.Index, status.Uri) { Id = $"{status.Uri}#{status.Index}" }.ToJson();
            if (isV1)
                document["@context"]!.AsArray().Add((JsonNode)W3cNames.StatusListContext);
        }

        return document;
    }

    private static ProofOptions Options(IssueOrder order, JsonObject document, string method)
    {
        var suite = order.Arguments.Value("--suite") ?? SuiteOf(order.Key.PublicKey);
        return new ProofOptions
        {
            Cryptosuite = suite,
            VerificationMethod = method,
            Purpose = VerificationRelationship.AssertionMethod,
            Contexts = JsonLdContexts.BuiltIn,
            Created = order.Context.Now,
            // What says whose and how good it is; the rest is the holder's to show.
            MandatoryPointers = suite == DataIntegrityNames.EcdsaSd2023
                ? [.. document.Select(member => member.Key).Where(name => name is not ("@context" or "credentialSubject" or "proof")).Select(name => $"/{name}")]
                : [],
        };
    }

    private static IReadOnlyList<ClaimPath> Disclosable(IssueOrder order, JsonObject document)
    {
        var element = StrictJson.ToElement(document);
        if (order.Arguments.Values("--sd") is { Count: > 0 } given)
            return ClaimPaths.Read(given, element);
        return document["credentialSubject"] is JsonObject subject
            ? [.. subject.Select(claim => claim.Key).Where(name => name is not ("id" or "type")).Select(name => ClaimPath.Of("credentialSubject", name))]
            : [];
    }
}
