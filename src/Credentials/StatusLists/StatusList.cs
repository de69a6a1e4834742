using System.Formats.Cbor;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.StatusLists;

/// <summary>
/// The statuses of many credentials, 1, 2, 4 or 8 bits each, packed from the least significant bit of each byte
/// (Token Status List §4.1). Not thread-safe while it is changed.
/// </summary>
public sealed class StatusList
{
    /// <summary>Largest list in bytes before compression: 2^27 statuses of one bit.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private readonly byte[] _bytes;
    private byte[]? _compressed;

    private StatusList(int bits, byte[] bytes)
    {
        Bits = bits;
        _bytes = bytes;
    }

    /// <summary>Bits per status: 1, 2, 4 or 8.</summary>
    public int Bits { get; }

    /// <summary>How many statuses the list holds; always a whole number of bytes.</summary>
    public int Size => _bytes.Length * (8 / Bits);

    /// <summary>The largest status value that fits.</summary>
    public int MaxValue => (1 << Bits) - 1;

    /// <summary>The packed statuses.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The status at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in the list, or the value needs more bits.</exception>
    public byte this[int index]
    {
        get
        {
            var (at, shift) = Locate(index);
            return (byte)((_bytes[at] >> shift) & MaxValue);
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
            var (at, shift) = Locate(index);
            _compressed = null;
            _bytes[at] = (byte)((_bytes[at] & ~(MaxValue << shift)) | (value << shift));
        }
    }

    /// <summary>Makes a list of valid statuses.</summary>
    /// <param name="size">Least number of statuses; rounded up to a whole byte.</param>
    public static StatusList Create(int bits, int size)
    {
        if (!IsBits(bits))
        {
            throw new ArgumentOutOfRangeException(nameof(bits), "A status has 1, 2, 4 or 8 bits.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var length = ((long)size * bits + 7) / 8;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxBytes, nameof(size));
        return new StatusList(bits, new byte[length]);
    }

    /// <summary>Takes over statuses that are already packed, as a store keeps them.</summary>
    public static StatusList FromBytes(int bits, ReadOnlySpan<byte> bytes)
    {
        var list = Create(bits, checked(bytes.Length * (8 / bits)));
        bytes.CopyTo(list._bytes);
        return list;
    }

    /// <summary>Reads the JSON form (§4.2).</summary>
    /// <exception cref="MalformedDataException">With <see cref="StatusListCodes.ListMalformed"/>.</exception>
    public static StatusList Parse(JsonElement statusList)
    {
        const string Code = StatusListCodes.ListMalformed;
        var bits = statusList.OptionalIndex(StatusListNames.Bits, Code);
        if (bits is not { } value || !IsBits(value))
        {
            throw new MalformedDataException(Code, "bits is not 1, 2, 4 or 8.");
        }

        var compressed = StrictBase64Url.Decode(statusList.RequireString(StatusListNames.List, Code), Code);
        return new StatusList((int)value, StrictZLib.Decompress(compressed, MaxBytes, Code));
    }

    /// <summary>Reads the CBOR form (§4.3).</summary>
    /// <exception cref="MalformedDataException">With <see cref="StatusListCodes.ListMalformed"/>.</exception>
    public static StatusList Parse(CborValue statusList)
    {
        const string Code = StatusListCodes.ListMalformed;
        if (statusList.Kind != CborKind.Map
            || statusList.Find("bits"u8) is not { Kind: CborKind.UnsignedInteger } bits || bits.Argument > 8 || !IsBits((long)bits.Argument))
        {
            throw new MalformedDataException(Code, "bits is not 1, 2, 4 or 8.");
        }

        return statusList.Find("lst"u8) is { Kind: CborKind.ByteString } compressed
            ? new StatusList((int)bits.Argument, StrictZLib.Decompress(compressed.GetBytes(), MaxBytes, Code))
            : throw new MalformedDataException(Code, "The status list has no lst.");
    }

    /// <summary>Writes the JSON form (§4.2), compressed at the highest level.</summary>
    /// <param name="aggregationUri">Where a list of this issuer's lists is found (§9), or null.</param>
    public JsonObject ToJson(string? aggregationUri = null)
    {
        var json = new JsonObject
        {
            [StatusListNames.Bits] = Bits,
            [StatusListNames.List] = StrictBase64Url.Encode(Compressed),
        };
        if (aggregationUri is not null)
        {
            json[StatusListNames.AggregationUri] = aggregationUri;
        }

        return json;
    }

    /// <summary>Writes the CBOR form (§4.3), compressed at the highest level.</summary>
    /// <param name="aggregationUri">Where a list of this issuer's lists is found (§9), or null.</param>
    public void WriteTo(CborWriter writer, string? aggregationUri = null)
    {
        writer.WriteStartMap(aggregationUri is null ? 2 : 3);
        writer.WriteTextString(StatusListNames.Bits);
        writer.WriteInt32(Bits);
        writer.WriteTextString(StatusListNames.List);
        writer.WriteByteString(Compressed);
        if (aggregationUri is not null)
        {
            writer.WriteTextString(StatusListNames.AggregationUri);
            writer.WriteTextString(aggregationUri);
        }

        writer.WriteEndMap();
    }

    // Kept until a status changes: a list is often signed in both forms.
    private byte[] Compressed => _compressed ??= StrictZLib.Compress(_bytes);

    private static bool IsBits(long bits) => bits is 1 or 2 or 4 or 8;

    private (int Byte, int Shift) Locate(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        var bit = (long)index * Bits;
        return ((int)(bit >> 3), (int)(bit & 7));
    }
}
