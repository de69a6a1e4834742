using System.Buffers.Binary;
using Credentials.Codecs;

namespace Credentials.Cli.Images;

/// <summary>
/// Reads a PNG as grey pixels (W3C PNG, second edition): every colour type and bit depth, not interlaced. The size is checked
/// against <see cref="MaxPixels"/> before a pixel is unpacked, and the unpacked data must have exactly the size the header promises.
/// </summary>
internal static class PngReader
{
    internal const int MaxPixels = 16_000_000;
    internal const int MaxBytes = 32 * 1024 * 1024;
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    private readonly record struct Header(int Width, int Height, int BitDepth, int ColourType)
    {
        internal int Channels => ColourType switch { 0 or 3 => 1, 2 => 3, 4 => 2, _ => 4 };

        internal int BytesPerPixel => Math.Max(1, Channels * BitDepth / 8);

        internal int BytesPerRow => ((Width * Channels * BitDepth) + 7) / 8;
    }

    internal static GreyImage Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
            throw new NotSupportedCredentialException(CliCodes.ImageUnsupported, "only PNG images are read");
        file = file[Signature.Length..];
        Header? header = null;
        byte[] palette = [];
        using var packed = new MemoryStream();
        while (TryReadChunk(ref file, out var type, out var data) && !type.SequenceEqual("IEND"u8))
        {
            if (type.SequenceEqual("IHDR"u8) && header is null)
                header = ReadHeader(data);
            else if (type.SequenceEqual("PLTE"u8))
                palette = data.ToArray();
            else if (type.SequenceEqual("IDAT"u8))
                packed.Write(data);
        }
        if (header is not { } known)
            throw Malformed();
        var rows = Inflate(packed.ToArray(), (known.BytesPerRow + 1) * known.Height);
        return new GreyImage(known.Width, known.Height, ToGrey(known, rows, palette));
    }

    // §5.3: length, type, data, CRC. The checksum of the pixel data itself (zlib) is what finds damage here.
    private static bool TryReadChunk(ref ReadOnlySpan<byte> file, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data)
    {
        type = data = default;
        if (file.Length < 12)
            return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(file);
        if (length > file.Length - 12)
            throw Malformed();
        type = file.Slice(4, 4);
        data = file.Slice(8, (int)length);
        file = file[(int)(12 + length)..];
        return true;
    }

    private static Header ReadHeader(ReadOnlySpan<byte> data)
    {
        if (data.Length != 13)
            throw Malformed();
        var width = BinaryPrimitives.ReadUInt32BigEndian(data);
        var height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width == 0 || height == 0)
            throw Malformed();
        if ((ulong)width * height > MaxPixels)
            throw new MalformedDataException(CliCodes.ImageTooLarge, $"the image has more than {MaxPixels / 1_000_000} million pixels");
        if (data[12] != 0)
            throw new NotSupportedCredentialException(CliCodes.ImageUnsupported, "interlaced PNG images are not read");
        var (depth, colour) = (data[8], data[9]);
        var allowed = colour switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        return allowed && data[10] == 0 && data[11] == 0 ? new Header((int)width, (int)height, depth, colour) : throw Malformed();
    }

    private static byte[] Inflate(byte[] packed, int size)
    {
        var rows = StrictZLib.Decompress(packed, size, CliCodes.ImageMalformed);
        return rows.Length == size ? rows : throw Malformed();
    }

    private static byte[] ToGrey(Header header, byte[] rows, byte[] palette)
    {
        var grey = new byte[header.Width * header.Height];
        var previous = new byte[header.BytesPerRow];
        for (var y = 0; y < header.Height; y++)
        {
            var start = y * (header.BytesPerRow + 1);
            var row = rows.AsSpan(start + 1, header.BytesPerRow);
            Unfilter(rows[start], row, previous, header.BytesPerPixel);
            for (var x = 0; x < header.Width; x++)
                grey[(y * header.Width) + x] = Pixel(header, row, x, palette);
            row.CopyTo(previous);
        }
        return grey;
    }

    // §9: each row was stored as a difference to its left, upper and upper left neighbours.
    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i >= distance ? row[i - distance] : 0;
            var corner = i >= distance ? above[i - distance] : 0;
            row[i] += filter switch
            {
                0 => 0,
                1 => (byte)left,
                2 => above[i],
                3 => (byte)((left + above[i]) / 2),
                4 => (byte)Paeth(left, above[i], corner),
                _ => throw Malformed(),
            };
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        var (toLeft, toUp, toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private static byte Pixel(Header header, ReadOnlySpan<byte> row, int x, byte[] palette)
    {
        var first = x * header.Channels;
        switch (header.ColourType)
        {
            case 0:
                return Sample(row, first, header.BitDepth, scale: true);
            case 3:
                var entry = Sample(row, first, header.BitDepth, scale: false) * 3;
                return entry + 2 < palette.Length ? Luminance(palette[entry], palette[entry + 1], palette[entry + 2]) : throw Malformed();
            case 4:
                return OnWhite(Sample(row, first, header.BitDepth, true), Sample(row, first + 1, header.BitDepth, true));
            default:
                var grey = Luminance(Sample(row, first, header.BitDepth, true), Sample(row, first + 1, header.BitDepth, true),
                    Sample(row, first + 2, header.BitDepth, true));
                return header.ColourType == 6 ? OnWhite(grey, Sample(row, first + 3, header.BitDepth, true)) : grey;
        }
    }

    private static byte Sample(ReadOnlySpan<byte> row, int index, int depth, bool scale)
    {
        if (depth >= 8)
            return row[index * depth / 8];
        var bit = index * depth;
        var value = (row[bit / 8] >> (8 - depth - (bit % 8))) & ((1 << depth) - 1);
        return (byte)(scale ? value * 255 / ((1 << depth) - 1) : value);
    }

    private static byte Luminance(int red, int green, int blue) => (byte)(((299 * red) + (587 * green) + (114 * blue)) / 1000);

    private static byte OnWhite(int grey, int alpha) => (byte)(((grey * alpha) + (255 * (255 - alpha))) / 255);

    private static MalformedDataException Malformed() => new(CliCodes.ImageMalformed, "the PNG image is damaged");
}
