using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Policies;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.Documents;

/// <summary><c>POST /documents/verify</c>: checks a document that is at hand, without a wallet. Nothing is stored.</summary>
internal static class VerifyDocument
{
    private const string Code = VerifierCodes.RequestMalformed;
    private const int MaxBody = 1 << 20;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/documents/verify", HandleAsync).WithMetadata(RouteAudience.RelyingParty);

    private static async Task<IResult> HandleAsync(
        HttpContext http, VerifierDbContext db, DocumentVerification verification, CancellationToken ct)
    {
        var party = await ApiKeys.RequireAsync(http, db, ApiScopes.Documents, ct);
        var body = await RequestBody.ReadJsonObjectAsync(http.Request, MaxBody, ct);
        if (body.EnumerateObject().Any(m => m.Name is not ("document" or "policy")))
            throw RequestRefusal.Invalid(VerifierCodes.RequestUnknownMember, "The request has a member that is not known here.");
        var text = ToText(body.RequireString("document", Code).Trim());
        var report = await verification.VerifyAsync(text, Policy(body, party.Policies), ct);
        var json = report.ToJson();
        var told = StrictJson.ToElement(json);
        json["credentials"] = TransactionDocument.Credentials(told);
        json["reasons"] = TransactionDocument.Reasons(told);
        return Results.Json(json);
    }

    private static Policy? Policy(JsonElement body, PolicyCatalog policies) => body.OptionalString("policy", Code) is { } name
        ? policies.Find(name) ?? throw RequestRefusal.Invalid(VerifierCodes.PolicyUnknown, "There is no policy of this name.")
        : null;

    /// <summary>The contract takes text, or base64url of bytes: of an mdoc, which stays so, or of a text.</summary>
    private static string ToText(string document) =>
        DocumentText.FormatOf(document) is not (CredentialFormat.Mdoc or CredentialFormat.VcCose) && StrictBase64Url.TryDecode(document, out var bytes) ? Encoding.UTF8.GetString(bytes) : document;
}
