using System.IO.Compression;
using System.Text;
using Credentials.Codecs;

namespace Credentials.Tests.Codecs;

public class StrictGZipTests
{
    private const string TestCode = "test.gzip";

    private static readonly byte[] s_data = Encoding.UTF8.GetBytes("Bitstring Status List 1.0, and again: Bitstring Status List 1.0");
    private static readonly byte[] s_gzip = StrictGZip.Compress(s_data);

    private static byte[] Decompress(byte[] gzip, int maxBytes = 1 << 20) => StrictGZip.Decompress(gzip, maxBytes, TestCode);

    private static void Refuse(byte[] gzip, int maxBytes = 1 << 20) =>
        Assert.Equal(TestCode, Assert.Throws<MalformedDataException>(() => Decompress(gzip, maxBytes)).Code);

    // Header with these flags and fields, then the compressed data and the trailer as they are.
    private static byte[] WithFields(byte flags, params byte[] fields) => [.. s_gzip.AsSpan(0, 3), flags, .. s_gzip.AsSpan(4, 6), .. fields, .. s_gzip.AsSpan(10)];

    [Fact]
    public void What_is_compressed_reads_back_here_and_with_the_platform()
    {
        Assert.Equal(s_data, Decompress(s_gzip));
        using var platform = new GZipStream(new MemoryStream(s_gzip), CompressionMode.Decompress);
        using var copy = new MemoryStream();
        platform.CopyTo(copy);
        Assert.Equal(s_data, copy.ToArray());
        Assert.Throws<ArgumentException>(() => StrictGZip.Compress([]));
    }

    [Fact]
    public void Every_cut_is_refused()
    {
        for (var length = 0; length < s_gzip.Length; length++) Refuse(s_gzip[..length]);
        Assert.Equal(s_data, Decompress(s_gzip));
    }

    [Fact]
    public void Something_after_the_end_is_refused_also_a_second_member()
    {
        Refuse([.. s_gzip, 0]);
        Refuse([.. s_gzip, .. s_gzip]);
    }

    [Fact]
    public void A_changed_byte_is_refused_except_where_it_means_nothing()
    {
        for (var at = 0; at < s_gzip.Length; at++)
        {
            // Time of change, extra flags and operating system (RFC 1952 §2.3.1) are of no consequence, nor are the bits behind the last block.
            if (at is >= 4 and <= 9 || at == s_gzip.Length - 9) continue;
            var changed = (byte[])s_gzip.Clone();
            changed[at] ^= 0x40;
            Refuse(changed);
        }
    }

    [Fact]
    public void Optional_fields_are_passed_over()
    {
        Assert.Equal(s_data, Decompress(WithFields(4, 3, 0, 1, 2, 3)));
        Assert.Equal(s_data, Decompress(WithFields(8, (byte)'a', 0)));
        Assert.Equal(s_data, Decompress(WithFields(16, (byte)'b', (byte)'c', 0)));
        Assert.Equal(s_data, Decompress(WithFields(4 | 8 | 16, 0, 0, 0, 0)));
        Assert.Equal(s_data, Decompress(WithFields(1)));
    }

    [Fact]
    public void A_checksum_of_the_header_must_be_right()
    {
        byte[] header = [.. s_gzip.AsSpan(0, 3), 2, .. s_gzip.AsSpan(4, 6)];
        var crc = (ushort)Crc32(header);
        Assert.Equal(s_data, Decompress(WithFields(2, (byte)crc, (byte)(crc >> 8))));
        Refuse(WithFields(2, (byte)crc, (byte)((crc >> 8) ^ 1)));
    }

    [Theory]
    [InlineData(0x20)]
    [InlineData(0x40)]
    [InlineData(0x80)]
    public void Reserved_flags_are_refused(byte flag) => Refuse(WithFields(flag));

    [Fact]
    public void Fields_without_end_are_refused()
    {
        Refuse([.. s_gzip.AsSpan(0, 3), 4, .. s_gzip.AsSpan(4, 6), 0xff, 0xff, 1, 2, 3]);
        Refuse([.. s_gzip.AsSpan(0, 3), 8, .. s_gzip.AsSpan(4, 6), 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        Refuse([.. s_gzip.AsSpan(0, 3), 4, .. s_gzip.AsSpan(4, 6), 1]);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void The_cap_is_absolute(int spare, bool isRead)
    {
        var bomb = StrictGZip.Compress(new byte[1 << 20]);
        if (isRead) Assert.Equal(1 << 20, Decompress(bomb, (1 << 20) + spare).Length);
        else Refuse(bomb, (1 << 20) + spare);
    }

    // RFC 1952 §8, bit by bit.
    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
