using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Issuer.Catalog;

/// <summary>Holds the claims of an offer against their type, and works out at issuance what is not stored. Messages name claims, never values.</summary>
internal static class ClaimCheck
{
    private const string Code = IssuerCodes.Claims;
    private const int MaxText = 2000;
    private const int MaxImage = 128 * 1024;
    private const int MaxElements = 50;

    /// <summary>Checks the claims as the agency gave them.</summary>
    /// <exception cref="MalformedDataException">A claim is missing, unknown, of the wrong type, or one that is worked out.</exception>
    internal static void Check(CredentialType type, JsonElement claims, DateTimeOffset now)
    {
        if (claims.ValueKind != JsonValueKind.Object)
            throw Bad($"The claims for '{type.Id}' are not an object.");
        CheckObject(type.Claims, claims, "");
        if (ExpiresAt(type, claims, now, null) <= now)
            throw Bad($"'{type.NotAfterClaim}' is in the past.");
    }

    /// <summary>The claims as they go into the credential: those of the offer and those worked out.</summary>
    internal static JsonObject Complete(CredentialType type, JsonElement claims, DateTimeOffset now)
    {
        var result = (JsonObject)StrictJson.ToNode(claims)!;
        var today = Day(now);
        foreach (var age in type.Claims.Where(c => c.Kind == ClaimKind.AgeOver))
            result[age.Name] = TurnsOn(ParseDate(claims.RequireString(age.BirthDateClaim!, Code), age.BirthDateClaim!), age.Years) <= today;
        foreach (var sign in type.Claims.Where(c => c.Kind == ClaimKind.DistinguishingSign && !result.ContainsKey(c.Name)))
            result[sign.Name] = DistinguishingSigns.Find(claims.RequireString(sign.CountryClaim!, Code)) ?? throw Bad($"'{sign.Name}' is missing, and not certain for this country.");
        return result;
    }

    /// <summary>The last moment of validity: whole days, so that the times of a batch are shared by all that were issued that day (RFC 9901 §10.1).</summary>
    internal static DateTimeOffset ExpiresAt(CredentialType type, JsonElement claims, DateTimeOffset now, DateTimeOffset? signerNotAfter)
    {
        var end = Day(now).AddDays(type.ValidDays);
        if (type.NotAfterClaim is { } claim && ParseDate(claims.RequireString(claim, Code), claim) is var last && last < end)
            end = last.AddDays(1); // valid through its last day
        // Nothing outlives the certificate it is checked with.
        if (signerNotAfter is { } signer && Day(signer) < end)
            end = Day(signer);
        return new DateTimeOffset(end, TimeOnly.MinValue, TimeSpan.Zero);
    }

    /// <summary>The day of issuance, the same for everything issued that day.</summary>
    internal static DateTimeOffset IssuedAt(DateTimeOffset now) => new(Day(now), TimeOnly.MinValue, TimeSpan.Zero);

    private static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    // A person born on 29 February comes of age on 1 March of other years: AddYears would say 28 February.
    private static DateOnly TurnsOn(DateOnly birth, int years)
    {
        var day = birth.AddYears(years);
        return day.Day == birth.Day ? day : day.AddDays(1);
    }

    private static void CheckObject(IReadOnlyList<ClaimDefinition> definitions, JsonElement value, string where)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (definitions.FirstOrDefault(d => d.Name == member.Name) is not { } definition)
                throw Bad($"A claim that the type does not have{Inside(where)}.");
            if (definition.Kind == ClaimKind.AgeOver)
                throw Bad($"'{where}{definition.Name}' is worked out by the issuer.");
            CheckValue(definition, member.Value, where + definition.Name);
        }

        foreach (var definition in definitions.Where(d => d.Mandatory && !value.TryGetProperty(d.Name, out _)))
            throw Bad($"'{where}{definition.Name}' is missing.");
    }

    private static void CheckValue(ClaimDefinition definition, JsonElement value, string where)
    {
        switch (definition.Kind)
        {
            case ClaimKind.Object when value.ValueKind == JsonValueKind.Object:
                CheckObject(definition.Members, value, where + ".");
                return;
            case ClaimKind.List when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxElements:
                foreach (var element in value.EnumerateArray())
                {
                    if (element.ValueKind != JsonValueKind.Object)
                        throw Bad($"'{where}' must be a list of objects.");
                    CheckObject(definition.Members, element, where + "[].");
                }

                return;
            case ClaimKind.Flag when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
            case ClaimKind.Number when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && Math.Abs(number) < 1L << 53:
            case ClaimKind.Text when value.ValueKind == JsonValueKind.String && IsText(value.GetString()!):
            case ClaimKind.DistinguishingSign when value.ValueKind == JsonValueKind.String && value.GetString() is { Length: >= 1 and <= 3 } sign && sign.All(char.IsAsciiLetterUpper):
            case ClaimKind.Country when value.ValueKind == JsonValueKind.String && value.GetString() is { Length: 2 } country && country.All(char.IsAsciiLetterUpper):
            case ClaimKind.Image when value.ValueKind == JsonValueKind.String && IsImage(value.GetString()!):
                return;
            case ClaimKind.Date when value.ValueKind == JsonValueKind.String:
                ParseDate(value.GetString()!, where);
                return;
            case ClaimKind.Time when value.ValueKind == JsonValueKind.String && IsTime(value.GetString()!):
                return;
            default:
                throw Bad($"'{where}' is not a {definition.Kind.ToString().ToLowerInvariant()}.");
        }
    }

    private static bool IsText(string text) =>
        text.Length is > 0 and <= MaxText && !text.Any(c => char.IsControl(c) && c != '\n') && !text.Any(c => c is '\u202a' or '\u202b' or '\u202d' or '\u202e');

    private static bool IsTime(string text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year is > 1800 and < 2200;

    private static bool IsImage(string text)
    {
        string[] starts = ["data:image/jpeg;base64,", "data:image/png;base64,", "data:image/jp2;base64,"];
        var start = starts.FirstOrDefault(s => text.StartsWith(s, StringComparison.Ordinal));
        return start is not null && text.Length <= MaxImage && StrictBase64.Decode(text[start.Length..], Code).Length > 0;
    }

    private static DateOnly ParseDate(string text, string where) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 1800 and < 2200
            ? date
            : throw Bad($"'{where}' is not a date YYYY-MM-DD.");

    private static string Inside(string where) => where.Length == 0 ? "" : $" inside '{where.TrimEnd('.')}'";

    private static MalformedDataException Bad(string message) => new(Code, message);
}
