using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Issuer.Catalog;

/// <summary>Where the claims of a type come from when an offer does not bring them: asked with the agency's reference to the person.</summary>
internal abstract record ClaimsSource
{
    private const string Code = CatalogFile.Code;

    /// <summary>A table whose <paramref name="Key"/> column holds the reference.</summary>
    internal sealed record Csv(string File, string Key) : ClaimsSource;

    /// <summary>A query with the parameter <c>@subject</c>, in a database that the operator has named.</summary>
    internal sealed record Sql(string Database, string Query) : ClaimsSource;

    /// <summary>An address with <c>{subject}</c> that answers with a JSON object; the token's value is the operator's.</summary>
    internal sealed record Http(string Url, string? Token) : ClaimsSource;

    /// <param name="folder">Where the catalog file is: a table is named from there.</param>
    internal static ClaimsSource Read(JsonElement json, string folder)
    {
        var type = json.RequireString("type", Code);
        switch (type)
        {
            case "csv":
                CatalogFile.RefuseUnknown(json, "type", "file", "key");
                return new Csv(Path.GetFullPath(json.RequireString("file", Code), folder), json.RequireString("key", Code));
            case "sql":
                CatalogFile.RefuseUnknown(json, "type", "database", "query");
                var query = json.RequireString("query", Code);
                return query.Contains("@subject", StringComparison.Ordinal)
                    ? new Sql(json.RequireString("database", Code), query)
                    : throw CatalogFile.Bad("'query' does not use @subject: it would answer with anybody's claims.");
            case "http":
                CatalogFile.RefuseUnknown(json, "type", "url", "token");
                var url = json.RequireString("url", Code);
                return url.Contains("{subject}", StringComparison.Ordinal) && Uri.TryCreate(url.Replace("{subject}", "x", StringComparison.Ordinal), UriKind.Absolute, out _)
                    ? new Http(url, json.OptionalString("token", Code))
                    : throw CatalogFile.Bad("'url' must be an absolute URL with {subject} in it.");
            default:
                throw CatalogFile.Bad("The type of 'source' is csv, sql or http.");
        }
    }
}
