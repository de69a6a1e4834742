using System.Buffers.Binary;
using System.IO.Compression;

namespace Credentials.Codecs;

/// <summary>
/// The GZIP file format (RFC 1952) with one member. The platform's reader accepts truncated input, a missing or wrong checksum and
/// trailing bytes, and inflates without end; this one does not.
/// </summary>
public static class StrictGZip
{
    private const int HeaderLength = 10;
    private const int TrailerLength = 8;
    private const int HeaderChecksum = 2;
    private const int ExtraField = 4;
    private const int FileName = 8;
    private const int Comment = 16;

    private static readonly uint[] s_crcTable = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    /// <summary>Compresses at the highest level.</summary>
    /// <exception cref="ArgumentException">There is nothing to compress.</exception>
    public static byte[] Compress(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty) throw new ArgumentException("There is no data.", nameof(data));
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(data);
        return output.ToArray();
    }

    /// <summary>Inflates one whole GZIP file.</summary>
    /// <param name="maxBytes">Largest result in bytes; an absolute cap, because a legal file may have any ratio.</param>
    /// <exception cref="MalformedDataException">Not one complete file of one member, or a larger result, with <paramref name="code"/>.</exception>
    public static byte[] Decompress(ReadOnlyMemory<byte> gzip, int maxBytes, string code)
    {
        var header = ReadHeader(gzip.Span, code);
        if (gzip.Length <= header + TrailerLength) throw Malformed(code);
        var data = BoundedInflater.Inflate(gzip[header..], TrailerLength, maxBytes, code);
        // RFC 1952 §2.3.1: the checksum and the length, of the data before compression.
        var trailer = gzip.Span[^TrailerLength..];
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer) == Crc32(data) && BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) == (uint)data.Length
            ? data
            : throw Malformed(code);
    }

    // RFC 1952 §2.3: the length of the header; optional fields are passed over.
    private static int ReadHeader(ReadOnlySpan<byte> gzip, string code)
    {
        if (gzip.Length < HeaderLength || gzip[0] != 0x1f || gzip[1] != 0x8b || gzip[2] != 8 || gzip[3] >= 0x20) throw Malformed(code);
        var (flags, at) = (gzip[3], HeaderLength);
        if ((flags & ExtraField) != 0)
        {
            if (gzip.Length < at + 2) throw Malformed(code);
            at += 2 + BinaryPrimitives.ReadUInt16LittleEndian(gzip[at..]);
        }

        foreach (var text in (ReadOnlySpan<int>)[FileName, Comment])
        {
            if ((flags & text) == 0) continue;
            var end = at < gzip.Length ? gzip[at..].IndexOf((byte)0) : -1;
            if (end < 0) throw Malformed(code);
            at += end + 1;
        }

        if ((flags & HeaderChecksum) == 0) return at;
        return gzip.Length >= at + 2 && BinaryPrimitives.ReadUInt16LittleEndian(gzip[at..]) == (ushort)Crc32(gzip[..at]) ? at + 2 : throw Malformed(code);
    }

    // RFC 1952 §8
    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data) crc = s_crcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint CrcOf(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
        return crc;
    }

    private static MalformedDataException Malformed(string code) => new(code, "The compressed data is not one complete GZIP file.");
}
