using System.Globalization;
using System.Text;

namespace Credentials.Codecs;

/// <summary>
/// One CBOR data item (RFC 8949) and the bytes in which it was received. The one door through which CBOR comes in: what
/// is decoded has unique keys, valid text, nothing after it, and stays within the caps. Integers and lengths longer than
/// needed, unsorted maps and indefinite lengths are legal and read. Every reading error has the code given to
/// <see cref="Decode"/>.
/// </summary>
public readonly struct CborValue
{
    /// <summary>Encoded CBOR data item (RFC 8949 §3.4.5.1).</summary>
    public const ulong EncodedCborTag = 24;

    /// <summary>Date and time as text (RFC 8949 §3.4.1), <c>tdate</c>.</summary>
    public const ulong DateTimeTag = 0;

    /// <summary>Date as text (RFC 8943), <c>full-date</c>.</summary>
    public const ulong FullDateTag = 1004;

    private readonly CborTape _tape;
    private readonly int _index;

    private CborValue(CborTape tape, int index) => (_tape, _index) = (tape, index);

    /// <summary>What it is.</summary>
    public CborKind Kind => Item.Kind;

    /// <summary>Its bytes as received.</summary>
    public ReadOnlyMemory<byte> Encoded => _tape.Bytes[Item.Start..Item.End];

    /// <summary>Elements of an array, members of a map; 0 for anything else.</summary>
    public int Count => Item.Count;

    /// <summary>True for null.</summary>
    public bool IsNull => Kind == CborKind.Null;

    private ref readonly CborItem Item => ref _tape[_index];

    /// <summary>Decodes exactly one data item.</summary>
    /// <param name="bytes">The bytes; they are not copied and must not change afterwards.</param>
    /// <param name="code">The code of every error about this value.</param>
    /// <param name="limits">Caps; null: <see cref="CborLimits.Default"/>.</param>
    /// <exception cref="MalformedDataException">Not acceptable CBOR (<paramref name="code"/>) or over a cap (<c>cbor.too_large</c>).</exception>
    public static CborValue Decode(ReadOnlyMemory<byte> bytes, string code = CodecCodes.CborMalformed, CborLimits? limits = null) =>
        new(CborTape.Read(bytes, limits ?? CborLimits.Default, code), 0);

    /// <summary>The integer.</summary>
    /// <exception cref="MalformedDataException">Not an integer of 64 bits with sign.</exception>
    public long GetInt64() => Kind switch
    {
        CborKind.UnsignedInteger when Item.Argument <= long.MaxValue => (long)Item.Argument,
        CborKind.NegativeInteger when Item.Argument <= long.MaxValue => -1 - (long)Item.Argument,
        _ => throw Wrong("an integer"),
    };

    /// <summary>The text.</summary>
    /// <exception cref="MalformedDataException">Not a text string.</exception>
    public string GetText() => Encoding.UTF8.GetString(TextBytes.Span);

    /// <summary>The bytes of a byte string.</summary>
    /// <exception cref="MalformedDataException">Not a byte string.</exception>
    public ReadOnlyMemory<byte> GetBytes() => Kind == CborKind.ByteString ? _tape.Content(Item) : throw Wrong("a byte string");

    /// <summary>The truth value.</summary>
    /// <exception cref="MalformedDataException">Neither true nor false.</exception>
    public bool GetBoolean() => Kind == CborKind.Boolean ? Item.Argument == 1 : throw Wrong("a boolean");

    /// <summary>The number of a float of any precision.</summary>
    /// <exception cref="MalformedDataException">Not a float.</exception>
    public double GetDouble() => Kind != CborKind.Float ? throw Wrong("a float") : (Item.End - Item.Start) switch
    {
        3 => (double)BitConverter.UInt16BitsToHalf((ushort)Item.Argument),
        5 => BitConverter.UInt32BitsToSingle((uint)Item.Argument),
        _ => BitConverter.UInt64BitsToDouble(Item.Argument),
    };

    /// <summary>True for a text string of this content.</summary>
    public bool TextEquals(ReadOnlySpan<byte> utf8) => Kind == CborKind.TextString && _tape.Content(Item).Span.SequenceEqual(utf8);

    /// <summary>The tag's number.</summary>
    /// <exception cref="MalformedDataException">Not a tag.</exception>
    public ulong GetTag() => Kind == CborKind.Tag ? Item.Argument : throw Wrong("a tag");

    /// <summary>What a tag stands around.</summary>
    /// <exception cref="MalformedDataException">Not a tag, or another one than this number.</exception>
    public CborValue GetTagged(ulong tag) => GetTag() == tag ? new(_tape, _index + 1) : throw Wrong($"tag {tag}");

    /// <summary>What a tag stands around, whatever its number.</summary>
    /// <exception cref="MalformedDataException">Not a tag.</exception>
    public CborValue GetTagContent() => GetTagged(GetTag());

    /// <summary>The encoded data item of tag 24, with the bytes as received.</summary>
    /// <exception cref="MalformedDataException">Not tag 24 around a byte string.</exception>
    public EncodedCbor GetEncodedCbor() => new(Encoded, GetTagged(EncodedCborTag).GetBytes());

    /// <summary>A <c>tdate</c>: UTC, to the second, ending in Z, as ISO/IEC 18013-5 §7.2.1 narrows it.</summary>
    /// <exception cref="MalformedDataException">Not tag 0 around such a text.</exception>
    public DateTimeOffset GetDateTime() =>
        DateTimeOffset.TryParseExact(
            GetTagged(DateTimeTag).GetShortText("yyyy-MM-ddTHH:mm:ssZ".Length), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Wrong("a date and time in UTC, to the second");

    /// <summary>A <c>full-date</c>.</summary>
    /// <exception cref="MalformedDataException">Not tag 1004 around a date.</exception>
    public DateOnly GetFullDate() =>
        DateOnly.TryParseExact(GetTagged(FullDateTag).GetShortText("yyyy-MM-dd".Length), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw Wrong("a date");

    /// <summary>The elements of an array, for <c>foreach</c>.</summary>
    /// <exception cref="MalformedDataException">Not an array.</exception>
    public ItemEnumerator EnumerateArray() => Kind == CborKind.Array ? new(_tape, _index + 1, Count) : throw Wrong("an array");

    /// <summary>The members of a map in the order received, for <c>foreach</c>.</summary>
    /// <exception cref="MalformedDataException">Not a map.</exception>
    public MemberEnumerator EnumerateMap() => Kind == CborKind.Map ? new(_tape, _index + 1, Count) : throw Wrong("a map");

    /// <summary>The elements of an array that must have this many.</summary>
    /// <exception cref="MalformedDataException">Not an array of this length.</exception>
    public CborValue[] GetArray(int length)
    {
        if (Kind != CborKind.Array || Count != length) throw Wrong($"an array of {length}");
        var items = new CborValue[length];
        var i = 0;
        foreach (var item in EnumerateArray()) items[i++] = item;
        return items;
    }

    /// <summary>The member of a map with this text as its key; null if there is none.</summary>
    /// <exception cref="MalformedDataException">Not a map.</exception>
    public CborValue? Find(ReadOnlySpan<byte> name)
    {
        foreach (var (key, value) in EnumerateMap())
            if (key.TextEquals(name)) return value;
        return null;
    }

    /// <summary>The member of a map with this integer as its key; null if there is none.</summary>
    /// <exception cref="MalformedDataException">Not a map.</exception>
    public CborValue? Find(long label)
    {
        foreach (var (key, value) in EnumerateMap())
            if (key.IsInteger(label)) return value;
        return null;
    }

    /// <summary>The member of a map with this text as its key.</summary>
    /// <exception cref="MalformedDataException">Not a map, or there is none.</exception>
    public CborValue Require(ReadOnlySpan<byte> name) => Find(name) ?? throw Wrong($"a map with {Encoding.UTF8.GetString(name)}");

    /// <summary>The member of a map with this integer as its key.</summary>
    /// <exception cref="MalformedDataException">Not a map, or there is none.</exception>
    public CborValue Require(long label) => Find(label) ?? throw Wrong($"a map with {label}");

    /// <summary>An error about this value, under its code.</summary>
    /// <param name="expected">What it should be; never what it is.</param>
    public MalformedDataException Wrong(string expected) => new(_tape.Code, $"Expected {expected}.");

    internal ulong Argument => Item.Argument;

    private ReadOnlyMemory<byte> TextBytes => Kind == CborKind.TextString ? _tape.Content(Item) : throw Wrong("a text string");

    /// <summary>The text; null if it has another length, so that a long one is never copied only to be refused.</summary>
    private string? GetShortText(int length) => TextBytes is var bytes && bytes.Length == length ? Encoding.UTF8.GetString(bytes.Span) : null;

    private bool IsInteger(long label) => label >= 0
        ? Kind == CborKind.UnsignedInteger && Item.Argument == (ulong)label
        : Kind == CborKind.NegativeInteger && Item.Argument == (ulong)(-1 - label);

    /// <summary>Walks over the elements of an array.</summary>
    public struct ItemEnumerator
    {
        private readonly CborTape _tape;
        private int _next;
        private int _left;

        internal ItemEnumerator(CborTape tape, int first, int count) => (_tape, _next, _left) = (tape, first, count);

        /// <summary>The element.</summary>
        public CborValue Current { get; private set; }

        /// <summary>Goes on to the next element.</summary>
        public bool MoveNext()
        {
            if (_left-- <= 0) return false;
            Current = new CborValue(_tape, _next);
            _next = _tape[_next].Next;
            return true;
        }

        /// <summary>Itself.</summary>
        public readonly ItemEnumerator GetEnumerator() => this;
    }

    /// <summary>Walks over the members of a map.</summary>
    public struct MemberEnumerator
    {
        private ItemEnumerator _items;

        internal MemberEnumerator(CborTape tape, int first, int count)
        {
            _items = new ItemEnumerator(tape, first, count * 2);
            Current = default;
        }

        /// <summary>The member.</summary>
        public (CborValue Key, CborValue Value) Current { get; private set; }

        /// <summary>Goes on to the next member.</summary>
        public bool MoveNext()
        {
            if (!_items.MoveNext()) return false;
            var key = _items.Current;
            _items.MoveNext();
            Current = (key, _items.Current);
            return true;
        }

        /// <summary>Itself.</summary>
        public readonly MemberEnumerator GetEnumerator() => this;
    }
}
