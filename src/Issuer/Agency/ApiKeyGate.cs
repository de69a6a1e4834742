using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Agency;

/// <summary>Lets through who holds an API key whose role allows the request.</summary>
internal static class ApiKeyGate
{
    private const string Scheme = "Bearer ";

    internal static RouteGroupBuilder MapAgency(IEndpointRouteBuilder routes) => MapGroup(routes, "/agency/v1");

    /// <summary>A group of routes for who holds such a key.</summary>
    internal static RouteGroupBuilder MapGroup(IEndpointRouteBuilder routes, string prefix)
    {
        var group = routes.MapGroup(prefix);
        group.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var db = http.RequestServices.GetRequiredService<IssuerDbContext>();
            http.Items[typeof(ApiKeyGate)] = await RequireAsync(http, db);
            return await next(context);
        });
        return group;
    }

    /// <summary>Who is calling, for the audit log.</summary>
    internal static string Actor(HttpContext http) => ((ApiKey)http.Items[typeof(ApiKeyGate)]!).Id;

    /// <summary>For answers that carry what only agency staff may have, although they are only read.</summary>
    internal static void RequireAgency(HttpContext http)
    {
        if (((ApiKey)http.Items[typeof(ApiKeyGate)]!).Role != ApiKey.AgencyRole)
            throw new AgencyException(403, IssuerCodes.Role, "This API key may not see the secrets of offers.");
    }

    /// <summary>Makes a key and returns it; only its hash is kept.</summary>
    internal static string Create(IssuerDbContext db, string role, DateTimeOffset now, out string id)
    {
        var key = "ak_" + Secrets.NewToken();
        id = Secrets.NewId();
        db.ApiKeys.Add(new ApiKey { Id = id, Hash = Secrets.Hash(key), Role = role, CreatedAt = now.ToUnixTimeMilliseconds() });
        return key;
    }

    private static async Task<ApiKey> RequireAsync(HttpContext http, IssuerDbContext db)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { Length: <= 200 } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new AgencyException(401, IssuerCodes.ApiKey, "An API key is needed.");
        var hash = Secrets.Hash(value[Scheme.Length..].Trim());
        var key = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Hash == hash && k.RevokedAt == null, http.RequestAborted)
            ?? throw new AgencyException(401, IssuerCodes.ApiKey, "The API key is unknown or revoked.");
        if (key.Role != ApiKey.AgencyRole && !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
            throw new AgencyException(403, IssuerCodes.Role, "This API key may only read.");
        return key;
    }
}
