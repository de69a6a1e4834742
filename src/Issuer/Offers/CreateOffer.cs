using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Authorization;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Formats;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;

namespace Credentials.Issuer.Offers;

/// <summary><c>POST /agency/v1/offers</c>: claims in, offer out. The transaction code is told here, once, to be sent by another way.</summary>
internal static class CreateOffer
{
    private const string Code = IssuerCodes.Request;

    internal static void Map(IEndpointRouteBuilder agency) => agency.MapPost("/offers", HandleAsync);

    private static async Task HandleAsync(
        HttpContext http, IssuerDbContext db, CredentialCatalog catalog, CredentialFormats formats, ClaimsLookup sources, IssuerKeys keys, IssuerOptions options,
        SignInKind kind, TimeProvider time, Metrics metrics)
    {
        var body = await RequestBody.ReadJsonAsync(http);
        var now = time.GetUtcNow();
        var ids = ReadIds(body, catalog);
        var byAuthorization = ReadGrant(body, options, kind);
        var subject = body.OptionalString("subject", Code);
        if (subject is { Length: 0 or > 200 } || subject?.Contains('\0') == true)
            throw new MalformedDataException(Code, "'subject' must be 1 to 200 characters.");

        List<CredentialType> types = [.. ids.Select(id => catalog.Find(id)!)];
        var given = body.OptionalObject("claims", Code) ?? StrictJson.ToElement(new JsonObject());
        var (filled, later) = await FillAsync(given, types, subject, sources, http.RequestAborted);
        var claims = OfferClaims.Read(filled, [.. types.Except(later)], formats, now);
        var (offer, txCode) = New(
            ids, claims, subject, body.OptionalBoolean("tx_code", Code) == true, options.OfferLifetime, keys, options, now,
            byAuthorization, body.OptionalBoolean("needs_approval", Code) == true);
        await SaveAsync(db, offer, ApiKeyGate.Actor(http), now, metrics, http.RequestAborted);
        await Answers.JsonAsync(http.Response, Describe(offer, txCode, keys, options), StatusCodes.Status201Created);
    }

    /// <summary>The given claims and, for types that have none, those of their sources; and the types whose source needs time, which wallets wait for (OpenID4VCI §9).</summary>
    private static async Task<(JsonElement Claims, List<CredentialType> Later)> FillAsync(JsonElement given, List<CredentialType> types, string? subject, ClaimsLookup sources, CancellationToken ct)
    {
        var missing = types.Where(type => type.Source is not null && given.Member(type.Id) is null && (type.Dataset is null || given.Member(type.Dataset) is null)).ToList();
        if (missing.Count == 0)
            return (given, []);
        if (subject is null)
            throw new MalformedDataException(Code, "'subject' is missing, by which the claims source is asked.");
        var all = (JsonObject)StrictJson.ToNode(given)!;
        var later = new List<CredentialType>();
        foreach (var type in missing)
        {
            if ((await sources.FindAsync(type, subject, ct)).Claims is { } claims)
                all[type.Id] = claims;
            else
                later.Add(type);
        }

        return (StrictJson.ToElement(all), later);
    }

    /// <summary>An offer that is still to be saved, and its transaction code.</summary>
    internal static (Offer Offer, string? TxCode) New(
        IReadOnlyList<string> ids, JsonObject claims, string? subject, bool asksTxCode, TimeSpan lifetime, IssuerKeys keys, IssuerOptions options, DateTimeOffset now,
        bool byAuthorization = false, bool needsApproval = false)
    {
        var id = Secrets.NewId();
        var secrets = OfferSecrets.For(keys, id);
        var txCode = asksTxCode ? OfferSecrets.TxCode(keys, id, options.TxCodeLength) : null;
        return (new Offer
        {
            Id = id,
            ByAuthorization = byAuthorization,
            NeedsApproval = needsApproval,
            CodeHash = Secrets.Hash(byAuthorization ? secrets.IssuerState : secrets.Code),
            ReferenceHash = Secrets.Hash(secrets.Reference),
            PageHash = Secrets.Hash(secrets.Page),
            TxCodeHash = txCode is null ? null : OfferSecrets.HashTxCode(keys, id, txCode),
            ConfigurationIds = OfferView.WriteIds(ids),
            Claims = StrictJson.ToText(claims),
            Subject = subject,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            ExpiresAt = (now + lifetime).ToUnixTimeMilliseconds(),
        }, txCode);
    }

    private static JsonObject Describe(Offer offer, string? txCode, IssuerKeys keys, IssuerOptions options) => new()
    {
        ["offer_id"] = offer.Id,
        ["offer_uri"] = OfferView.Link(offer, keys, options),
        ["offer"] = OfferView.ToWallet(offer, keys, options).ToJson(),
        ["tx_code"] = txCode,
        ["page"] = OfferView.Page(offer, keys, options),
        ["expires_at"] = Paging.Time(offer.ExpiresAt),
    };

    internal static async Task SaveAsync(IssuerDbContext db, Offer offer, string actor, DateTimeOffset now, Metrics metrics, CancellationToken ct)
    {
        db.Offers.Add(offer);
        var detail = new JsonObject { ["credential_configuration_ids"] = StrictJson.ToNode(StrictJson.Parse(offer.ConfigurationIds)) };
        await AuditLog.AppendAsync(db, now, actor, "offer.create", offer.Id, detail, ct);
        metrics.Count("issuer_offers_created_total");
    }

    private static bool ReadGrant(JsonElement body, IssuerOptions options, SignInKind kind)
    {
        switch (body.OptionalString("grant", Code))
        {
            case null or "pre-authorized_code":
                return false;
            case "authorization_code" when !HolderSignIn.IsServed(options, kind):
                throw new MalformedDataException(Code, "'grant' can be 'authorization_code' only where people can sign in.");
            case "authorization_code" when body.OptionalBoolean("tx_code", Code) == true:
                throw new MalformedDataException(Code, "'tx_code' goes with the grant 'pre-authorized_code'.");
            case "authorization_code":
                return true;
            default:
                throw new MalformedDataException(Code, "'grant' must be 'pre-authorized_code' or 'authorization_code'.");
        }
    }

    private static IReadOnlyList<string> ReadIds(JsonElement body, CredentialCatalog catalog)
    {
        var ids = body.OptionalStringArray("credential_configuration_ids", Code);
        if (ids is null or { Count: 0 or > 20 } || ids.Distinct(StringComparer.Ordinal).Count() != ids.Count)
            throw new MalformedDataException(Code, "'credential_configuration_ids' must be 1 to 20 different ids.");
        return ids.All(id => catalog.Find(id) is not null)
            ? ids
            : throw new MalformedDataException(IssuerCodes.UnknownConfiguration, "A credential configuration id is unknown here.");
    }
}
