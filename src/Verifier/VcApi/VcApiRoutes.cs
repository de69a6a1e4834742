using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.W3c;

namespace Credentials.Verifier.VcApi;

/// <summary>
/// The VC API of the W3C Credentials Community Group for verifiers, where <see cref="VerifierHostOptions.VcApi"/> switches it on: for other
/// software of a relying party, behind its key. 200 says accepted, 400 not, each with the whole report.
/// </summary>
internal static class VcApiRoutes
{
    private const string Code = VerifierCodes.RequestMalformed;
    private const int MaxBody = 1 << 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/vc-api/credentials/verify", VerifyCredentialAsync).WithMetadata(RouteAudience.RelyingParty);
        routes.MapPost("/vc-api/presentations/verify", VerifyPresentationAsync).WithMetadata(RouteAudience.RelyingParty);
    }

    private static async Task<IResult> VerifyCredentialAsync(HttpContext http, VerifierDbContext db, Checker checker, CancellationToken ct)
    {
        await ApiKeys.RequireAsync(http, db, ApiScopes.Documents, ct);
        var body = await RequestBody.ReadJsonObjectAsync(http.Request, MaxBody, ct);
        var report = await W3cVerifier.VerifyCredentialAsync(Content(body, "verifiableCredential"), checker.Expect(KeyBindingExpectation.NotRequested), ct);
        return Answer(report);
    }

    private static async Task<IResult> VerifyPresentationAsync(HttpContext http, VerifierDbContext db, Checker checker, CancellationToken ct)
    {
        await ApiKeys.RequireAsync(http, db, ApiScopes.Documents, ct);
        var body = await RequestBody.ReadJsonObjectAsync(http.Request, MaxBody, ct);
        var options = body.OptionalObject("options", Code);
        var binding = (options?.OptionalString("challenge", Code), options?.OptionalString("domain", Code)) switch
        {
            (null, null) => KeyBindingExpectation.NotRequested,
            ({ Length: > 0 } challenge, { Length: > 0 } domain) => KeyBindingExpectation.Required(domain, challenge),
            _ => throw RequestRefusal.Invalid(Code, "'challenge' and 'domain' go together: a presentation is bound to both."),
        };
        var report = await W3cVerifier.VerifyPresentationAsync(Content(body, "verifiablePresentation"), checker.Expect(binding), ct);
        return Answer(report);
    }

    // An object, or the text of what is enveloped. An object in a text is neither: what has a proof inside it is a map (Data Integrity §4.5).
    private static ReadOnlyMemory<byte> Content(JsonElement body, string name) => body.Member(name) switch
    {
        { ValueKind: JsonValueKind.Object } document => Encoding.UTF8.GetBytes(document.GetRawText()),
        { ValueKind: JsonValueKind.String } text when !text.GetString()!.TrimStart().StartsWith('{') => SecuredText.ToContent(text.GetString()!),
        _ => throw RequestRefusal.Invalid(Code, $"'{name}' is missing, or neither an object nor a text."),
    };

    private static IResult Answer(VerificationReport report)
    {
        var faults = report.Parts.Prepend(report).SelectMany(part => part.Checks)
            .Where(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate);
        var json = new JsonObject
        {
            ["verified"] = report.IsAccepted,
            ["problemDetails"] = new JsonArray([.. faults.Select(check => (JsonNode)new JsonObject { ["type"] = ProblemType(check.Id), ["title"] = check.Id, ["detail"] = check.Code })]),
            ["report"] = report.ToJson(),
        };
        return Results.Json(json, statusCode: report.IsAccepted ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    // Data Model 2.0 §7.2
    private static string ProblemType(string check) => "https://www.w3.org/TR/vc-data-model#" + check switch
    {
        W3cChecks.Format => "PARSING_ERROR",
        W3cChecks.IssuerKey or W3cChecks.IssuerSignature or W3cPresentationChecks.HolderKey or W3cPresentationChecks.HolderSignature => "CRYPTOGRAPHIC_SECURITY_ERROR",
        W3cChecks.Validity => "RANGE_ERROR",
        _ => "MALFORMED_VALUE_ERROR",
    };

    /// <summary>Whom and what this verifier trusts.</summary>
    internal sealed class Checker(VerifierHostOptions options, TrustStore trust, StatusListClient status, SignerRevocation revocation, W3cSupport w3c)
    {
        public W3cExpectations Expect(KeyBindingExpectation binding) => new()
        {
            Trust = trust,
            Now = options.Time.GetUtcNow(),
            Binding = binding,
            Status = new StatusPolicy(StatusMode.Online, options.StatusMaxAge) { MaxOfflineAge = options.OfflineMaxAge },
            StatusClient = status,
            Revocation = revocation,
            BitstringStatusClient = w3c.StatusListClient,
            Identifiers = w3c.Identifiers,
            HolderIdentifiers = w3c.HolderIdentifiers,
            JsonLdContexts = w3c.Contexts,
            AcceptsDataModelV1 = w3c.AcceptsDataModelV1,
        };
    }
}
