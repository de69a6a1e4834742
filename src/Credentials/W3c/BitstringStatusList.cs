using Credentials.Codecs;
using Credentials.StatusLists;

namespace Credentials.W3c;

/// <summary>
/// The statuses of many credentials, each of the same number of bits, packed from the left-most bit (Bitstring Status List §2.2, §7.1).
/// Not thread-safe while it is changed.
/// </summary>
public sealed class BitstringStatusList
{
    /// <summary>Least number of statuses in a list, for the privacy of the herd (§3.2, §6.1).</summary>
    public const int MinSize = 131_072;

    /// <summary>Largest bitstring in bytes: 2^27 statuses of one bit.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Most bits of one status. An entry must have a message for each value, so that large ones do not come up.</summary>
    public const int MaxStatusSize = 32;

    private readonly byte[] _bytes;

    private BitstringStatusList(int statusSize, byte[] bytes) => (StatusSize, _bytes) = (statusSize, bytes);

    /// <summary>Bits per status.</summary>
    public int StatusSize { get; }

    /// <summary>How many statuses the list holds.</summary>
    public int Size => (int)(_bytes.Length * 8L / StatusSize);

    /// <summary>The largest value that fits.</summary>
    public uint MaxValue => uint.MaxValue >> (32 - StatusSize);

    /// <summary>The bitstring.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The status at <paramref name="index"/>; its left-most bit counts most.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in the list, or the value needs more bits.</exception>
    public uint this[int index]
    {
        get
        {
            var (first, count, shift) = Locate(index);
            return (uint)(Window(first, count) >> shift) & MaxValue;
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
            var (first, count, shift) = Locate(index);
            var window = (Window(first, count) & ~((ulong)MaxValue << shift)) | ((ulong)value << shift);
            for (var i = count - 1; i >= 0; i--, window >>= 8) _bytes[first + i] = (byte)window;
        }
    }

    /// <summary>Makes a list of statuses that are all 0.</summary>
    /// <param name="statusSize">Bits per status, 1 to 32.</param>
    /// <param name="size">Least number of statuses, at least <see cref="MinSize"/>; rounded up to a whole byte.</param>
    public static BitstringStatusList Create(int statusSize, int size = MinSize)
    {
        CheckSize(statusSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinSize);
        var length = ((long)size * statusSize + 7) / 8;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxBytes, nameof(size));
        return new BitstringStatusList(statusSize, new byte[length]);
    }

    /// <summary>Takes over a bitstring, as a store keeps it.</summary>
    public static BitstringStatusList FromBytes(int statusSize, ReadOnlySpan<byte> bytes)
    {
        CheckSize(statusSize);
        return new BitstringStatusList(statusSize, bytes.ToArray());
    }

    /// <summary>Expands an <c>encodedList</c> (§3.4).</summary>
    /// <exception cref="MalformedDataException"><c>status.list_malformed</c>: no multibase base64url of one GZIP file, or over <see cref="MaxBytes"/>.</exception>
    public static BitstringStatusList Parse(string encodedList, int statusSize)
    {
        CheckSize(statusSize);
        return new BitstringStatusList(statusSize, Expand(encodedList));
    }

    /// <summary>The <c>encodedList</c> (§3.3).</summary>
    public string Encode() => Multibase.EncodeBase64Url(StrictGZip.Compress(_bytes));

    internal static byte[] Expand(string encodedList)
    {
        ArgumentNullException.ThrowIfNull(encodedList);
        const string Code = StatusListCodes.ListMalformed;
        return StrictGZip.Decompress(Multibase.DecodeBase64Url(encodedList, Code), MaxBytes, Code);
    }

    /// <summary>A list of the same bytes, not copied.</summary>
    internal static BitstringStatusList Over(byte[] bytes, int statusSize) => new(statusSize, bytes);

    private static void CheckSize(int statusSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(statusSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statusSize, MaxStatusSize);
    }

    // The bytes that hold the status, and how far it is from the right end of them.
    private (int First, int Count, int Shift) Locate(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        var bit = (long)index * StatusSize;
        var (first, end) = ((int)(bit / 8), (int)((bit + StatusSize + 7) / 8));
        return (first, end - first, (int)(end * 8L - bit - StatusSize));
    }

    private ulong Window(int first, int count)
    {
        var window = 0UL;
        for (var i = 0; i < count; i++) window = (window << 8) | _bytes[first + i];
        return window;
    }
}
