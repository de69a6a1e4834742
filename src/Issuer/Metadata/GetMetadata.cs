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

/// <summary>The documents that change with the keys at most while the service runs: made once, readable by any web page.</summary>
internal static class GetMetadata
{
    internal const int MaxAgeSeconds = 300;
    private const int LogoMaxAgeSeconds = 365 * 24 * 3600;
    private const string Json = "application/json";

    internal static void Map(
        IEndpointRouteBuilder root, IEndpointRouteBuilder routes, string basePath, IssuerOptions options, CredentialCatalog catalog, CredentialFormats formats,
        IssuerKeys keys, EncryptionKey encryption, AttestationTrust trust, SignInKind signIn, IssuerIdentity identity)
    {
        var logo = options.Logo is { } path ? LogoFile.Read(path) : null;
        foreach (var file in catalog.Types.SelectMany(type => type.Pictures.Values).SelectMany(files => new[] { files.Logo, files.Background }).Append(logo).OfType<LogoFile>().DistinctBy(file => file.Path))
        {
            routes.MapGet(file.Path, (HttpContext http) => Answers.PublicDocumentAsync(http.Response, file.Image.Data, file.Image.MediaType, LogoMaxAgeSeconds));
        }

        // OpenID4VCI §12.2.2, RFC 8414 §3.1: the well-known part goes between host and path.
        SignedMetadata.Map(root, OpenId4VciNames.IssuerWellKnown + basePath, IssuerMetadataDocument.Describe(catalog, formats, encryption, logo, options), keys);
        Document(root, OpenId4VciNames.AuthorizationServerWellKnown + basePath, ServerMetadataDocument.Describe(options, catalog, trust, signIn).ToJson());
        Document(routes, "/jwks", Json, keys.Remember(() => StrictJson.ToUtf8(new JsonObject { ["keys"] = new JsonArray([.. keys.DocumentSigners.Select(Key)]) })));
        foreach (var type in catalog.Types.Where(type => type.Format == CredentialFormat.SdJwtVc))
            Document(routes, $"/types/{type.Id}", TypeMetadata.Describe(type).ToJson());
        // did:web: below the path of the identifier, or under .well-known where it has none.
        if (identity.Document is not null)
            Document(routes, basePath.Length == 0 ? "/.well-known/did.json" : "/did.json", "application/did+json", keys.Remember(() => StrictJson.ToUtf8(StrictJson.ToNode(identity.Document!.Json)!)));
        Document(routes, "/trust/iaca.pem", "application/x-pem-file", keys.Remember(() => Encoding.ASCII.GetBytes(keys.WriteAnchors())));
    }

    internal static void Document(IEndpointRouteBuilder routes, string path, JsonObject json)
    {
        var bytes = StrictJson.ToUtf8(json);
        Document(routes, path, Json, () => bytes);
    }

    private static void Document(IEndpointRouteBuilder routes, string path, string mediaType, Func<byte[]> read) =>
        routes.MapGet(path, (HttpContext http) => Answers.PublicDocumentAsync(http.Response, read(), mediaType, MaxAgeSeconds));

    private static JsonNode Key(Signer signer)
    {
        var jwk = Jwk.Write(signer.PublicKey);
        jwk["use"] = "sig";
        jwk["alg"] = signer.PublicKey.Algorithm.JoseName;
        jwk["kid"] = signer.KeyId;
        jwk["x5c"] = X5c.ToJson(signer.Certificates);
        return jwk;
    }
}
