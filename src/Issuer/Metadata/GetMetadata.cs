using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Authorization;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Formats;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Jose;
using Credentials.OpenId4Vci;
using Credentials.X509;

namespace Credentials.Issuer.Metadata;

/// <summary>The documents that never change while the service runs: made once, readable by any web page.</summary>
internal static class GetMetadata
{
    internal const int MaxAgeSeconds = 300;
    private const string Json = "application/json";

    internal static void Map(
        IEndpointRouteBuilder root, IEndpointRouteBuilder routes, string basePath, IssuerOptions options, CredentialCatalog catalog, CredentialFormats formats,
        IssuerKeys keys, EncryptionKey encryption, AttestationTrust trust, SignInKind signIn, IssuerIdentity identity)
    {
        // OpenID4VCI §12.2.2, RFC 8414 §3.1: the well-known part goes between host and path.
        SignedMetadata.Map(root, OpenId4VciNames.IssuerWellKnown + basePath, IssuerMetadataDocument.Describe(catalog, formats, encryption, options), keys);
        Document(root, OpenId4VciNames.AuthorizationServerWellKnown + basePath, ServerMetadataDocument.Describe(options, catalog, trust, signIn).ToJson());
        Document(routes, "/jwks", new JsonObject { ["keys"] = new JsonArray(Key(keys)) });
        foreach (var type in catalog.Types.Where(type => type.Format == CredentialFormat.SdJwtVc))
            Document(routes, $"/types/{type.Id}", TypeMetadata.Describe(type).ToJson());
        if (identity.Document is { } document)
        {
            // did:web: below the path of the identifier, or under .well-known where it has none.
            var did = StrictJson.ToUtf8(StrictJson.ToNode(document.Json)!);
            routes.MapGet(basePath.Length == 0 ? "/.well-known/did.json" : "/did.json", (HttpContext http) => Answers.PublicDocumentAsync(http.Response, did, "application/did+json", MaxAgeSeconds));
        }

        var pem = Encoding.ASCII.GetBytes(keys.Root.ExportCertificatePem() + "\n");
        routes.MapGet("/trust/iaca.pem", (HttpContext http) => Answers.PublicDocumentAsync(http.Response, pem, "application/x-pem-file", MaxAgeSeconds));
    }

    internal static void Document(IEndpointRouteBuilder routes, string path, JsonObject json)
    {
        var bytes = StrictJson.ToUtf8(json);
        routes.MapGet(path, (HttpContext http) => Answers.PublicDocumentAsync(http.Response, bytes, Json, MaxAgeSeconds));
    }

    private static JsonObject Key(IssuerKeys keys)
    {
        var jwk = Jwk.Write(keys.CredentialKey.PublicKey);
        jwk["use"] = "sig";
        jwk["alg"] = keys.CredentialKey.PublicKey.Algorithm.JoseName;
        jwk["kid"] = Jwk.Thumbprint(keys.CredentialKey.PublicKey);
        jwk["x5c"] = X5c.ToJson([keys.CredentialCertificate]);
        return jwk;
    }
}
