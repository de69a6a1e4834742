using System.Text.Json;
using Credentials.Codecs;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Catalog;

/// <summary>Reads one catalog file. What is wrong in it stops the service with a sentence that says what and where.</summary>
internal static class CatalogFile
{
    private const string Code = IssuerCodes.Catalog;

    private static readonly HashSet<string> _reserved = ["iss", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "_sd", "_sd_alg", "...", "sub", "jti", "aud", "aka_vcts"];

    internal static CredentialType Parse(ReadOnlySpan<byte> utf8)
    {
        var json = StrictJson.ParseObject(utf8, JsonLimits.Default, Code);
        RefuseUnknown(json, "id", "format", "vct", "validity", "display", "claims");
        var id = json.RequireString("id", Code);
        if (id.Length is 0 or > 64 || id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
            throw Bad("'id' must be 1 to 64 letters, digits, '_', '-' or '.'.");
        if (json.RequireString("format", Code) != CredentialFormat.SdJwtVc)
            throw Bad($"'format' must be {CredentialFormat.SdJwtVc}.");
        var vct = json.RequireString("vct", Code);
        if (!Uri.TryCreate(vct, UriKind.Absolute, out _) || vct.Any(c => c is <= ' ' or >= '\u007f'))
            throw Bad("'vct' must be a URI.");
        var claims = ReadClaims(json.RequireArray("claims", Code), topLevel: true);
        var validity = json.RequireObjectMember("validity", Code);
        RefuseUnknown(validity, "days", "not_after_claim");
        if (validity.OptionalIndex("days", Code) is not (>= 1 and <= 3660 and var days))
            throw Bad("'validity.days' must be 1 to 3660.");
        var notAfter = validity.OptionalString("not_after_claim", Code);
        if (notAfter is not null && !claims.Any(c => c is { Kind: ClaimKind.Date, Mandatory: true } && c.Name == notAfter))
            throw Bad("'validity.not_after_claim' must name a mandatory date claim.");
        foreach (var age in claims.Where(c => c.Kind == ClaimKind.AgeOver))
        {
            if (!claims.Any(c => c is { Kind: ClaimKind.Date, Mandatory: true } && c.Name == age.BirthDateClaim))
                throw Bad($"'birth_date' of '{age.Name}' must name a mandatory date claim.");
        }

        var display = DisplayText.ParseAll(json, Code);
        if (display.Count == 0 || display.Any(d => d.Name is null || d.Locale is null))
            throw Bad("'display' needs at least one entry, each with name and locale.");
        if (display.Any(d => !IsColour(d.BackgroundColor) || !IsColour(d.TextColor)))
            throw Bad("Colours are written #rrggbb.");
        return new CredentialType
        {
            Id = id,
            Format = CredentialFormat.SdJwtVc,
            Vct = vct,
            ValidDays = (int)days,
            NotAfterClaim = notAfter,
            Display = display,
            Claims = claims,
        };
    }

    private static List<ClaimDefinition> ReadClaims(JsonElement array, bool topLevel)
    {
        var claims = array.EnumerateArray().Select(item => ReadClaim(item, topLevel)).ToList();
        if (claims.Count is 0 or > 100 || claims.DistinctBy(c => c.Name).Count() != claims.Count)
            throw Bad("Claims must be 1 to 100 with different names.");
        return claims;
    }

    private static ClaimDefinition ReadClaim(JsonElement json, bool topLevel)
    {
        json.RequireObject(Code);
        RefuseUnknown(json, "name", "type", "mandatory", "disclosable", "disclosable_elements", "display", "members", "years", "birth_date");
        var name = json.RequireString("name", Code);
        if (name.Length is 0 or > 64 || name.Any(char.IsControl) || _reserved.Contains(name))
            throw Bad("A claim has no usable 'name' (registered names are the issuer's own).");
        var kind = ReadKind(json, name);
        var hasMembers = kind is ClaimKind.Object or ClaimKind.List;
        if (hasMembers != (json.OptionalArray("members", Code) is not null))
            throw Bad($"'members' belong to objects and lists only: '{name}'.");
        if (kind == ClaimKind.AgeOver && (!topLevel || json.OptionalIndex("years", Code) is not (>= 1 and <= 120) || json.OptionalString("birth_date", Code) is null))
            throw Bad($"'{name}' needs 'years' (1 to 120) and 'birth_date', at top level.");
        var elements = json.OptionalBoolean("disclosable_elements", Code) ?? false;
        if (elements && kind != ClaimKind.List)
            throw Bad($"'disclosable_elements' belongs to lists only: '{name}'.");
        return new ClaimDefinition
        {
            Name = name,
            Kind = kind,
            Mandatory = json.OptionalBoolean("mandatory", Code) ?? false,
            Disclosable = json.OptionalBoolean("disclosable", Code) ?? true,
            DisclosableElements = elements,
            Members = hasMembers ? ReadClaims(json.RequireArray("members", Code), topLevel: false) : [],
            Years = (int)(json.OptionalIndex("years", Code) ?? 0),
            BirthDateClaim = json.OptionalString("birth_date", Code),
            Display = [.. json.RequireObjectMember("display", Code).EnumerateObject().Select(d => new DisplayText(json.GetProperty("display").RequireString(d.Name, Code), d.Name))],
        };
    }

    private static ClaimKind ReadKind(JsonElement json, string name) => json.RequireString("type", Code) switch
    {
        "text" => ClaimKind.Text,
        "date" => ClaimKind.Date,
        "country" => ClaimKind.Country,
        "image" => ClaimKind.Image,
        "flag" => ClaimKind.Flag,
        "number" => ClaimKind.Number,
        "object" => ClaimKind.Object,
        "list" => ClaimKind.List,
        "age_over" => ClaimKind.AgeOver,
        _ => throw Bad($"The type of claim '{name}' is unknown."),
    };

    private static bool IsColour(string? text) => text is null || (text.Length == 7 && text[0] == '#' && text.Skip(1).All(char.IsAsciiHexDigit));

    private static void RefuseUnknown(JsonElement json, params ReadOnlySpan<string> known)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                throw Bad($"'{member.Name}' is not a member of a catalog file.");
        }
    }

    private static MalformedDataException Bad(string message) => new(Code, message);
}
