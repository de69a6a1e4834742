using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.JsonLd;
using Credentials.W3c;

namespace Credentials.Issuer.VcApi;

/// <summary>
/// <c>POST /vc-api/presentations</c> and <c>/vc-api/presentations/prove</c>: proves a presentation of data model 2.0 with the key that this service
/// has as a holder. Nothing is kept.
/// </summary>
internal static class ProvePresentation
{
    private const string Code = IssuerCodes.VcApi;

    internal static void Map(IEndpointRouteBuilder group)
    {
        group.MapPost("/presentations", HandleAsync);
        group.MapPost("/presentations/prove", HandleAsync);
    }

    private static async Task HandleAsync(HttpContext http, IssuerKeys keys, TimeProvider time)
    {
        var body = await RequestBody.ReadJsonAsync(http);
        var options = body.OptionalObject("options", Code);
        var key = keys.HolderKey;
        var holder = DidKey.Create(key.PublicKey);
        var document = (JsonObject)StrictJson.ToNode(body.RequireObjectMember("presentation", Code))!;
        if (!document.ContainsKey("holder"))
            document["holder"] = holder;
        var presentation = W3cPresentation.Parse(StrictJson.ToElement(document));
        if (presentation.Holder != holder)
            throw new MalformedDataException(Code, $"This holder is {holder}.");
        var proved = await DataIntegrityIssuer.AddProofAsync(StrictJson.ToElement(document), new ProofOptions
        {
            Cryptosuite = DataIntegrityNames.EcdsaRdfc2019,
            VerificationMethod = DidKey.VerificationMethodOf(holder),
            Purpose = VerificationRelationship.Authentication,
            Contexts = JsonLdContexts.BuiltIn,
            Created = time.GetUtcNow(),
            Domains = options?.OptionalString("domain", Code) is { } domain ? [domain] : [],
            Challenge = options?.OptionalString("challenge", Code),
        }, key, http.RequestAborted);
        await Answers.JsonAsync(http.Response, new JsonObject { ["verifiablePresentation"] = proved }, 201);
    }
}
