using System.IO.Compression;

namespace Credentials.Codecs;

/// <summary>
/// DEFLATE data (RFC 1951) in front of a trailer of known length. The platform's reader accepts truncated input and inflates without end;
/// this one does not.
/// </summary>
internal static class BoundedInflater
{
    /// <summary>Inflates one whole stream.</summary>
    /// <param name="deflateAndTrailer">The compressed data and the trailer, nothing after it.</param>
    /// <param name="trailerLength">Bytes of the trailer, at least one.</param>
    /// <param name="maxBytes">Largest result in bytes; an absolute cap, because a legal stream may have any ratio.</param>
    /// <exception cref="MalformedDataException">Not one complete stream, or a larger result, with <paramref name="code"/>.</exception>
    public static byte[] Inflate(ReadOnlyMemory<byte> deflateAndTrailer, int trailerLength, int maxBytes, string code)
    {
        var input = new CountingStream(deflateAndTrailer, bulk: deflateAndTrailer.Length - trailerLength - 1);
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

        // A complete stream ends exactly before the trailer: less was read when something trails it, more when it is cut short.
        if (input.Count != deflateAndTrailer.Length - trailerLength)
        {
            throw Malformed(code);
        }

        Array.Resize(ref output, length);
        return output;
    }

    private static MalformedDataException Malformed(string code) => new(code, "The compressed data is not one complete stream.");

    /// <summary>
    /// Tells how much the inflater took. It hands out the first bytes in bulk, the last one of the compressed data and the trailer
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
