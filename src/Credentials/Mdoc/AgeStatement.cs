using System.Globalization;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>Data elements <c>age_over_NN</c> (ISO/IEC 18013-5 §7.2.5): whether the holder has reached an age.</summary>
internal static class AgeStatement
{
    private const string Prefix = "age_over_";

    /// <summary>The age in the name of a data element; null for any other element.</summary>
    public static int? AgeOf(string element) =>
        element.Length == Prefix.Length + 2 && element.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(element.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? age : null;

    /// <summary>The youngest age not below that is stated as reached, else the oldest not above that is stated as not reached.</summary>
    public static string? FindNearest(IReadOnlyList<IssuerSignedItem> items, string element)
    {
        if (AgeOf(element) is not { } asked) return null;
        var stated = items
            .Where(item => item.ElementValue.Kind == CborKind.Boolean && AgeOf(item.ElementIdentifier) is not null)
            .OrderBy(item => AgeOf(item.ElementIdentifier)).ToList();
        return (stated.Find(item => item.ElementValue.GetBoolean() && AgeOf(item.ElementIdentifier) >= asked)
            ?? stated.FindLast(item => !item.ElementValue.GetBoolean() && AgeOf(item.ElementIdentifier) <= asked))?.ElementIdentifier;
    }
}
