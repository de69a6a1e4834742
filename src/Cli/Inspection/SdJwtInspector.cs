using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.SdJwt;

namespace Credentials.Cli.Inspection;

/// <summary>An SD-JWT with its disclosures, and the key binding where it is a presentation.</summary>
internal static class SdJwtInspector
{
    internal static JsonObject Describe(string text)
    {
        var credential = SdJwtCredential.Parse(text);
        var claims = credential.ProcessUnverified();
        var description = Inspector.Kind(credential.KeyBindingJwt is null ? "SD-JWT" : "SD-JWT presentation");
        description["issuer_jwt"] = TokenInspector.DescribeParts(credential.IssuerJwt.Text);
        description["claims"] = StrictJson.ToNode(claims.Claims);
        description["disclosures"] = new JsonArray([.. claims.Disclosed.Select(Describe)]);
        if (credential.KeyBindingJwt is { } binding)
            description["key_binding_jwt"] = TokenInspector.DescribeParts(binding);
        return description;
    }

    private static JsonObject Describe(DisclosedClaim claim) => new()
    {
        ["path"] = claim.Path.ToJson(),
        ["value"] = StrictJson.ToNode(claim.Disclosure.Value),
    };
}
