using System.Diagnostics.CodeAnalysis;
using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.StatusLists;

/// <summary>The identifiers of revoked mdocs (ISO/IEC 18013-5 second edition §12.3.6.4). One that is not listed is not revoked. Immutable.</summary>
public sealed class IdentifierList
{
    /// <summary>Most identifiers of one list.</summary>
    public const int MaxCount = 100_000;

    private readonly HashSet<byte[]> _identifiers = new(new ByBytes());

    private IdentifierList()
    {
    }

    /// <summary>How many identifiers are listed.</summary>
    public int Count => _identifiers.Count;

    /// <summary>The identifiers, in no particular order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Identifiers => _identifiers.Select(identifier => (ReadOnlyMemory<byte>)identifier);

    /// <summary>Bytes of memory.</summary>
    internal long Size { get; private set; }

    /// <summary>Makes a list; an identifier that is given twice is listed once.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxCount"/> identifiers, or one that no credential can have.</exception>
    public static IdentifierList Create(IEnumerable<ReadOnlyMemory<byte>> identifiers)
    {
        var list = new IdentifierList();
        foreach (var identifier in identifiers)
        {
            list.Add(IdentifierReference.IsIdentifier(identifier) ? identifier : throw new ArgumentException("An identifier has 1 to 64 bytes.", nameof(identifiers)));
        }

        return list.Count <= MaxCount ? list : throw new ArgumentException("There are too many identifiers for one list.", nameof(identifiers));
    }

    /// <summary>Reads the <c>IdentifierList</c> map. What it says about an identifier beside listing it is reserved, and not looked at.</summary>
    /// <exception cref="MalformedDataException">With <see cref="StatusListCodes.ListMalformed"/>.</exception>
    public static IdentifierList Parse(CborValue identifierList)
    {
        if (identifierList.Kind != CborKind.Map || identifierList.Find("identifiers"u8) is not { Kind: CborKind.Map } identifiers)
        {
            throw Malformed("The identifier list is no map of identifiers.");
        }

        var list = new IdentifierList();
        foreach (var (identifier, info) in identifiers.EnumerateMap())
        {
            if (identifier.Kind != CborKind.ByteString || info.Kind != CborKind.Map)
            {
                throw Malformed("An identifier is no byte string, or what is said about it no map.");
            }

            list.Add(identifier.GetBytes());
        }

        return list;
    }

    /// <summary>True: the mdoc with this identifier is revoked.</summary>
    public bool Contains(ReadOnlyMemory<byte> identifier) => _identifiers.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(identifier.Span);

    /// <summary>Writes the map that <see cref="Parse"/> reads, the identifiers in byte order so that it does not tell in which order they were revoked.</summary>
    /// <param name="aggregationUri">Where a list of this issuer's lists is found, or null.</param>
    public void WriteTo(CborWriter writer, string? aggregationUri = null)
    {
        writer.WriteStartMap(aggregationUri is null ? 1 : 2);
        writer.WriteTextString(StatusListNames.Identifiers);
        writer.WriteStartMap(Count);
        foreach (var identifier in _identifiers.Order(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))))
        {
            writer.WriteByteString(identifier);
            writer.WriteStartMap(0);
            writer.WriteEndMap();
        }

        writer.WriteEndMap();
        if (aggregationUri is not null)
        {
            writer.WriteTextString(StatusListNames.AggregationUri);
            writer.WriteTextString(aggregationUri);
        }

        writer.WriteEndMap();
    }

    private void Add(ReadOnlyMemory<byte> identifier)
    {
        const int PerEntry = 56; // of the array and of its place in the set
        if (_identifiers.Add(identifier.ToArray()))
        {
            Size += PerEntry + identifier.Length;
        }
    }

    private static MalformedDataException Malformed(string message) => new(StatusListCodes.ListMalformed, message);

    private sealed class ByBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            // Seeded by the process, so that nobody can choose identifiers that all fall together.
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
