using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Recovery;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.W3c;

namespace Credentials.Issuer.VcApi;

/// <summary>
/// <c>POST /vc-api/credentials/issue</c>: secures a credential that the agency wrote itself, of data model 2.0 or with a proof also of 1.1,
/// with places in our status lists. Registered before it leaves, as every credential: what is out can be revoked.
/// </summary>
internal static class IssueDocument
{
    private const string Code = IssuerCodes.VcApi;
    private const string Enveloped = "vc+jwt";

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/credentials/issue", HandleAsync);

    private static async Task HandleAsync(HttpContext http, IssuerDbContext db, StatusIndexes statuses, IssuerKeys keys, IssuerIdentity identity, IssuerOptions options, TimeProvider time)
    {
        var body = await RequestBody.ReadJsonAsync(http);
        var settings = body.OptionalObject("options", Code);
        var document = (JsonObject)StrictJson.ToNode(body.RequireObjectMember("credential", Code))!;
        if (document.ContainsKey("proof"))
            throw new MalformedDataException(Code, "The credential has a proof already: that is the issuer's to add.");
        RequireIssuer(document, identity.Did);
        var suite = settings?.OptionalString("cryptosuite", Code) ?? DataIntegrityNames.EcdsaRdfc2019;
        var isEddsa = suite is DataIntegrityNames.EddsaRdfc2022 or DataIntegrityNames.EddsaJcs2022;
        if (!isEddsa && suite is not (DataIntegrityNames.EcdsaRdfc2019 or DataIntegrityNames.EcdsaJcs2019 or DataIntegrityNames.EcdsaSd2023 or Enveloped))
            throw new MalformedDataException(Code, "'options.cryptosuite' is eddsa-rdfc-2022, eddsa-jcs-2022, ecdsa-rdfc-2019, ecdsa-jcs-2019, ecdsa-sd-2023 or vc+jwt.");
        if (isEddsa && identity.Ed25519Key is null)
            throw new MalformedDataException(Code, "The issuer is known by an address, not a host name: its identifier is made of its one key, which is not an Ed25519 key.");
        var pointers = settings?.OptionalStringArray("mandatoryPointers", Code) ?? [];
        var now = time.GetUtcNow();
        var row = await RegisterAsync(http, db, statuses, document, settings?.OptionalString("credentialId", Code), options, now, keys);
        var key = isEddsa ? identity.Ed25519Key! : keys.DocumentSigner(now).Key;
        var secured = await SecureAsync(document, suite, pointers, key, identity.VerificationMethodOf(key.PublicKey), now, http.RequestAborted);
        row.DocumentHash = SHA256.HashData(StrictJson.ToUtf8(secured));
        await db.SaveChangesAsync(http.RequestAborted);
        await Answers.JsonAsync(http.Response, new JsonObject { ["verifiableCredential"] = secured }, 201);
    }

    // The form is held against the data model before anything is registered.
    private static void RequireIssuer(JsonObject document, string did)
    {
        // One that is there and null is a mistake, which the data model refuses.
        if (!document.ContainsKey("issuer"))
            document["issuer"] = did;
        var credential = W3cCredential.Parse(StrictJson.ToElement(document), acceptV1: true);
        if (credential.Issuer != did)
            throw new MalformedDataException(Code, $"This issuer is {did}.");
        if (credential.Version == DataModelVersion.V1)
            AddContexts(document);
    }

    // Data Integrity §2.4: data model 1.1 defines neither the terms of a proof nor those of our lists, so what defines them is added.
    private static void AddContexts(JsonObject document)
    {
        var contexts = document["@context"]!.AsArray();
        foreach (var needed in (string[])[W3cNames.DataIntegrityContext, W3cNames.StatusListContext])
        {
            if (!contexts.Any(context => context is JsonValue value && value.TryGetValue<string>(out var url) && url == needed))
                contexts.Add(needed);
        }
    }

    private static async Task<IssuedCredential> RegisterAsync(
        HttpContext http, IssuerDbContext db, StatusIndexes statuses, JsonObject document, string? credentialId, IssuerOptions options, DateTimeOffset now, IssuerKeys keys)
    {
        var ct = http.RequestAborted;
        var credential = W3cCredential.Parse(StrictJson.ToElement(document), acceptV1: true);
        if (credentialId is { Length: > 500 } || credentialId?.Contains('\0') == true)
            throw new MalformedDataException(Code, "'options.credentialId' is longer than 500 characters or contains NUL.");
        var name = credentialId ?? credential.Id;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (list, indexes) = await statuses.ReserveAsync(db, 1, now, ct);
        var id = Secrets.NewId();
        var row = new IssuedCredential
        {
            Id = id,
            OfferId = id,
            ConfigurationId = VcApiRoutes.ConfigurationId,
            Type = credential.MainType,
            Subject = name ?? id,
            // Whoever presents it is known by its subject, not by a key that was proved here.
            HolderKey = "",
            ListId = list,
            ListIndex = indexes[0],
            IssuedAt = now.ToUnixTimeMilliseconds(),
            ExpiresAt = (credential.ValidUntil ?? keys.DocumentSigner(now).Certificate.NotAfter.ToUniversalTime()).ToUnixTimeMilliseconds(),
        };
        db.Credentials.Add(row);
        await AuditLog.AppendAsync(db, now, ApiKeyGate.Actor(http), "credential.issue", id, new JsonObject().With([row]), ct);
        await transaction.CommitAsync(ct);
        var url = StatusUrls.For(options, list);
        // A status that the agency keeps elsewhere stays, beside ours.
        document["credentialStatus"] = new JsonArray(
        [
            .. document["credentialStatus"] is JsonArray several ? several.Select(entry => entry?.DeepClone()) : document["credentialStatus"] is { } one ? [one.DeepClone()] : [],
            .. StatusUrls.BitstringPurposes.Select(purpose => (JsonNode)new BitstringStatusListEntry(purpose, indexes[0], StatusUrls.Bitstring(url, purpose))
            {
                Id = $"{StatusUrls.Bitstring(url, purpose)}#{indexes[0]}",
            }.ToJson()),
        ]);
        return row;
    }

    private static async Task<JsonObject> SecureAsync(
        JsonObject document, string suite, IReadOnlyList<string> pointers, ISigningKey key, string verificationMethod, DateTimeOffset now, CancellationToken ct)
    {
        if (suite == Enveloped)
        {
            var jwt = await W3cIssuer.IssueJwtAsync(new W3cContent { Credential = document, KeyId = verificationMethod, SignedAt = now, Contexts = JsonLdContexts.BuiltIn }, key, ct);
            // Data Model 2.0 §4.12.1
            return new JsonObject { ["@context"] = W3cNames.BaseContext, ["type"] = "EnvelopedVerifiableCredential", ["id"] = $"data:application/vc+jwt,{jwt}" };
        }

        return await W3cIssuer.IssueWithProofAsync(document, new ProofOptions
        {
            Cryptosuite = suite,
            VerificationMethod = verificationMethod,
            Purpose = VerificationRelationship.AssertionMethod,
            Contexts = JsonLdContexts.BuiltIn,
            Created = now,
            MandatoryPointers = suite == DataIntegrityNames.EcdsaSd2023 ? [.. pointers.Union(["/issuer", "/credentialStatus"])] : [],
        }, key, ct);
    }
}
