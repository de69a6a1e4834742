using System.Formats.Cbor;
using Credentials.Codecs;
using FsCheck.Xunit;

namespace Credentials.Tests.Codecs;

public class CborPropertyTests
{
    [Property(MaxTest = 1000)]
    [Trait("Row", "CBR-10")]
    public bool Any_bytes_are_read_or_refused_with_our_error(byte[] bytes)
    {
        try
        {
            Walk(CborValue.Decode(bytes));
        }
        catch (MalformedDataException e)
        {
            return e.Code is CodecCodes.CborMalformed or CodecCodes.CborTooLarge;
        }

        return true;
    }

    [Property(MaxTest = 1000)]
    [Trait("Row", "CBR-10")]
    public bool A_changed_value_is_read_or_refused_with_our_error(byte[] seed, int at, byte change)
    {
        var bytes = Make(seed);
        bytes[(int)((uint)at % bytes.Length)] ^= change;
        return Any_bytes_are_read_or_refused_with_our_error(bytes) && Any_bytes_are_read_or_refused_with_our_error(bytes[..^1]);
    }

    [Property(MaxTest = 500)]
    public bool What_the_platform_s_writer_writes_is_read_as_it_was_written(byte[] seed)
    {
        var bytes = Make(seed);
        var value = CborValue.Decode(bytes);
        return value.Encoded.Span.SequenceEqual(bytes) && Show(value) == Show(new CborReader(bytes));
    }

    // The platform's reader is the second opinion. It lets through what we refuse: keys of any type, the same key in two
    // spellings, trailing bytes (taken away here), and it has no caps that bytes this few could reach.
    [Property(MaxTest = 2000)]
    public bool Whatever_we_accept_the_platform_reads_the_same(byte[] bytes, byte[] seed)
    {
        foreach (var candidate in new[] { bytes, Damage(Make(seed), bytes) })
        {
            string mine;
            try
            {
                mine = Show(CborValue.Decode(candidate));
            }
            catch (MalformedDataException)
            {
                continue;
            }

            if (Show(new CborReader(candidate, CborConformanceMode.Lax)) != mine) return false;
        }

        return true;
    }

    [Property(MaxTest = 2000)]
    public bool Whatever_the_platform_reads_strictly_we_accept_unless_a_key_or_the_end_is_odd(byte[] bytes, byte[] seed)
    {
        foreach (var candidate in new[] { bytes, Damage(Make(seed), bytes) })
        {
            var reader = new CborReader(candidate, CborConformanceMode.Canonical);
            string theirs;
            try
            {
                theirs = Show(reader);
            }
            catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
            {
                continue;
            }

            if (reader.BytesRemaining > 0 || theirs.Contains("odd key", StringComparison.Ordinal)) continue;
            if (Show(CborValue.Decode(candidate)) != theirs) return false;
        }

        return true;
    }

    private static byte[] Damage(byte[] good, byte[] by)
    {
        for (var i = 0; i + 1 < by.Length && i < 4; i += 2) good[by[i] % good.Length] = by[i + 1];
        return good;
    }

    private static void Walk(CborValue value)
    {
        switch (value.Kind)
        {
            case CborKind.Array:
                foreach (var item in value.EnumerateArray()) Walk(item);
                break;
            case CborKind.Map:
                foreach (var (key, member) in value.EnumerateMap())
                {
                    Walk(key);
                    Walk(member);
                }

                break;
            case CborKind.Tag:
                Walk(value.GetTagContent());
                break;
            case CborKind.TextString:
                value.GetText();
                break;
            case CborKind.ByteString:
                value.GetBytes();
                break;
            default:
                break;
        }
    }

    private static string Show(CborValue value) => value.Kind switch
    {
        CborKind.UnsignedInteger => $"{Argument(value)}",
        CborKind.NegativeInteger => $"-1-{Argument(value)}",
        CborKind.ByteString => "h" + Convert.ToHexString(value.GetBytes().Span),
        CborKind.TextString => "t" + value.GetText(),
        CborKind.Array => "[" + string.Join(',', Items(value).Select(Show)) + "]",
        CborKind.Map => "{" + string.Join(',', Members(value).Select(m => Show(m.Key) + ":" + Show(m.Value))) + "}",
        CborKind.Tag => $"{value.GetTag()}({Show(value.GetTagContent())})",
        CborKind.Boolean => value.GetBoolean() ? "true" : "false",
        CborKind.Null => "null",
        CborKind.Float => "f" + BitConverter.DoubleToInt64Bits(value.GetDouble()),
        _ => "simple" + (value.Encoded.Length == 1 ? value.Encoded.Span[0] & 0x1f : value.Encoded.Span[1]),
    };

    private static ulong Argument(CborValue value)
    {
        var reader = new CborReader(value.Encoded, CborConformanceMode.Lax);
        return value.Kind == CborKind.UnsignedInteger ? reader.ReadUInt64() : reader.ReadCborNegativeIntegerRepresentation();
    }

    private static List<CborValue> Items(CborValue array)
    {
        var items = new List<CborValue>();
        foreach (var item in array.EnumerateArray()) items.Add(item);
        return items;
    }

    private static List<(CborValue Key, CborValue Value)> Members(CborValue map)
    {
        var members = new List<(CborValue, CborValue)>();
        foreach (var member in map.EnumerateMap()) members.Add(member);
        return members;
    }

    private static string Show(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.UnsignedInteger:
                return $"{reader.ReadUInt64()}";
            case CborReaderState.NegativeInteger:
                return $"-1-{reader.ReadCborNegativeIntegerRepresentation()}";
            case CborReaderState.ByteString or CborReaderState.StartIndefiniteLengthByteString:
                return "h" + Convert.ToHexString(reader.ReadByteString());
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString:
                return "t" + reader.ReadTextString();
            case CborReaderState.StartArray:
                reader.ReadStartArray();
                var items = new List<string>();
                while (reader.PeekState() != CborReaderState.EndArray) items.Add(Show(reader));
                reader.ReadEndArray();
                return "[" + string.Join(',', items) + "]";
            case CborReaderState.StartMap:
                return ShowMap(reader);
            case CborReaderState.Tag:
                return $"{(ulong)reader.ReadTag()}({Show(reader)})";
            case CborReaderState.Boolean:
                return reader.ReadBoolean() ? "true" : "false";
            case CborReaderState.Null:
                reader.ReadNull();
                return "null";
            case CborReaderState.HalfPrecisionFloat or CborReaderState.SinglePrecisionFloat or CborReaderState.DoublePrecisionFloat:
                return "f" + BitConverter.DoubleToInt64Bits(reader.ReadDouble());
            case CborReaderState.SimpleValue:
                return "simple" + (int)reader.ReadSimpleValue();
            default:
                throw new InvalidOperationException();
        }
    }

    private static string ShowMap(CborReader reader)
    {
        reader.ReadStartMap();
        var members = new List<string>();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var isOdd = reader.PeekState() is CborReaderState.StartArray or CborReaderState.StartMap or CborReaderState.Tag
                or CborReaderState.HalfPrecisionFloat or CborReaderState.SinglePrecisionFloat or CborReaderState.DoublePrecisionFloat;
            members.Add((isOdd ? "odd key" : "") + Show(reader) + ":" + Show(reader));
        }

        reader.ReadEndMap();
        return "{" + string.Join(',', members) + "}";
    }

    /// <summary>A value drawn from the seed, written by the platform.</summary>
    private static byte[] Make(byte[] seed)
    {
        var writer = new CborWriter(CborConformanceMode.Lax, convertIndefiniteLengthEncodings: seed.Length % 2 == 0);
        var at = 0;
        int Next() => at < seed.Length ? seed[at++] : 0;
        Write(4);
        return writer.Encode();

        void Write(int depth)
        {
            switch (Next() % (depth > 0 ? 12 : 8))
            {
                case 0: writer.WriteInt64((long)Next() << (Next() % 56)); break;
                case 1: writer.WriteInt64(-1 - ((long)Next() << (Next() % 56))); break;
                case 2: writer.WriteByteString(new byte[Next()]); break;
                case 3: writer.WriteTextString(new string((char)('a' + Next()), Next() % 40)); break;
                case 4: writer.WriteBoolean(Next() % 2 == 0); break;
                case 5: writer.WriteNull(); break;
                case 6: writer.WriteDouble(Next() / 7.0); break;
                case 7: writer.WriteSimpleValue((CborSimpleValue)(Next() % 20)); break;
                case 8:
                    writer.WriteTag((CborTag)(ulong)Next());
                    Write(depth - 1);
                    break;
                case 9:
                    writer.WriteStartIndefiniteLengthTextString();
                    writer.WriteTextString("a");
                    writer.WriteTextString(new string('b', Next() % 30));
                    writer.WriteEndIndefiniteLengthTextString();
                    break;
                case 10: WriteMany(depth, isMap: false); break;
                default: WriteMany(depth, isMap: true); break;
            }
        }

        void WriteMany(int depth, bool isMap)
        {
            var count = Next() % 20;
            int? announced = Next() % 3 == 0 ? null : count;
            if (isMap) writer.WriteStartMap(announced);
            else writer.WriteStartArray(announced);
            for (var i = 0; i < count; i++)
            {
                if (isMap && i % 2 == 0) writer.WriteInt32(i);
                else if (isMap) writer.WriteTextString($"k{i}");
                Write(depth - 1);
            }

            if (isMap) writer.WriteEndMap();
            else writer.WriteEndArray();
        }
    }
}
