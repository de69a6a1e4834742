using System.Buffers.Binary;
using System.Text.Unicode;

namespace Credentials.Codecs;

/// <summary>
/// The data items of one encoded value in reading order, with the places of their bytes. Made in one pass that refuses
/// whatever is not well-formed and valid (RFC 8949 §5.3) or over a cap; nothing of the input is copied.
/// </summary>
internal sealed class CborTape
{
    private const byte Break = 0xff;
    private const int KeysComparedInPairs = 16;
    private const int MaxKept = 1 << 12;

    // Where the items of a value are gathered before their number is known; one for each thread.
    [ThreadStatic]
    private static CborItem[]? t_gathered;

    private readonly CborLimits _limits;
    private CborItem[] _items;
    private int _count;
    private int _position;

    private CborTape(ReadOnlyMemory<byte> bytes, CborLimits limits, string code)
    {
        (Bytes, _limits, Code) = (bytes, limits, code);
        _items = t_gathered ?? new CborItem[64];
        t_gathered = null;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The code of every error about this value.</summary>
    public string Code { get; }

    public ref readonly CborItem this[int index] => ref _items[index];

    public static CborTape Read(ReadOnlyMemory<byte> bytes, CborLimits limits, string code)
    {
        if (bytes.Length > limits.MaxBytes) throw TooLarge();
        var tape = new CborTape(bytes, limits, code);
        tape.ReadItem(1);
        if (tape._position != bytes.Length) throw tape.Malformed();
        var gathered = tape._items;
        tape._items = gathered.AsSpan(0, tape._count).ToArray();
        if (gathered.Length <= MaxKept) t_gathered = gathered;
        return tape;
    }

    /// <summary>The content of a string; chunks are joined.</summary>
    public ReadOnlyMemory<byte> Content(in CborItem item)
    {
        if (!item.IsIndefinite) return Bytes[(item.End - (int)item.Argument)..item.End];
        var content = new byte[item.Argument];
        var written = 0;
        for (var at = item.Start + 1; Bytes.Span[at] != Break;)
        {
            var (length, head) = ((int)Argument(Bytes.Span[at..], out var size), size);
            Bytes.Span.Slice(at + head, length).CopyTo(content.AsSpan(written));
            (at, written) = (at + head + length, written + length);
        }

        return content;
    }

    private void ReadItem(int depth)
    {
        if (depth > _limits.MaxDepth) throw TooLarge();
        var start = _position;
        var span = Bytes.Span;
        if (start >= span.Length) throw Malformed();
        var initial = span[start];
        var index = Add();
        var item = new CborItem { Start = start };
        switch (initial >> 5)
        {
            case 0 or 1:
                item.Kind = initial >> 5 == 0 ? CborKind.UnsignedInteger : CborKind.NegativeInteger;
                item.Argument = ReadArgument();
                break;
            case 2 or 3:
                ReadString(ref item, initial >> 5 == 2 ? CborKind.ByteString : CborKind.TextString);
                break;
            case 4 or 5:
                ReadContainer(ref item, initial >> 5 == 4 ? CborKind.Array : CborKind.Map, depth, index);
                break;
            case 6:
                item.Kind = CborKind.Tag;
                item.Argument = ReadArgument();
                ReadItem(depth + 1);
                break;
            default:
                ReadSimple(ref item, initial & 0x1f);
                break;
        }

        (item.End, item.Next) = (_position, _count);
        _items[index] = item;
    }

    private void ReadString(ref CborItem item, CborKind kind)
    {
        item.Kind = kind;
        if ((Bytes.Span[_position] & 0x1f) != 31)
        {
            item.Argument = (ulong)ReadChunk(kind);
            return;
        }

        // RFC 8949 §3.2.3: chunks of the same type and of definite length.
        item.IsIndefinite = true;
        var major = Bytes.Span[_position++] >> 5;
        while (Peek() != Break)
        {
            if (Peek() >> 5 != major) throw Malformed();
            item.Argument += (ulong)ReadChunk(kind);
        }

        _position++;
    }

    private int ReadChunk(CborKind kind)
    {
        var length = ReadLength(1);
        if (kind == CborKind.TextString && !Utf8.IsValid(Bytes.Span.Slice(_position, length))) throw Malformed();
        _position += length;
        return length;
    }

    private void ReadContainer(ref CborItem item, CborKind kind, int depth, int index)
    {
        item.Kind = kind;
        var perMember = kind == CborKind.Map ? 2 : 1;
        if ((Bytes.Span[_position] & 0x1f) != 31)
        {
            var count = ReadLength(perMember);
            if (count > _limits.MaxMembers) throw TooLarge();
            item.Argument = (ulong)count;
            for (var i = 0; i < count * perMember; i++) ReadItem(depth + 1);
        }
        else
        {
            item.IsIndefinite = true;
            for (_position++; Peek() != Break; item.Argument++)
            {
                if (item.Argument == (ulong)_limits.MaxMembers) throw TooLarge();
                for (var i = 0; i < perMember; i++) ReadItem(depth + 1);
            }

            _position++;
        }

        if (kind == CborKind.Map) CheckKeys(index + 1, item.Count);
    }

    private void ReadSimple(ref CborItem item, int low)
    {
        // A simple value in two bytes is one that does not fit into one (RFC 8949 §3.3).
        if (low == 24 && (_position + 1 >= Bytes.Length || Bytes.Span[_position + 1] < 32)) throw Malformed();
        item.Argument = ReadArgument();
        item.Kind = low switch
        {
            20 or 21 => CborKind.Boolean,
            22 => CborKind.Null,
            25 or 26 or 27 => CborKind.Float,
            _ => CborKind.Simple,
        };
        if (low == 21) item.Argument = 1;
        else if (low == 20) item.Argument = 0;
    }

    /// <summary>The same key twice is invalid, however it is spelled (RFC 8949 §5.6). Keys are integers, strings or simple values.</summary>
    private void CheckKeys(int first, int count)
    {
        if (count <= KeysComparedInPairs)
        {
            for (int i = 0, a = first; i < count; i++, a = _items[_items[a].Next].Next)
            {
                if (_items[a].Kind is CborKind.Array or CborKind.Map or CborKind.Tag or CborKind.Float) throw Malformed();
                for (int j = 0, b = first; j < i; j++, b = _items[_items[b].Next].Next)
                    if (IsSameKey(a, b)) throw Malformed();
            }

            return;
        }

        var seen = new HashSet<int>(count, new KeyComparer(this));
        for (int i = 0, a = first; i < count; i++, a = _items[_items[a].Next].Next)
            if (_items[a].Kind is CborKind.Array or CborKind.Map or CborKind.Tag or CborKind.Float || !seen.Add(a)) throw Malformed();
    }

    private bool IsSameKey(int a, int b)
    {
        ref readonly var x = ref _items[a];
        ref readonly var y = ref _items[b];
        if (x.Kind != y.Kind || x.Argument != y.Argument) return false;
        return x.Kind is not (CborKind.ByteString or CborKind.TextString) || Content(x).Span.SequenceEqual(Content(y).Span);
    }

    private byte Peek() => _position < Bytes.Length ? Bytes.Span[_position] : throw Malformed();

    /// <summary>A length that the rest of the input can hold, so that nothing is set aside for what is only announced.</summary>
    private int ReadLength(int bytesEach)
    {
        var length = ReadArgument();
        return length <= (ulong)((Bytes.Length - _position) / bytesEach) ? (int)length : throw Malformed();
    }

    private ulong ReadArgument()
    {
        var value = Argument(Bytes.Span[_position..], out var size);
        if (size == 0) throw Malformed();
        _position += size;
        return value;
    }

    /// <summary>The argument of a head (RFC 8949 §3); size 0 if it is reserved, indefinite or cut off.</summary>
    private static ulong Argument(ReadOnlySpan<byte> bytes, out int size)
    {
        var low = bytes[0] & 0x1f;
        size = low switch { < 24 => 1, 24 => 2, 25 => 3, 26 => 5, 27 => 9, _ => 0 };
        if (size > bytes.Length) size = 0;
        return size switch
        {
            1 => (ulong)low,
            2 => bytes[1],
            3 => BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]),
            5 => BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]),
            9 => BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]),
            _ => 0,
        };
    }

    private int Add()
    {
        if (_count == _limits.MaxItems) throw TooLarge();
        if (_count == _items.Length) Array.Resize(ref _items, _items.Length * 2);
        return _count++;
    }

    private MalformedDataException Malformed() => new(Code, "Not acceptable CBOR.");

    private static MalformedDataException TooLarge() => new(CodecCodes.CborTooLarge, "The CBOR data is over a limit.");

    private sealed class KeyComparer(CborTape tape) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => tape.IsSameKey(x, y);

        public int GetHashCode(int key)
        {
            HashCode hash = default;
            ref readonly var item = ref tape._items[key];
            hash.Add(item.Kind);
            hash.Add(item.Argument);
            if (item.Kind is CborKind.ByteString or CborKind.TextString) hash.AddBytes(tape.Content(item).Span);
            return hash.ToHashCode();
        }
    }
}
