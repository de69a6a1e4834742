using System.Collections.Frozen;

namespace Credentials.Issuer.Catalog;

/// <summary>
/// Distinguishing signs of countries on vehicles (Convention on Road Traffic, Vienna 1968, Annex 3; the United Nations keep the
/// list). Only signs that are beyond doubt stand here; for any other country an agency gives the sign itself.
/// </summary>
internal static class DistinguishingSigns
{
    private static readonly FrozenDictionary<string, string> _signs = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AT"] = "A",
        ["AU"] = "AUS",
        ["BE"] = "B",
        ["BG"] = "BG",
        ["BR"] = "BR",
        ["CA"] = "CDN",
        ["CH"] = "CH",
        ["CZ"] = "CZ",
        ["DE"] = "D",
        ["DK"] = "DK",
        ["EE"] = "EST",
        ["ES"] = "E",
        ["FI"] = "FIN",
        ["FR"] = "F",
        ["GB"] = "UK",
        ["GR"] = "GR",
        ["HR"] = "HR",
        ["HU"] = "H",
        ["IE"] = "IRL",
        ["IS"] = "IS",
        ["IT"] = "I",
        ["JP"] = "J",
        ["KR"] = "ROK",
        ["LT"] = "LT",
        ["LU"] = "L",
        ["LV"] = "LV",
        ["NL"] = "NL",
        ["NO"] = "N",
        ["NZ"] = "NZ",
        ["PL"] = "PL",
        ["PT"] = "P",
        ["RO"] = "RO",
        ["SE"] = "S",
        ["SI"] = "SLO",
        ["SK"] = "SK",
        ["UA"] = "UA",
        ["US"] = "USA",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The sign of a country, by its ISO 3166-1 alpha-2 code; null where it is not certain.</summary>
    internal static string? Find(string country) => _signs.GetValueOrDefault(country);
}
