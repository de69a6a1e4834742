using System.IO.Compression;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.StatusLists;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Credentials.Tests.StatusLists;

public class StatusListTests
{
    // Token Status List §4.1: the packed bytes of the 16 entries of the first example.
    private static readonly byte[] _example = [0xb9, 0xa3];

    private static StatusList Read(JsonNode? bits, byte[] compressed) => StatusList.Parse(StrictJson.ToElement(new JsonObject
    {
        ["bits"] = bits?.DeepClone(),
        ["lst"] = StrictBase64Url.Encode(compressed),
    }));

    private static void AssertRefused(byte[] compressed) =>
        Assert.Equal(StatusListCodes.ListMalformed, Assert.Throws<MalformedDataException>(() => Read(1, compressed)).Code);

    private static byte[] Raw(byte[] data)
    {
        var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(data);
        return output.ToArray();
    }

    [Property]
    [Trait("Row", "TSL-18")]
    public void A_list_holds_what_an_array_holds(byte width, (ushort Index, byte Value)[] changes)
    {
        var bits = 1 << (width % 4);
        var list = StatusList.Create(bits, 1000);
        var array = new byte[list.Size];
        foreach (var (index, value) in changes)
        {
            var (at, status) = (index % list.Size, (byte)(value & list.MaxValue));
            list[at] = status;
            array[at] = status;
        }

        var copy = StatusList.Parse(StrictJson.ToElement(list.ToJson()));
        Assert.Equal(array, Enumerable.Range(0, list.Size).Select(i => list[i]));
        Assert.Equal(array, Enumerable.Range(0, copy.Size).Select(i => copy[i]));
        Assert.Equal(list.Bytes.ToArray(), StatusList.FromBytes(bits, list.Bytes).Bytes.ToArray());
    }

    [Fact]
    public void A_list_takes_no_index_or_value_that_does_not_fit()
    {
        var list = StatusList.Create(2, 9);
        Assert.Equal((12, 3), (list.Size, list.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => list[12]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[0] = 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => StatusList.Create(3, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => StatusList.Create(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => StatusList.Create(8, StatusList.MaxBytes + 1));
        list[11] = 3;
        Assert.Equal(3, list[11]);
    }

    [Fact]
    public void A_change_is_in_what_is_written_next()
    {
        var list = StatusList.Create(1, 8);
        Assert.Equal(0, StatusList.Parse(StrictJson.ToElement(list.ToJson()))[3]);
        list[3] = 1;
        Assert.Equal(1, StatusList.Parse(StrictJson.ToElement(list.ToJson()))[3]);
        Assert.Equal(StatusList.MaxBytes, StatusList.Create(8, StatusList.MaxBytes).Size);
    }

    [Theory]
    [Trait("Row", "TSL-01")]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1024 * 1024 * 64, false)]
    public void A_list_inflates_up_to_the_cap_whatever_its_ratio(int beyond, bool accepted)
    {
        var packed = StrictZLib.Compress(new byte[StatusList.MaxBytes + beyond]);
        if (accepted)
            Assert.Equal(StatusList.MaxBytes * 8, Read(1, packed).Size);
        else
            AssertRefused(packed);
    }

    [Fact]
    [Trait("Row", "TSL-01")]
    public void A_bomb_is_stopped_before_it_takes_memory()
    {
        var bomb = StrictZLib.Compress(new byte[256 * 1024 * 1024]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedDataException>(() => StrictZLib.Decompress(bomb, StatusList.MaxBytes, "test.code"));
        // The buffer doubles up to the cap: less than three times the cap in all.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3L * StatusList.MaxBytes);
    }

    [Property]
    [Trait("Row", "TSL-03")]
    public void Every_truncation_is_refused(byte[] data)
    {
        var whole = StrictZLib.Compress(data);
        Assert.Equal(data, StrictZLib.Decompress(whole, 1 << 20, "test.code"));
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<MalformedDataException>(() => StrictZLib.Decompress(whole.AsMemory(0, length), 1 << 20, "test.code"));
    }

    [Fact]
    [Trait("Row", "TSL-03")]
    public void Half_of_a_large_list_is_refused()
    {
        var bytes = new byte[100_000];
        new Random(1).NextBytes(bytes);
        var whole = StrictZLib.Compress(bytes);
        Assert.Equal(800_000, Read(1, whole).Size);
        AssertRefused(whole[..(whole.Length / 2)]);
    }

    [Property]
    [Trait("Row", "TSL-04")]
    public void A_missing_or_wrong_checksum_and_anything_behind_it_are_refused(byte[] data, byte flip, NonEmptyArray<byte> trailing)
    {
        var whole = StrictZLib.Compress(data);
        byte[] wrong = [.. whole];
        wrong[^(1 + flip % 4)] ^= (byte)(1 << (flip % 8));
        foreach (var bad in new[] { whole[..^4], wrong, [.. whole, .. trailing.Get], [.. whole[..^4], .. trailing.Get, .. whole[^4..]] })
            Assert.Throws<MalformedDataException>(() => StrictZLib.Decompress(bad, 1 << 20, "test.code"));
        Assert.Equal(data, StrictZLib.Decompress(whole, 1 << 20, "test.code"));
    }

    [Fact]
    [Trait("Row", "TSL-05")]
    public void Raw_deflate_gzip_and_other_headers_are_refused()
    {
        var gzip = new MemoryStream();
        using (var stream = new GZipStream(gzip, CompressionLevel.SmallestSize, leaveOpen: true))
            stream.Write(_example);
        var zlib = StrictZLib.Compress(_example);

        AssertRefused(Raw(_example));
        AssertRefused(gzip.ToArray());
        AssertRefused(_example);
        AssertRefused([]);
        // Another method, a window over 32 KiB, a wrong header check, a preset dictionary.
        foreach (var (cmf, flg) in new (byte, byte)[] { (0x77, 0x01), (0x88, 0x1c), (0x78, 0xdb), (0x78, 0xf9) })
            AssertRefused([cmf, flg, .. zlib[2..]]);
        Assert.Equal(_example, Read(1, zlib).Bytes.ToArray());
        Assert.Equal(_example, Read(1, [0x78, 0x9c, .. zlib[2..]]).Bytes.ToArray());
    }

    [Theory]
    [Trait("Row", "TSL-10")]
    [InlineData("0")]
    [InlineData("3")]
    [InlineData("16")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("1e0")]
    [InlineData("\"1\"")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void Bits_other_than_the_numbers_1_2_4_8_are_refused(string bits)
    {
        var text = $$"""{"bits":{{bits}},"lst":"eNrbuRgAAhcBXQ"}""";
        var refused = Assert.Throws<MalformedDataException>(() => StatusList.Parse(StrictJson.Parse(text)));
        Assert.Equal(StatusListCodes.ListMalformed, refused.Code);
    }

    [Theory]
    [Trait("Row", "TSL-10")]
    [InlineData("""{"lst":"eNrbuRgAAhcBXQ"}""", false)]
    [InlineData("""{"bits":1}""", false)]
    [InlineData("""{"bits":1,"lst":null}""", false)]
    [InlineData("""{"bits":1,"lst":"eNrbuRgAAhcBXQ=="}""", false)]
    [InlineData("""{"bits":1,"lst":"eNrbuRgAAhcBXR"}""", false)]
    [InlineData("""{"bits":1,"lst":"eNrbuRgAAhcBXQ"}""", true)]
    [InlineData("""{"bits":2,"lst":"eNrbuRgAAhcBXQ"}""", true)]
    [InlineData("""{"bits":4,"lst":"eNrbuRgAAhcBXQ"}""", true)]
    [InlineData("""{"bits":8,"lst":"eNrbuRgAAhcBXQ"}""", true)]
    public void Bits_and_list_are_both_needed(string text, bool accepted)
    {
        if (accepted)
            Assert.Equal(_example, StatusList.Parse(StrictJson.Parse(text)).Bytes.ToArray());
        else
            Assert.Throws<MalformedDataException>(() => StatusList.Parse(StrictJson.Parse(text)));
    }

    [Fact]
    [Trait("Row", "TSL-25")]
    public void An_aggregation_with_a_million_lists_is_refused_and_one_with_a_thousand_read()
    {
        static StatusListAggregation Of(int count) => new([.. Enumerable.Range(0, count).Select(i => $"https://a.example/{i}")]);
        static StatusListAggregation Reread(int count) => StatusListAggregation.Parse(StrictJson.ToUtf8(Of(count).ToJson()));

        Assert.Equal(1000, Reread(1000).Uris.Count);
        Assert.Equal(StatusListCodes.AggregationMalformed, Assert.Throws<MalformedDataException>(() => Reread(1001)).Code);
        Assert.Equal(CodecCodes.JsonTooLarge, Assert.Throws<MalformedDataException>(() => Reread(1_000_000)).Code);
        foreach (var bad in new[] { "[]", "{}", """{"status_lists":"x"}""", """{"status_lists":[1]}""", """{"status_lists":["x"]}""" })
            Assert.Throws<MalformedDataException>(() => StatusListAggregation.Parse(System.Text.Encoding.UTF8.GetBytes(bad)));
    }
}
