using System.Buffers.Binary;
using System.IO.Compression;

namespace Credentials.Codecs;

/// <summary>
/// The ZLIB data format (RFC 1950). The platform's reader accepts truncated input, a missing or wrong checksum and trailing bytes,
/// and inflates without end; this one does not.
/// </summary>
public static class StrictZLib
{
    private const int HeaderLength = 2;
    private const int ChecksumLength = 4;

    /// <summary>Compresses at the highest level.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> data)
    {
        // The platform writes nothing at all for no data.
        if (data.IsEmpty)
        {
            return [0x78, 0xda, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];
        }

        using var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(data);
        }

        return output.ToArray();
    }

    /// <summary>Inflates one whole ZLIB stream.</summary>
    /// <param name="maxBytes">Largest result in bytes; an absolute cap, because a legal stream may have any ratio.</param>
    /// <exception cref="MalformedDataException">Not one complete stream, or a larger result, with <paramref name="code"/>.</exception>
    public static byte[] Decompress(ReadOnlyMemory<byte> zlib, int maxBytes, string code)
    {
        var span = zlib.Span;
        // RFC 1950 §2.2: method 8, window up to 32 KiB, header check, no preset dictionary.
        if (span.Length <= HeaderLength + ChecksumLength
            || (span[0] & 0x0f) != 8 || span[0] >> 4 > 7 || ((span[0] << 8) | span[1]) % 31 != 0 || (span[1] & 0x20) != 0)
        {
            throw Malformed(code);
        }

        var data = BoundedInflater.Inflate(zlib[HeaderLength..], ChecksumLength, maxBytes, code);
        return Adler32(data) == BinaryPrimitives.ReadUInt32BigEndian(span[^ChecksumLength..])
            ? data
            : throw Malformed(code);
    }

    // RFC 1950 §8.2; 5552 is the most bytes whose sums fit before a reduction.
    private static uint Adler32(ReadOnlySpan<byte> data)
    {
        uint a = 1, b = 0;
        while (!data.IsEmpty)
        {
            var chunk = data[..Math.Min(data.Length, 5552)];
            data = data[chunk.Length..];
            foreach (var value in chunk)
            {
                a += value;
                b += a;
            }

            a %= 65521;
            b %= 65521;
        }

        return (b << 16) | a;
    }

    private static MalformedDataException Malformed(string code) => new(code, "The compressed data is not one complete ZLIB stream.");
}
