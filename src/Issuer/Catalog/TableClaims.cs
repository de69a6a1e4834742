using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Issuer.Catalog;

/// <summary>
/// Makes the claims of a type from a row of text cells. A column is called like its claim, a member of an object <c>address.city</c>;
/// lists, and objects in one column, are JSON. An empty cell is no claim. Whether the claims are right is not looked at here.
/// </summary>
internal sealed class TableClaims
{
    /// <summary>The agency's own reference to the person.</summary>
    internal const string Subject = "@subject";

    /// <summary>The holder's key as a JWK.</summary>
    internal const string HolderKey = "@holder_key";

    private const string Code = IssuerCodes.Claims;

    private readonly List<(int Place, string Name, string? Member, ClaimKind Kind)> _columns = [];
    private readonly IReadOnlyList<string> _names;
    private readonly CredentialType _type;

    /// <param name="extra">Columns that are no claims and are not for this class.</param>
    /// <exception cref="MalformedDataException"><c>issuer.table</c>: a column is there twice, or neither a claim of the type nor one of the others.</exception>
    internal TableClaims(CredentialType type, IReadOnlyList<string> names, params IReadOnlyList<string> extra)
    {
        (_names, _type) = (names, type);
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count)
            throw new MalformedDataException(IssuerCodes.Table, "Two columns have the same name.");
        for (var place = 0; place < names.Count; place++)
        {
            if (!extra.Contains(names[place]))
                _columns.Add(Find(type, names[place], place));
        }
    }

    /// <summary>For a table of many rows, all of which would fail otherwise. What lacks where a claims source is asked for each row is found out then.</summary>
    /// <exception cref="MalformedDataException"><c>issuer.table</c>: there is no column for a claim that is mandatory.</exception>
    internal void RequireMandatory()
    {
        if (_type.Source is not null && _names.Contains(Subject))
            return;
        var hint = _type.Source is null ? "" : $"; with a column {Subject}, the claims source would be asked for it";
        if (_type.Claims.FirstOrDefault(claim => claim.Mandatory && !_columns.Exists(column => column.Name == claim.Name)) is { } missing)
            throw new MalformedDataException(IssuerCodes.Table, $"There is no column for '{missing.Name}', which every '{_type.Id}' has{hint}.");
    }

    /// <summary>Whether the claims of a row are not all that every credential of the type has, or none at all: the rest is for the type's source to say.</summary>
    internal bool Lacks(JsonObject claims) => claims.Count == 0 || _type.Claims.Any(claim => claim.Mandatory && !claims.ContainsKey(claim.Name));

    internal string? Cell(IReadOnlyList<string> cells, string column) =>
        _names.ToList().IndexOf(column) is >= 0 and var place && cells[place].Length > 0 ? cells[place] : null;

    /// <exception cref="MalformedDataException"><c>issuer.claims</c>: a cell cannot be what its claim is; the message names the claim, not the value.</exception>
    internal JsonObject Read(IReadOnlyList<string> cells)
    {
        var claims = new JsonObject();
        foreach (var (place, name, member, kind) in _columns)
        {
            if (cells[place].Length == 0)
                continue;
            var value = Value(kind, cells[place], _names[place]);
            if (member is null)
            {
                claims[name] = value;
                continue;
            }

            if (claims[name] is not JsonObject inside)
                claims[name] = inside = [];
            inside[member] = value;
        }

        return claims;
    }

    private static (int Place, string Name, string? Member, ClaimKind Kind) Find(CredentialType type, string column, int place)
    {
        if (type.Claims.FirstOrDefault(claim => claim.Name == column && claim.Kind != ClaimKind.AgeOver) is { } whole)
            return (place, whole.Name, null, whole.Kind);
        foreach (var claim in type.Claims.Where(claim => claim.Kind == ClaimKind.Object))
        {
            if (claim.Members.FirstOrDefault(member => $"{claim.Name}.{member.Name}" == column) is { } member)
                return (place, claim.Name, member.Name, member.Kind);
        }

        var shown = column.Length > 64 || column.Any(char.IsControl) ? $"number {place + 1}" : $"'{column}'";
        throw new MalformedDataException(IssuerCodes.Table, $"The column {shown} is no claim that '{type.Id}' takes.");
    }

    private static JsonNode Value(ClaimKind kind, string cell, string column)
    {
        switch (kind)
        {
            case ClaimKind.Number:
                return long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : throw Bad(column, "a whole number");
            case ClaimKind.Flag:
                return cell is "true" or "false" ? JsonValue.Create(cell == "true") : throw Bad(column, "true or false");
            case ClaimKind.List or ClaimKind.Object:
                try
                {
                    return StrictJson.ToNode(StrictJson.Parse(cell)) ?? throw Bad(column, "JSON");
                }
                catch (MalformedDataException)
                {
                    throw Bad(column, "JSON");
                }

            default:
                return JsonValue.Create(cell);
        }
    }

    private static MalformedDataException Bad(string column, string what) => new(Code, $"'{column}' is not {what}.");
}
