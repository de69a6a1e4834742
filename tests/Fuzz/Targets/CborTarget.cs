using System.Formats.Cbor;
using System.Globalization;
using System.Text;
using Credentials.Codecs;
using Credentials.Fuzz.Tests.Mutation;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>One CBOR data item. Second parser: <see cref="CborReader"/>; both must say the same of every item in it.</summary>
internal sealed class CborTarget : FuzzTarget
{
    public override string Name => "cbor";

    public override InputShape Shape => InputShape.Cbor;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) =>
    [
        .. vectors.Bytes("cose_hex", "cose.sign1", "cose.mac0").Take(4), .. vectors.Bytes("mdoc_hex", "mdoc.verify").Take(2), .. vectors.Bytes("status_hex", "status-list.reference"),
        .. vectors.Bytes("device_request_hex", "mdoc.request").Take(2),
        // RFC 8949 Appendix A: floats, bignums, tags, indefinite lengths.
        .. new[]
        {
            "f90000", "f9c400", "fa47c35000", "fb7e37e43c8800759c", "f97e00", "c249010000000000000000", "c11a514b67b0", "d74401020304", "d818456449455446", "5f42010243030405ff", "7f657374726561646d696e67ff",
            "9f018202039f0405ffff", "bf61610161629f0203ffff", "a26161016162820203", "826161a161626163", "f0", "f8ff", "a10102", "a1f5f4", "1bffffffffffffffff", "3bffffffffffffffff",
        }.Select(Convert.FromHexString),
    ];

    protected override object Read(byte[] input) => CborValue.Decode(input);

    protected override void Check(byte[] input, object value)
    {
        var mine = new StringBuilder();
        Show(mine, (CborValue)value);
        var other = new StringBuilder();
        var reader = new CborReader(input, CborConformanceMode.Lax);
        Show(other, reader);
        Require(reader.BytesRemaining == 0 && mine.Equals(other), "The platform's reader sees another value.");
        try
        {
            CborJson.ToJson((CborValue)value);
        }
        catch (MalformedDataException)
        {
            // keys that become the same name
        }
    }

    protected override void CheckRefused(byte[] input)
    {
        var shown = new StringBuilder();
        try
        {
            var reader = new CborReader(input, CborConformanceMode.Strict);
            Show(shown, reader);
            // Keys that are floats, arrays, maps or tags are read by nobody, and the caps are ours.
            Require(reader.BytesRemaining > 0 || shown.ToString().Contains('!', StringComparison.Ordinal), "CBOR that breaks no rule is refused.");
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException)
        {
        }
    }

    private static void Show(StringBuilder text, CborValue value)
    {
        switch (value.Kind)
        {
            case CborKind.UnsignedInteger or CborKind.NegativeInteger:
                text.Append('i').Append(Convert.ToHexString(Shortest(value.Encoded.Span)));
                break;
            case CborKind.ByteString:
                text.Append('b').Append(Convert.ToHexString(value.GetBytes().Span));
                break;
            case CborKind.TextString:
                text.Append('t').Append(value.GetText().Length).Append(':').Append(value.GetText().Replace('!', '?'));
                break;
            case CborKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray()) Show(text, item);
                text.Append(']');
                break;
            case CborKind.Map:
                text.Append('{');
                foreach (var (key, member) in value.EnumerateMap())
                {
                    Show(text, key);
                    Show(text, member);
                }

                text.Append('}');
                break;
            case CborKind.Tag:
                text.Append(CultureInfo.InvariantCulture, $"#{value.GetTag()}:");
                Show(text, value.GetTagContent());
                break;
            case CborKind.Float:
                text.Append('f').Append(BitConverter.DoubleToInt64Bits(value.GetDouble()).ToString("x", CultureInfo.InvariantCulture));
                break;
            case CborKind.Boolean:
                text.Append(value.GetBoolean() ? 's' : 'S').Append(';');
                break;
            default:
                text.Append("v").Append(Convert.ToHexString(value.Encoded.Span));
                break;
        }
    }

    // The platform's way round; "!" marks what only the strict rules of the toolkit or its caps refuse.
    private static void Show(StringBuilder text, CborReader reader, int depth = 1, bool isKey = false)
    {
        var limits = CborLimits.Default;
        var state = reader.PeekState();
        if (depth > limits.MaxDepth) text.Append('!');
        if (isKey && state is not (CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger or CborReaderState.ByteString or CborReaderState.StartIndefiniteLengthByteString
            or CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString or CborReaderState.Boolean or CborReaderState.Null or CborReaderState.SimpleValue)) text.Append('!');
        switch (state)
        {
            case CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger:
                text.Append('i').Append(Convert.ToHexString(Shortest(reader.ReadEncodedValue().Span)));
                break;
            case CborReaderState.ByteString or CborReaderState.StartIndefiniteLengthByteString:
                text.Append('b').Append(Convert.ToHexString(reader.ReadByteString()));
                break;
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString:
                var read = reader.ReadTextString();
                text.Append('t').Append(read.Length).Append(':').Append(read.Replace('!', '?'));
                break;
            case CborReaderState.StartArray:
                text.Append('[');
                reader.ReadStartArray();
                for (var count = 0; reader.PeekState() != CborReaderState.EndArray; count++)
                {
                    if (count > limits.MaxMembers) text.Append('!');
                    Show(text, reader, depth + 1);
                }

                reader.ReadEndArray();
                text.Append(']');
                break;
            case CborReaderState.StartMap:
                text.Append('{');
                reader.ReadStartMap();
                var keys = new HashSet<string>(StringComparer.Ordinal);
                for (var count = 0; reader.PeekState() != CborReaderState.EndMap; count++)
                {
                    if (count > limits.MaxMembers) text.Append('!');
                    var start = text.Length;
                    Show(text, reader, depth + 1, isKey: true);
                    // The platform misses a key that stands twice in a map of indefinite length with a container between them.
                    if (!keys.Add(text.ToString(start, text.Length - start))) text.Append('!');
                    Show(text, reader, depth + 1);
                }

                reader.ReadEndMap();
                text.Append('}');
                break;
            case CborReaderState.Tag:
                text.Append(CultureInfo.InvariantCulture, $"#{(ulong)reader.ReadTag()}:");
                Show(text, reader, depth + 1);
                break;
            case CborReaderState.HalfPrecisionFloat:
                text.Append('f').Append(BitConverter.DoubleToInt64Bits((double)reader.ReadHalf()).ToString("x", CultureInfo.InvariantCulture));
                break;
            case CborReaderState.SinglePrecisionFloat:
                text.Append('f').Append(BitConverter.DoubleToInt64Bits(reader.ReadSingle()).ToString("x", CultureInfo.InvariantCulture));
                break;
            case CborReaderState.DoublePrecisionFloat:
                text.Append('f').Append(BitConverter.DoubleToInt64Bits(reader.ReadDouble()).ToString("x", CultureInfo.InvariantCulture));
                break;
            case CborReaderState.Boolean:
                text.Append(reader.ReadBoolean() ? 's' : 'S').Append(';');
                break;
            default:
                text.Append('v').Append(Convert.ToHexString(reader.ReadEncodedValue().Span));
                break;
        }
    }

    // An integer may be spelled longer than needed.
    private static byte[] Shortest(ReadOnlySpan<byte> encoded)
    {
        var major = (byte)(encoded[0] & 0xe0);
        if (encoded.Length == 1) return [major, (byte)(encoded[0] & 0x1f)];
        return [major, .. encoded[1..].TrimStart((byte)0) is { IsEmpty: false } digits ? digits : [0]];
    }
}
