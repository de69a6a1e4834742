using System.Text.Json;
using Credentials.Codecs;
using Credentials.JsonLd;

namespace Credentials.W3c;

/// <summary>That a document says nothing which its contexts do not define (Data Model 2.0 §5.2.1, Appendix B.1).</summary>
internal static class DefinedTerms
{
    // VC-JOSE-COSE §3.1.3: claims of the signature stand beside the document and mean what IANA's registries say.
    private static readonly string[] s_claimsOfTheSignature =
    [
        W3cNames.JwtIssuer, W3cNames.JwtSubject, W3cNames.JwtAudience, W3cNames.JwtExpires, W3cNames.JwtNotBefore, W3cNames.JwtIssuedAt, W3cNames.JwtId,
        W3cNames.JwtNonce, "cnf", "status",
    ];

    /// <summary>Holds a document against the contexts.</summary>
    /// <exception cref="CredentialException">A <c>jsonld.…</c> code: a term or context is not known, or redefines one that is protected.</exception>
    public static void Check(JsonElement document, JsonLdContexts contexts)
    {
        if (s_claimsOfTheSignature.Any(name => document.TryGetProperty(name, out _)))
        {
            var without = StrictJson.ToNode(document)!.AsObject();
            foreach (var name in s_claimsOfTheSignature) without.Remove(name);
            document = StrictJson.ToElement(without);
        }

        _ = JsonLdProcessor.Expand(document, contexts);
    }
}
