using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Issuer.Http;
using Credentials.JsonLd;

namespace Credentials.Issuer.VcApi;

/// <summary><c>POST /vc-api/credentials/derive</c>: cuts a credential with ecdsa-sd-2023 down to what the pointers point to. Nothing is kept.</summary>
internal static class DeriveCredential
{
    private const string Code = IssuerCodes.VcApi;

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/credentials/derive", HandleAsync);

    private static async Task HandleAsync(HttpContext http)
    {
        var body = await RequestBody.ReadJsonAsync(http);
        var pointers = body.OptionalObject("options", Code)?.OptionalStringArray("selectivePointers", Code) ?? [];
        var derived = DataIntegrityPresenter.Derive(body.RequireObjectMember("verifiableCredential", Code), pointers, JsonLdContexts.BuiltIn);
        await Answers.JsonAsync(http.Response, new JsonObject { ["verifiableCredential"] = derived }, 201);
    }
}
