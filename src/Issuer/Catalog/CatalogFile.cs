using System.Text.Json;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.JsonLd;
using Credentials.Mdoc;
using Credentials.OpenId4Vci;
using Credentials.W3c;

namespace Credentials.Issuer.Catalog;

/// <summary>Reads one catalog file. What is wrong in it stops the service with a sentence that says what and where.</summary>
internal static class CatalogFile
{
    internal const string Code = IssuerCodes.Catalog;

    /// <param name="folder">Where the file is.</param>
    /// <exception cref="MalformedDataException">The message begins with the line.</exception>
    internal static CredentialType Parse(ReadOnlySpan<byte> utf8, string folder)
    {
        JsonElement json;
        try
        {
            json = StrictJson.ParseObject(utf8, JsonLimits.Default, Code);
        }
        catch (MalformedDataException e)
        {
            throw Bad($"line {CatalogFault.LineOfSyntax(utf8)}: {e.Message}");
        }

        try
        {
            return CatalogFault.At(json, () => Read(json, folder));
        }
        catch (CatalogFault fault)
        {
            throw Bad($"line {fault.LineIn(utf8, json)}: {fault.Message}");
        }
    }

    private static CredentialType Read(JsonElement json, string folder)
    {
        RefuseUnknown(json, "id", "format", "vct", "doctype", "types", "contexts", "cryptosuite", "dataset", "validity", "display", "claims", "source");
        var id = ReadName(json.RequireString("id", Code), "id");
        var format = json.RequireString("format", Code);
        var isW3c = CredentialFormat.IsW3c(format);
        var types = isW3c ? ReadTypes(json) : [];
        var type = isW3c ? types[^1] : ReadType(json, format);
        var cryptosuite = ReadCryptosuite(json, format);
        var claims = new CatalogClaims(format, cryptosuite).Read(json.RequireArray("claims", Code));
        var validity = json.RequireObjectMember("validity", Code);
        var (days, notAfter) = CatalogFault.At(validity, () => ReadValidity(validity, claims));
        RequireSources(claims);
        if (format == CredentialFormat.Mdoc)
            RequireDataModel(type, claims);
        var display = json.Member("display") is { } entries ? CatalogFault.At(entries, () => ReadDisplay(json, folder)) : ReadDisplay(json, folder);
        return new CredentialType
        {
            Id = id,
            Format = format,
            Type = type,
            Types = types,
            Contexts = isW3c ? ReadContexts(json) : [],
            Cryptosuite = cryptosuite,
            Dataset = json.OptionalString("dataset", Code) is { } dataset ? ReadName(dataset, "dataset") : null,
            ValidDays = days,
            NotAfterClaim = notAfter,
            Display = display.Texts,
            Pictures = display.Pictures,
            Source = json.OptionalObject("source", Code) is { } source ? CatalogFault.At(source, () => ClaimsSource.Read(source, folder)) : null,
            Claims = claims,
            DataModel = format == CredentialFormat.Mdoc ? ElementTypes.Of(type, claims) : null,
        };
    }

    internal static void RefuseUnknown(JsonElement json, params ReadOnlySpan<string> known)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                throw new CatalogFault(member.Value, $"'{member.Name}' is not a member of a catalog file.");
        }
    }

    internal static MalformedDataException Bad(string message) => new(Code, message);

    private static string ReadName(string name, string member) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? name
            : throw Bad($"'{member}' must be 1 to 64 letters, digits, '_', '-' or '.'.");

    private static IReadOnlyList<string> ReadTypes(JsonElement json)
    {
        if (json.TryGetProperty("vct", out _) || json.TryGetProperty("doctype", out _))
            throw Bad("'vct' and 'doctype' belong to other formats than those of W3C credentials.");
        var types = json.OptionalStringArray("types", Code) ?? [];
        return types.Count is > 0 and <= 10 && types.All(type => type.Length is > 0 and <= 256 && !type.Any(c => c is <= ' ' or >= '\u007f') && type != W3cNames.CredentialType)
            ? types
            : throw Bad($"'types' must be 1 to 10 names in ASCII without spaces, without {W3cNames.CredentialType}.");
    }

    private static IReadOnlyList<string> ReadContexts(JsonElement json)
    {
        var contexts = json.OptionalStringArray("contexts", Code) ?? [];
        return contexts.All(JsonLdContexts.BuiltIn.Digests.ContainsKey) ? contexts : throw Bad("'contexts' names one that is not built in.");
    }

    private static string? ReadCryptosuite(JsonElement json, string format)
    {
        var isProved = format is CredentialFormat.LdpVc or CredentialFormat.VcDataIntegrity;
        var suite = json.OptionalString("cryptosuite", Code);
        if (isProved != (suite is not null))
            throw Bad($"'cryptosuite' belongs to {CredentialFormat.LdpVc} and {CredentialFormat.VcDataIntegrity}, and to them always.");
        // The key of this issuer is of P-256.
        return suite is null or DataIntegrityNames.EcdsaSd2023 or DataIntegrityNames.EcdsaRdfc2019 or DataIntegrityNames.EcdsaJcs2019
            ? suite
            : throw Bad($"'cryptosuite' must be {DataIntegrityNames.EcdsaSd2023}, {DataIntegrityNames.EcdsaRdfc2019} or {DataIntegrityNames.EcdsaJcs2019}.");
    }

    private static string ReadType(JsonElement json, string format)
    {
        if (json.TryGetProperty("types", out _) || json.TryGetProperty("contexts", out _))
            throw Bad("'types' and 'contexts' belong to the formats of W3C credentials.");
        var (member, other) = format switch
        {
            CredentialFormat.SdJwtVc => ("vct", "doctype"),
            CredentialFormat.Mdoc => ("doctype", "vct"),
            _ => throw Bad("'format' must be dc+sd-jwt, mso_mdoc, jwt_vc_json, ldp_vc, vc+jwt or vc."),
        };
        if (json.TryGetProperty(other, out _))
            throw Bad($"'{other}' belongs to another format than {format}.");
        var type = json.RequireString(member, Code);
        if (type.Length is 0 or > 256 || type.Any(c => c is <= ' ' or >= '\u007f'))
            throw Bad($"'{member}' must be 1 to 256 characters of ASCII without spaces.");
        if (format == CredentialFormat.SdJwtVc && !Uri.TryCreate(type, UriKind.Absolute, out _))
            throw Bad("'vct' must be a URI.");
        return type;
    }

    private static (int Days, string? NotAfter) ReadValidity(JsonElement validity, IReadOnlyList<ClaimDefinition> claims)
    {
        RefuseUnknown(validity, "days", "not_after_claim");
        if (validity.OptionalIndex("days", Code) is not (>= 1 and <= 3660 and var days))
            throw Bad("'validity.days' must be 1 to 3660.");
        var notAfter = validity.OptionalString("not_after_claim", Code);
        if (notAfter is not null && !IsMandatory(claims, notAfter, ClaimKind.Date))
            throw Bad("'validity.not_after_claim' must name a mandatory date claim.");
        return ((int)days, notAfter);
    }

    /// <summary>What is worked out needs something that is there to be worked out from.</summary>
    private static void RequireSources(IReadOnlyList<ClaimDefinition> claims)
    {
        foreach (var claim in claims)
        {
            if (claim.BirthDateClaim is { } birthDate && !IsMandatory(claims, birthDate, ClaimKind.Date))
                throw Bad($"'birth_date' of '{claim.Name}' must name a mandatory date claim.");
            if (claim.CountryClaim is { } country && !IsMandatory(claims, country, ClaimKind.Country))
                throw Bad($"'country' of '{claim.Name}' must name a mandatory country claim.");
        }
    }

    private static bool IsMandatory(IReadOnlyList<ClaimDefinition> claims, string name, ClaimKind kind) =>
        claims.Any(claim => claim.Mandatory && claim.Kind == kind && claim.Name == name);

    // The standard's own data model says what every document of the type has, and what none has.
    private static void RequireDataModel(string docType, IReadOnlyList<ClaimDefinition> claims)
    {
        if (MdocDataModel.Find(docType) is not { } model)
            return;
        if (claims.FirstOrDefault(claim => model.Forbids(claim.Namespace!, claim.Element)) is { } unknown)
            throw Bad($"The standard has no data element '{unknown.Element}' in {unknown.Namespace}: '{unknown.Name}' needs a namespace of its own.");
        foreach (var (space, element) in model.Mandatory)
        {
            if (!claims.Any(claim => claim.Namespace == space && claim.Element == element && claim.AlwaysThere))
                throw Bad($"Every document of type {docType} has the data element '{element}' of {space}: a mandatory claim for it is missing.");
        }
    }

    private static (IReadOnlyList<DisplayText> Texts, IReadOnlyDictionary<string, DisplayFiles> Pictures) ReadDisplay(JsonElement json, string folder)
    {
        var display = DisplayText.ParseAll(json, Code);
        if (display.Count == 0 || display.Any(d => d.Name is null || d.Locale is null))
            throw Bad("'display' needs at least one entry, each with name and locale.");
        if (display.Any(d => !IsColour(d.BackgroundColor) || !IsColour(d.TextColor)))
            throw Bad("Colours are written #rrggbb.");
        var pictures = new Dictionary<string, DisplayFiles>(StringComparer.Ordinal);
        foreach (var (entry, text) in json.RequireArray("display", Code).EnumerateArray().Zip(display))
        {
            pictures[text.Locale!] = new DisplayFiles(ReadPicture(entry, "logo", folder, "file", "alt_text"), ReadPicture(entry, "background_image", folder, "file"));
        }

        return (display, pictures);
    }

    // A file and no address: a wallet that went to a third party for a picture would tell it who receives what.
    private static LogoFile? ReadPicture(JsonElement entry, string name, string folder, params string[] known)
    {
        if (entry.Member(name) is not { } picture) return null;
        return CatalogFault.At(picture, () =>
        {
            RefuseUnknown(picture, known);
            return LogoFile.Read(Path.GetFullPath(picture.RequireString("file", Code), folder));
        });
    }

    private static bool IsColour(string? text) => text is null || (text.Length == 7 && text[0] == '#' && text.Skip(1).All(char.IsAsciiHexDigit));
}
