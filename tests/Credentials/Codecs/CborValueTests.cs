using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.Tests.Codecs;

public class CborValueTests
{
    private const string Code = "test.malformed";

    private static CborValue Accept(string hex, CborLimits? limits = null) =>
        CborValue.Decode(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), Code, limits);

    private static MalformedDataException Refuse(string hex, CborLimits? limits = null) =>
        Assert.Throws<MalformedDataException>(() => Accept(hex, limits));

    [Theory]
    [Trait("Row", "CBR-02")]
    [InlineData("a201010102")]
    [InlineData("a20101180102")]
    [InlineData("a2 180101 1900010202")]
    [InlineData("a26161017f6161ff02")]
    [InlineData("a27f6161ff017f606161ff02")]
    [InlineData("a24161015f4161ff02")]
    [InlineData("bf 616101 616202 616103 ff")]
    [InlineData("a2f501f502")]
    [InlineData("a2f601f602")]
    [InlineData("a2 2001 380002")]
    public void Decode_refuses_the_same_key_twice_however_it_is_spelled(string hex)
    {
        Assert.Equal(Code, Refuse(hex).Code);
        Assert.Equal(2, Accept("a201010202").Count);
    }

    [Theory]
    [Trait("Row", "CBR-02")]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public void Decode_finds_the_same_key_among_few_and_among_many(int count)
    {
        byte[] Map(int last) => CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(count);
            for (var i = 0; i < count; i++)
            {
                writer.WriteTextString($"name{(i == count - 1 ? last : i)}");
                writer.WriteInt32(i);
            }

            writer.WriteEndMap();
        });
        Assert.Equal(count, CborValue.Decode(Map(count - 1)).Count);
        Assert.Throws<MalformedDataException>(() => CborValue.Decode(Map(0)));
        Assert.Throws<MalformedDataException>(() => CborValue.Decode(Map(count - 2)));
    }

    [Fact]
    [Trait("Row", "CBR-03")]
    public void Decode_keeps_keys_of_different_types_apart()
    {
        // 1, -1, true, "1", h'31', null, false, 0
        var map = Accept("a8 0101 2002 f503 613104 413105 f606 f407 0008");
        Assert.Equal(8, map.Count);
        Assert.Equal(1, map.Require(1).GetInt64());
        Assert.Equal(2, map.Require(-1).GetInt64());
        Assert.Equal(4, map.Require("1"u8).GetInt64());
        Assert.Equal(8, map.Require(0).GetInt64());
        Assert.Throws<MalformedDataException>(() => Accept("f5").GetInt64());
        Assert.Throws<MalformedDataException>(() => Accept("01").GetBoolean());
    }

    [Theory]
    [Trait("Row", "CBR-02")]
    [InlineData("a18001")]
    [InlineData("a1a001")]
    [InlineData("a1c10101")]
    [InlineData("a1f93c0001")]
    public void Decode_refuses_keys_that_no_structure_has(string hex) => Assert.Equal(Code, Refuse(hex).Code);

    [Theory]
    [Trait("Row", "CBR-04")]
    [InlineData("1801", 1)]
    [InlineData("190001", 1)]
    [InlineData("1a00000001", 1)]
    [InlineData("1b0000000000000001", 1)]
    [InlineData("3800", -1)]
    [InlineData("3b0000000000000000", -1)]
    public void Decode_reads_integers_that_are_longer_than_needed_and_keeps_their_bytes(string hex, long value)
    {
        Assert.Equal(value, Accept(hex).GetInt64());
        Assert.Equal(hex, Convert.ToHexStringLower(Accept(hex).Encoded.Span));
    }

    [Fact]
    [Trait("Row", "CBR-04")]
    public void Decode_reads_lengths_that_are_longer_than_needed_and_our_writer_never_makes_them()
    {
        Assert.Equal([1, 2], Accept("590002 0102").GetBytes().ToArray());
        Assert.Equal("a", Accept("7a0000000161").GetText());
        Assert.Equal(1, Accept("9b000000000000000101").Count);
        Assert.Equal(2, Accept("b90001 0102").Require(1).GetInt64());
        Assert.Equal(24UL, Accept("d90018 40").GetTag());
        Assert.Equal("01", Convert.ToHexStringLower(CborWriting.Encode(writer => writer.WriteInt64(1))));
        Assert.Equal("d8184101", Convert.ToHexStringLower(EncodedCbor.Wrap(new byte[] { 1 }).Bytes.Span));
    }

    [Fact]
    [Trait("Row", "CBR-06")]
    public void Decode_reads_maps_in_any_order_and_keeps_the_order()
    {
        var map = Accept("a3026162016161616101");
        var keys = new List<CborKind>();
        foreach (var (key, _) in map.EnumerateMap()) keys.Add(key.Kind);
        Assert.Equal([CborKind.UnsignedInteger, CborKind.UnsignedInteger, CborKind.TextString], keys);
        Assert.Equal("b", map.Require(2).GetText());
        Assert.Equal("a", map.Require(1).GetText());
    }

    [Theory]
    [Trait("Row", "CBR-07")]
    [InlineData("0000")]
    [InlineData("a000")]
    [InlineData("80ff")]
    [InlineData("")]
    [InlineData("4101f6")]
    public void Decode_wants_exactly_one_item(string hex)
    {
        Assert.Equal(Code, Refuse(hex).Code);
        if (hex.Length > 0) Accept(hex[..^2]);
    }

    [Theory]
    [Trait("Row", "CBR-08")]
    [InlineData("9bffffffffffffffff")]
    [InlineData("9b7fffffffffffffff")]
    [InlineData("5b7fffffffffffffff")]
    [InlineData("5bffffffffffffffff")]
    [InlineData("7b7fffffffffffffff")]
    [InlineData("7bffffffffffffffff")]
    [InlineData("bbffffffffffffffff")]
    [InlineData("bb7fffffffffffffff")]
    [InlineData("bb8000000000000001")]
    [InlineData("9a7fffffff")]
    [InlineData("5a7fffffff")]
    [InlineData("ba7fffffff")]
    [InlineData("ba40000001")]
    [InlineData("5f5b7fffffffffffffff")]
    [InlineData("99ffff")]
    public void Decode_refuses_a_length_that_is_not_there_and_sets_no_memory_aside_for_it(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Throws<MalformedDataException>(() => CborValue.Decode(bytes));
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            CborValue.Decode(bytes);
        }
        catch (MalformedDataException)
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
        }
    }

    [Theory]
    [Trait("Row", "CBR-09")]
    [InlineData("81")]
    [InlineData("9f")]
    [InlineData("a101")]
    [InlineData("bf01")]
    [InlineData("c6")]
    [InlineData("8181c6")]
    public void Decode_refuses_what_is_nested_deeper_than_16(string head)
    {
        var size = head == "8181c6" ? 3 : 1;
        string Nested(int depth)
        {
            var levels = (depth - 1) / size;
            var ends = head is "9f" or "bf01" ? string.Concat(Enumerable.Repeat("ff", levels)) : "";
            return string.Concat(Enumerable.Repeat(head, levels)) + "00" + ends;
        }

        Accept(Nested(16));
        Assert.Equal(CodecCodes.CborTooLarge, Refuse(Nested(16 + size)).Code);
        Assert.Equal(CodecCodes.CborTooLarge, Refuse(Nested(65 * size + 1)).Code);
        Assert.Equal(CodecCodes.CborTooLarge, Refuse(string.Concat(Enumerable.Repeat(head, 100_000))).Code);
    }

    [Fact]
    [Trait("Row", "CBR-09")]
    public void Decode_sets_little_memory_aside_for_a_million_arrays()
    {
        var bytes = new byte[1 << 20];
        Array.Fill(bytes, (byte)0x81);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedDataException>(() => CborValue.Decode(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Theory]
    [Trait("Row", "CBR-12")]
    [InlineData("61ff")]
    [InlineData("62c328")]
    [InlineData("63eda080")]
    [InlineData("62c080")]
    [InlineData("7f61c361a9ff")]
    [InlineData("f800")]
    [InlineData("f814")]
    [InlineData("f818")]
    [InlineData("f81f")]
    [InlineData("1c")]
    [InlineData("1d")]
    [InlineData("1e")]
    [InlineData("1f")]
    [InlineData("3f")]
    [InlineData("5c")]
    [InlineData("7d")]
    [InlineData("9e")]
    [InlineData("bc")]
    [InlineData("dc")]
    [InlineData("df00")]
    [InlineData("fc")]
    [InlineData("fd")]
    [InlineData("fe")]
    [InlineData("ff")]
    [InlineData("81ff")]
    [InlineData("a1ff")]
    [InlineData("a101ff")]
    [InlineData("bf01ff")]
    [InlineData("c1ff")]
    [InlineData("5f6161ff")]
    [InlineData("7f4161ff")]
    [InlineData("5f5f4161ffff")]
    [InlineData("5f01ff")]
    [InlineData("5f41")]
    [InlineData("5f")]
    [InlineData("9f")]
    [InlineData("9f01")]
    [InlineData("bf")]
    [InlineData("18")]
    [InlineData("1900")]
    [InlineData("f9")]
    [InlineData("f93c")]
    [InlineData("fb3ff00000000000")]
    [InlineData("c1")]
    public void Decode_refuses_what_is_not_well_formed(string hex) => Assert.Equal(Code, Refuse(hex).Code);

    [Theory]
    [Trait("Row", "CBR-12")]
    [InlineData("62c3a9", CborKind.TextString)]
    [InlineData("7f62c3a9ff", CborKind.TextString)]
    [InlineData("7fff", CborKind.TextString)]
    [InlineData("5fff", CborKind.ByteString)]
    [InlineData("9fff", CborKind.Array)]
    [InlineData("bfff", CborKind.Map)]
    [InlineData("f820", CborKind.Simple)]
    [InlineData("f8ff", CborKind.Simple)]
    [InlineData("e0", CborKind.Simple)]
    [InlineData("f7", CborKind.Simple)]
    [InlineData("f6", CborKind.Null)]
    [InlineData("f4", CborKind.Boolean)]
    [InlineData("f97e00", CborKind.Float)]
    [InlineData("fa7fc00000", CborKind.Float)]
    [InlineData("c000", CborKind.Tag)]
    public void Decode_reads_what_is_well_formed(string hex, CborKind kind) => Assert.Equal(kind, Accept(hex).Kind);

    [Fact]
    public void Chunks_are_joined()
    {
        Assert.Equal("abc", Accept("7f616162626360ff").GetText());
        Assert.Equal([1, 2, 3], Accept("5f4101420203ff").GetBytes().ToArray());
        Assert.True(Accept("7f61616162ff").TextEquals("ab"u8));
        Assert.Equal(7, Accept("a17f61616162ff07").Require("ab"u8).GetInt64());
    }

    [Fact]
    public void Numbers_are_read_up_to_their_bounds_and_refused_beyond()
    {
        Assert.Equal(long.MaxValue, Accept("1b7fffffffffffffff").GetInt64());
        Assert.Equal(long.MinValue, Accept("3b7fffffffffffffff").GetInt64());
        Assert.Equal(Code, Assert.Throws<MalformedDataException>(() => Accept("1b8000000000000000").GetInt64()).Code);
        Assert.Equal(Code, Assert.Throws<MalformedDataException>(() => Accept("3b8000000000000000").GetInt64()).Code);
        Assert.Equal((1.0, 1.5, 1.1), (Accept("f93c00").GetDouble(), Accept("fa3fc00000").GetDouble(), Accept("fb3ff199999999999a").GetDouble()));
    }

    [Fact]
    [Trait("Row", "CBR-14")]
    public void Numbers_and_times_of_a_mebibyte_are_refused_by_what_reads_them()
    {
        var bignum = Accept("c25a000ffff8" + new string('f', 2 * 0xffff8));
        Assert.Throws<MalformedDataException>(() => bignum.GetInt64());
        var text = Accept("c07a000ffff8" + string.Concat(Enumerable.Repeat("31", 0xffff8)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedDataException>(() => text.GetDateTime());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
        Assert.Throws<MalformedDataException>(() => Accept("c1f97c00").GetDateTime());
        Assert.Equal(CodecCodes.CborTooLarge, Refuse("c25a00100000" + new string('f', 2 << 20)).Code);
    }

    [Fact]
    public void The_cap_on_bytes_is_exact()
    {
        byte[] Of(int length)
        {
            var bytes = new byte[length];
            (bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]) =
                (0x5a, (byte)((length - 5) >> 24), (byte)((length - 5) >> 16), (byte)((length - 5) >> 8), (byte)(length - 5));
            return bytes;
        }

        foreach (var length in new[] { (1 << 20) - 1, 1 << 20 }) Assert.Equal(length - 5, CborValue.Decode(Of(length)).GetBytes().Length);
        Assert.Equal(CodecCodes.CborTooLarge, Assert.Throws<MalformedDataException>(() => CborValue.Decode(Of((1 << 20) + 1))).Code);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void The_cap_on_members_is_exact(bool isMap, bool isIndefinite)
    {
        byte[] Of(int count)
        {
            var writer = new CborWriter(CborConformanceMode.Lax);
            int? announced = isIndefinite ? null : count;
            if (isMap) writer.WriteStartMap(announced);
            else writer.WriteStartArray(announced);
            for (var i = 0; i < count; i++)
            {
                if (isMap) writer.WriteInt32(i);
                writer.WriteInt32(i);
            }

            if (isMap) writer.WriteEndMap();
            else writer.WriteEndArray();
            return writer.Encode();
        }

        foreach (var count in new[] { 999, 1000 }) Assert.Equal(count, CborValue.Decode(Of(count)).Count);
        Assert.Equal(CodecCodes.CborTooLarge, Assert.Throws<MalformedDataException>(() => CborValue.Decode(Of(1001))).Code);
    }

    [Fact]
    public void The_cap_on_items_is_exact()
    {
        var limits = CborLimits.Default with { MaxItems = 100 };
        string Of(int items) => $"98{items - 1:x2}" + string.Concat(Enumerable.Repeat("00", items - 1));
        Accept(Of(99), limits);
        Accept(Of(100), limits);
        Assert.Equal(CodecCodes.CborTooLarge, Refuse(Of(101), limits).Code);
        // 65 536 by default: 66 arrays of 999 in one array are more.
        var many = "9842" + string.Concat(Enumerable.Repeat("9903e7" + string.Concat(Enumerable.Repeat("00", 999)), 66));
        Assert.Equal(CodecCodes.CborTooLarge, Refuse(many).Code);
    }

    [Theory]
    [InlineData("01")]
    [InlineData("20")]
    [InlineData("4101")]
    [InlineData("6161")]
    [InlineData("8101")]
    [InlineData("a10102")]
    [InlineData("c101")]
    [InlineData("f5")]
    [InlineData("f6")]
    [InlineData("f7")]
    [InlineData("f93c00")]
    [Trait("Row", "CBR-10")]
    public void Reading_a_value_as_something_else_gives_an_error_under_its_code(string hex)
    {
        var value = Accept(hex);
        var reads = new Dictionary<CborKind, Action>
        {
            [CborKind.TextString] = () => value.GetText(),
            [CborKind.ByteString] = () => value.GetBytes(),
            [CborKind.Boolean] = () => value.GetBoolean(),
            [CborKind.Float] = () => value.GetDouble(),
            [CborKind.Array] = () => value.EnumerateArray(),
            [CborKind.Map] = () => value.EnumerateMap(),
            [CborKind.Tag] = () => value.GetTag(),
        };
        foreach (var (kind, read) in reads)
        {
            if (kind == value.Kind) read();
            else Assert.Equal(Code, Assert.Throws<MalformedDataException>(read).Code);
        }

        if (value.Kind is not (CborKind.UnsignedInteger or CborKind.NegativeInteger)) Assert.Throws<MalformedDataException>(() => value.GetInt64());
        Assert.Throws<MalformedDataException>(() => value.GetArray(2));
        Assert.Throws<MalformedDataException>(() => value.GetEncodedCbor());
        Assert.Throws<MalformedDataException>(() => value.Require("x"u8));
        Assert.Equal(value.Kind == CborKind.Null, value.IsNull);
    }

    [Fact]
    public void An_encoded_item_keeps_its_bytes_and_opens_with_the_same_strictness()
    {
        var item = Accept("d818 5803 a10102").GetEncodedCbor();
        Assert.Equal("d8185803a10102", Convert.ToHexStringLower(item.Bytes.Span));
        Assert.Equal("a10102", Convert.ToHexStringLower(item.Content.Span));
        Assert.Equal(2, item.Decode().Require(1).GetInt64());
        var twice = Accept("d81845a201010102").GetEncodedCbor();
        Assert.Equal("other", Assert.Throws<MalformedDataException>(() => twice.Decode("other")).Code);
        Assert.Throws<MalformedDataException>(() => Accept("d8186161").GetEncodedCbor());
        Assert.Throws<MalformedDataException>(() => Accept("d819 4100").GetEncodedCbor());
        Assert.Throws<MalformedDataException>(() => Accept("4100").GetEncodedCbor());
    }
}
