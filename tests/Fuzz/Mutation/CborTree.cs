using System.Buffers.Binary;

namespace Credentials.Fuzz.Tests.Mutation;

/// <summary>
/// CBOR (RFC 8949). The head of a value is its major type in the top byte and its argument in the rest; a byte string that holds
/// CBOR, as tag 24 and COSE have it, has that as its child. Definite lengths only: the others come from the blind changes.
/// </summary>
internal sealed class CborTree : ITreeCodec
{
    private const int Major = 56;
    private const ulong Argument = (1UL << Major) - 1;

    private static readonly byte[][] s_interesting =
    [
        [0xf6], [0xf7], [0xf4], [0x00], [0x20], [0x40], [0x60], [0x80], [0xa0], [0x1b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xf9, 0x7e, 0x00], [0xf9, 0x7c, 0x00],
        [0x1a, 0x7f, 0xff, 0xff, 0xff], [0xfa, 0x47, 0xc3, 0x50, 0x00], [0xc0, 0x60], [0xd8, 0x18, 0x41, 0xf6], [0x81, 0xf6], [0x61, 0x30], [0xc2, 0x41, 0x01], [0xf8, 0x20],
    ];

    public static CborTree Instance { get; } = new();

    public Tree? Read(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        var budget = 2000;
        return Read(bytes, ref at, 0, ref budget) is { } root && at == bytes.Length ? root : null;
    }

    public byte[] Write(Tree root)
    {
        var output = new MemoryStream();
        Write(output, root);
        return output.ToArray();
    }

    public ulong ChangeHead(Random random, ulong head) => random.Next(3) switch
    {
        0 => ((ulong)random.Next(8) << Major) | (head & Argument),
        1 => (head & ~Argument) | (ulong)random.NextInt64(1L << random.Next(1, 48)),
        _ => (head & ~Argument) | ((head + (ulong)random.Next(-3, 4)) & Argument),
    };

    public Tree Interesting(Random random) => Read(s_interesting[random.Next(s_interesting.Length)])!;

    public Tree Around(Random random, Tree inner) => new()
    {
        Head = (ulong)(random.Next(3) switch { 0 => 4, 1 => 6, _ => 2 }) << Major | 24,
        Children = [inner],
    };

    private static Tree? Read(ReadOnlySpan<byte> bytes, ref int at, int depth, ref int budget)
    {
        if (at >= bytes.Length || depth > 200 || --budget < 0) return null;
        var (major, low) = (bytes[at] >> 5, bytes[at++] & 0x1f);
        if (low > 27) return null;
        var size = low < 24 ? 0 : 1 << (low - 24);
        if (at + size > bytes.Length) return null;
        Span<byte> eight = stackalloc byte[8];
        eight.Clear();
        bytes.Slice(at, size).CopyTo(eight[(8 - size)..]);
        var argument = size == 0 ? (ulong)low : BinaryPrimitives.ReadUInt64BigEndian(eight);
        byte[] content = major == 7 ? bytes[(at - 1)..(at + size)].ToArray() : [];
        at += size;
        var tree = new Tree { Head = ((ulong)major << Major) | (argument & Argument), Content = content };
        ulong children = major switch { 4 => argument, 5 => argument * 2, 6 => 1UL, _ => 0UL };
        if (major is 2 or 3)
        {
            if (argument > (ulong)(bytes.Length - at)) return null;
            tree.Content = bytes.Slice(at, (int)argument).ToArray();
            at += (int)argument;
            var inside = 0;
            if (major == 2 && tree.Content.Length > 1 && Read(tree.Content, ref inside, depth + 1, ref budget) is { } inner && inside == tree.Content.Length) tree.Children.Add(inner);
        }

        if (children > (ulong)bytes.Length) return null;
        for (; children > 0; children--)
        {
            if (Read(bytes, ref at, depth + 1, ref budget) is not { } child) return null;
            tree.Children.Add(child);
        }

        return tree;
    }

    private void Write(MemoryStream output, Tree tree)
    {
        var major = (int)(tree.Head >> Major);
        switch (major)
        {
            case 7 when tree.Content.Length > 0:
                output.Write(tree.Content);
                return;
            case 2 or 3:
                var content = tree.Children.Count > 0 ? tree.Children.SelectMany(Write).ToArray() : tree.Content;
                WriteHead(output, major, (ulong)content.Length);
                output.Write(content);
                return;
            case 4:
                WriteHead(output, major, (ulong)tree.Children.Count);
                break;
            case 5:
                WriteHead(output, major, (ulong)tree.Children.Count / 2);
                break;
            default:
                WriteHead(output, major, tree.Head & Argument);
                break;
        }

        foreach (var child in tree.Children) Write(output, child);
    }

    private static void WriteHead(MemoryStream output, int major, ulong argument)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, argument);
        (int Low, int Size) head = argument switch { < 24 => ((int)argument, 0), <= byte.MaxValue => (24, 1), <= ushort.MaxValue => (25, 2), <= uint.MaxValue => (26, 4), _ => (27, 8) };
        output.WriteByte((byte)((major << 5) | head.Low));
        output.Write(bytes[(8 - head.Size)..]);
    }
}
