using System.IO.Compression;
using Credentials.Codecs;
using Credentials.StatusLists;

namespace Credentials.Benchmarks;

/// <summary>A status list of 2^20 entries of one bit, one in a hundred revoked; the limit is zlib over the same bytes.</summary>
internal static class StatusListOperations
{
    private const int Size = 1 << 20;

    public static IReadOnlyList<Operation> All()
    {
        var random = new Random(4711);
        int[] revoked = [.. Enumerable.Range(0, Size / 100).Select(_ => random.Next(Size))];
        var list = Build(revoked);
        var bytes = list.Bytes.ToArray();
        var packed = Pack(bytes);
        var json = StrictJson.ToElement(list.ToJson());
        var pack = new Operation("zlib pack of 128 KiB, best", () => Pack(bytes));
        var unpack = new Operation("zlib unpack of the same", () => Unpack(packed, bytes.Length));
        return
        [
            pack,
            unpack,
            new("status list of 2^20 entries: fill", () => Build(revoked)),
            new("status list of 2^20 entries: write", () => Write(list, revoked[0])) { Limit = [pack], Goal = 0.95 },
            new("status list of 2^20 entries: read and look up", () => _ = StatusList.Parse(json)[revoked[0]]) { Limit = [unpack], Goal = 0.80 },
            new("status list look-up, one entry", () => LookUp(list, revoked)) { Times = revoked.Length },
        ];
    }

    private static void LookUp(StatusList list, int[] revoked)
    {
        foreach (var index in revoked)
        {
            if (list[index] != 1) throw new InvalidOperationException("A revoked entry is not.");
        }
    }

    private static StatusList Build(int[] revoked)
    {
        var list = StatusList.Create(1, Size);
        foreach (var index in revoked) list[index] = 1;
        return list;
    }

    // A list keeps what it compressed until a status is set; to the value that it has will do.
    private static void Write(StatusList list, int index)
    {
        list[index] = 1;
        list.ToJson();
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] packed, int size)
    {
        var bytes = new byte[size];
        using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        zlib.ReadExactly(bytes);
        return bytes;
    }
}
