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

        var data = Inflate(zlib[HeaderLength..], maxBytes, code);
        return Adler32(data) == BinaryPrimitives.ReadUInt32BigEndian(span[^ChecksumLength..])
            ? data
            : throw Malformed(code);
    }

    private static byte[] Inflate(ReadOnlyMemory<byte> deflateAndChecksum, int maxBytes, string code)
    {
        var input = new CountingStream(deflateAndChecksum, bulk: deflateAndChecksum.Length - ChecksumLength - 1);
#pragma warning disable RS0030 // This is the bounded inflater.
        using var inflater = new DeflateStream(input, CompressionMode.Decompress);
#pragma warning restore RS0030
        var output = new byte[Math.Min(maxBytes, 4096)];
        var length = 0;
        try
        {
            int read;
            while ((read = inflater.Read(output, length, output.Length - length)) > 0)
            {
                length += read;
                if (length == output.Length)
                {
                    if (length == maxBytes)
                    {
                        break;
                    }

                    Array.Resize(ref output, (int)Math.Min(maxBytes, output.Length * 2L));
                }
            }

            // Full: one byte more would be too many. Reading on also lets the inflater see the end of the stream.
            if (length == maxBytes && inflater.ReadByte() >= 0)
            {
                throw new MalformedDataException(code, "The compressed data is larger than allowed.");
            }
        }
        catch (InvalidDataException)
        {
            throw Malformed(code);
        }

        // A complete stream ends exactly before the checksum: less was read when something trails it, more when it is cut short.
        if (input.Count != deflateAndChecksum.Length - ChecksumLength)
        {
            throw Malformed(code);
        }

        Array.Resize(ref output, length);
        return output;
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

    /// <summary>
    /// Tells how much the inflater took. It hands out the first bytes in bulk, the last one of the compressed data and the checksum
    /// one by one, so that <see cref="Count"/> is exact where it matters.
    /// </summary>
    private sealed class CountingStream(ReadOnlyMemory<byte> data, int bulk) : Stream
    {
        public int Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var length = Math.Min(buffer.Length, Count < bulk ? bulk - Count : Math.Min(1, data.Length - Count));
            data.Span.Slice(Count, length).CopyTo(buffer);
            Count += length;
            return length;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
