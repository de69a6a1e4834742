namespace Credentials.JsonLd;

/// <summary>
/// A document seen with some of its values left out, each named by where its JSON begins in the document. What is left out is neither
/// read nor changed, and every node keeps the name that it has in the whole document.
/// </summary>
internal sealed class JsonLdView
{
    private readonly HashSet<int> _positions;
    private readonly bool _shows;

    private JsonLdView(HashSet<int> positions, bool shows) => (_positions, _shows) = (positions, shows);

    /// <summary>Everything but these values.</summary>
    public static JsonLdView Without(HashSet<int> positions) => new(positions, shows: false);

    /// <summary>These values and nothing else.</summary>
    public static JsonLdView Only(HashSet<int> positions) => new(positions, shows: true);

    /// <summary>True where a node may be left with nothing said of it, because that is left out.</summary>
    public bool IsSelection => _shows;

    public bool Shows(int position) => _positions.Contains(position) == _shows;
}
