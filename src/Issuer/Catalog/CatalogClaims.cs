using System.Text.Json;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Catalog;

/// <summary>Reads the claims of a catalog file for one format.</summary>
internal sealed class CatalogClaims(string format, string? cryptosuite)
{
    private const string Code = CatalogFile.Code;

    private static readonly HashSet<string> _reserved = ["iss", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "_sd", "_sd_alg", "...", "sub", "jti", "aud", "aka_vcts"];

    // What stands in the subject beside the claims, and what JSON-LD reads as its own.
    private static readonly HashSet<string> _reservedInSubject = ["id", "type"];

    private readonly bool _isW3c = CredentialFormat.IsW3c(format);

    private readonly bool _isMdoc = format == CredentialFormat.Mdoc;

    internal IReadOnlyList<ClaimDefinition> Read(JsonElement array)
    {
        var claims = ReadAll(array, topLevel: true);
        if (!_isMdoc)
            return claims;
        if (claims.DistinctBy(c => (c.Namespace, c.Element)).Count() != claims.Count)
            throw CatalogFile.Bad("Two claims are the same data element.");
        // An offer may give claims by namespace: then a member's name must tell which of the two it is.
        if (claims.Any(c => claims.Any(other => other.Namespace == c.Name)))
            throw CatalogFile.Bad("A claim has the name of a namespace.");
        return claims;
    }

    private List<ClaimDefinition> ReadAll(JsonElement array, bool topLevel)
    {
        var claims = array.EnumerateArray().Select(item => CatalogFault.At(item, () => ReadClaim(item, topLevel))).ToList();
        if (claims.Count is 0 or > 100 || claims.DistinctBy(c => c.Name).Count() != claims.Count)
            throw CatalogFile.Bad("Claims must be 1 to 100 with different names.");
        return claims;
    }

    private ClaimDefinition ReadClaim(JsonElement json, bool topLevel)
    {
        json.RequireObject(Code);
        CatalogFile.RefuseUnknown(
            json, "name", "type", "namespace", "element", "mandatory", "disclosable", "disclosable_elements", "display", "members", "years", "birth_date", "country");
        var name = json.RequireString("name", Code);
        if (!IsName(name) || (_isW3c ? _reservedInSubject.Contains(name) || name.StartsWith('@') : !_isMdoc && _reserved.Contains(name)))
            throw CatalogFile.Bad("A claim has no usable 'name' (registered names are the issuer's own).");
        var kind = ReadKind(json, name);
        var hasMembers = kind is ClaimKind.Object or ClaimKind.List;
        if (hasMembers != (json.OptionalArray("members", Code) is not null))
            throw CatalogFile.Bad($"'members' belong to objects and lists only: '{name}'.");
        CheckWorkedOut(json, name, kind, topLevel);
        var elements = json.OptionalBoolean("disclosable_elements", Code) ?? false;
        if (elements && kind != ClaimKind.List)
            throw CatalogFile.Bad($"'disclosable_elements' belongs to lists only: '{name}'.");
        if (_isMdoc && (json.TryGetProperty("disclosable", out _) || elements))
            throw CatalogFile.Bad($"Data elements of an mdoc are disclosed one by one, and whole: '{name}'.");
        if (_isW3c && (elements || (json.TryGetProperty("disclosable", out _) && !(topLevel && cryptosuite == DataIntegrityNames.EcdsaSd2023))))
            throw CatalogFile.Bad($"Of W3C credentials, claims of those with {DataIntegrityNames.EcdsaSd2023} are disclosed one by one, at top level: '{name}'.");
        return new ClaimDefinition
        {
            Name = name,
            Kind = kind,
            Namespace = ReadNamespace(json, name, topLevel),
            Element = json.OptionalString("element", Code) ?? name,
            Mandatory = json.OptionalBoolean("mandatory", Code) ?? false,
            Disclosable = json.OptionalBoolean("disclosable", Code) ?? true,
            DisclosableElements = elements,
            Members = hasMembers ? ReadAll(json.RequireArray("members", Code), topLevel: false) : [],
            Years = (int)(json.OptionalIndex("years", Code) ?? 0),
            BirthDateClaim = json.OptionalString("birth_date", Code),
            CountryClaim = json.OptionalString("country", Code),
            Display = [.. json.RequireObjectMember("display", Code).EnumerateObject().Select(d => new DisplayText(json.GetProperty("display").RequireString(d.Name, Code), d.Name))],
        };
    }

    private static void CheckWorkedOut(JsonElement json, string name, ClaimKind kind, bool topLevel)
    {
        if (kind == ClaimKind.AgeOver != (json.OptionalString("birth_date", Code) is not null)
            || (kind == ClaimKind.AgeOver && (!topLevel || json.OptionalIndex("years", Code) is not (>= 1 and <= 120))))
            throw CatalogFile.Bad($"'years' (1 to 120) and 'birth_date' belong to claims of type age_over, at top level: '{name}'.");
        if (kind == ClaimKind.DistinguishingSign != (json.OptionalString("country", Code) is not null) || (kind == ClaimKind.DistinguishingSign && !topLevel))
            throw CatalogFile.Bad($"'country' belongs to claims of type distinguishing_sign, at top level: '{name}'.");
    }

    private string? ReadNamespace(JsonElement json, string name, bool topLevel)
    {
        var space = json.OptionalString("namespace", Code);
        var element = json.OptionalString("element", Code);
        if (space is not null != (_isMdoc && topLevel) || (element is not null && space is null))
            throw CatalogFile.Bad($"'namespace', and 'element' where it is not the name, belong to the claims of an mdoc at top level: '{name}'.");
        if ((space is not null && !IsName(space)) || (element is not null && !IsName(element)))
            throw CatalogFile.Bad($"'namespace' or 'element' of '{name}' is not usable.");
        return space;
    }

    private static bool IsName(string name) => name.Length is > 0 and <= 64 && !name.Any(char.IsControl);

    private static ClaimKind ReadKind(JsonElement json, string name) => json.RequireString("type", Code) switch
    {
        "text" => ClaimKind.Text,
        "date" => ClaimKind.Date,
        "time" => ClaimKind.Time,
        "country" => ClaimKind.Country,
        "image" => ClaimKind.Image,
        "flag" => ClaimKind.Flag,
        "number" => ClaimKind.Number,
        "object" => ClaimKind.Object,
        "list" => ClaimKind.List,
        "age_over" => ClaimKind.AgeOver,
        "distinguishing_sign" => ClaimKind.DistinguishingSign,
        _ => throw CatalogFile.Bad($"The type of claim '{name}' is unknown."),
    };
}
