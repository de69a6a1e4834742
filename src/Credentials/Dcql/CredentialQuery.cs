using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>One credential that is asked for (OpenID4VP 1.0 §6.1).</summary>
public sealed record CredentialQuery
{
    /// <summary>The name of this query in the response and in credential sets.</summary>
    public required string Id { get; init; }

    /// <summary>Credential format identifier. A query for a format that this implementation does not know matches nothing.</summary>
    public required string Format { get; init; }

    /// <summary>The format's own constraints, as received; for <c>dc+sd-jwt</c> it has <c>vct_values</c> (B.3.5).</summary>
    public required JsonElement Meta { get; init; }

    /// <summary>True if more than one credential may be returned.</summary>
    public bool Multiple { get; init; }

    /// <summary>Authorities of which one must certify the issuer; null for any.</summary>
    public IReadOnlyList<TrustedAuthoritiesQuery>? TrustedAuthorities { get; init; }

    /// <summary>False if the verifier also takes a presentation without proof of possession.</summary>
    public bool RequireHolderBinding { get; init; } = true;

    /// <summary>The claims asked for; null asks for nothing that is selectively disclosable.</summary>
    public IReadOnlyList<ClaimsQuery>? Claims { get; init; }

    /// <summary>Combinations of claim ids of which one is asked for, best first; null asks for all <see cref="Claims"/>.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? ClaimSets { get; init; }

    /// <summary>The types that <see cref="Meta"/> allows, for showing: of each alternative the last, which says most; empty if it names none.</summary>
    public IReadOnlyList<string> Types => [.. (DcqlFormat.Find(Format)?.Types(Meta) ?? []).Select(all => all[^1])];

    internal static CredentialQuery Parse(JsonElement json)
    {
        var name = json.RequireString(DcqlNames.Format, DcqlCodes.Malformed);
        var format = DcqlFormat.Find(name);
        var meta = json.RequireObjectMember(DcqlNames.Meta, DcqlCodes.Malformed);
        format?.Types(meta);
        var claims = DcqlReader.List(json, DcqlNames.Claims, DcqlLimits.Claims, claim => ClaimsQuery.Parse(claim, format));
        return new CredentialQuery
        {
            Id = DcqlReader.Id(json),
            Format = name,
            Meta = meta,
            Multiple = json.OptionalBoolean(DcqlNames.Multiple, DcqlCodes.Malformed) ?? false,
            TrustedAuthorities = DcqlReader.List(
                json, DcqlNames.TrustedAuthorities, DcqlLimits.TrustedAuthorities, TrustedAuthoritiesQuery.Parse),
            RequireHolderBinding = json.OptionalBoolean(DcqlNames.RequireHolderBinding, DcqlCodes.Malformed) ?? true,
            Claims = claims,
            ClaimSets = ParseClaimSets(json, claims),
        };
    }

    private static IReadOnlyList<IReadOnlyList<string>>? ParseClaimSets(JsonElement json, IReadOnlyList<ClaimsQuery>? claims)
    {
        var ids = DcqlReader.Distinct((claims ?? []).Select(claim => claim.Id).OfType<string>());
        var reference = DcqlReader.Reference(ids);
        var sets = DcqlReader.List(json, DcqlNames.ClaimSets, DcqlLimits.Sets,
            set => DcqlReader.Elements(set, DcqlNames.ClaimSets, DcqlLimits.Claims, reference));
        // §6.3: every claim has an id where there are claim sets; §6.4.1: there are none without claims.
        if (sets is not null && ids.Count != claims?.Count) throw DcqlReader.Malformed("claim_sets needs claims that all have an id");
        return sets;
    }

    /// <summary>
    /// The combinations of claims of which one is to be returned, best first (§6.4.1). A claim asked for twice counts once.
    /// </summary>
    internal IEnumerable<IReadOnlyList<ClaimsQuery>> Alternatives()
    {
        if (Claims is null) return [[]];
        if (ClaimSets is null) return [[.. Claims.DistinctBy(claim => claim.Path)]];
        var byId = Claims.ToDictionary(claim => claim.Id!, StringComparer.Ordinal);
        return ClaimSets.Select(set => (IReadOnlyList<ClaimsQuery>)[.. set.Select(id => byId[id]).DistinctBy(claim => claim.Path)]);
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            [DcqlNames.Id] = Id,
            [DcqlNames.Format] = Format,
            [DcqlNames.Meta] = StrictJson.ToNode(Meta),
        };
        if (Multiple) json[DcqlNames.Multiple] = true;
        if (!RequireHolderBinding) json[DcqlNames.RequireHolderBinding] = false;
        if (TrustedAuthorities is not null)
            json[DcqlNames.TrustedAuthorities] = new JsonArray([.. TrustedAuthorities.Select(authority => authority.ToJson())]);
        if (Claims is not null) json[DcqlNames.Claims] = new JsonArray([.. Claims.Select(claim => claim.ToJson())]);
        if (ClaimSets is not null) json[DcqlNames.ClaimSets] = new JsonArray([.. ClaimSets.Select(DcqlReader.Strings)]);
        return json;
    }
}
