namespace Credentials.Fuzz.Tests.Mutation;

/// <summary>DER (X.690). The head is the tag's byte; an octet string that holds DER, as extensions do, has that as its child.</summary>
internal sealed class DerTree : ITreeCodec
{
    private const int Constructed = 0x20;
    private const int OctetString = 0x04;

    private static readonly byte[][] s_interesting =
    [
        [0x05, 0x00], [0x30, 0x00], [0x02, 0x01, 0x00], [0x02, 0x01, 0x80], [0x02, 0x00], [0x01, 0x01, 0xff], [0x01, 0x01, 0x01], [0x03, 0x01, 0x00], [0x03, 0x00], [0x04, 0x00], [0x0a, 0x01, 0x08],
        [0x17, 0x0d, 0x34, 0x39, 0x31, 0x32, 0x33, 0x31, 0x32, 0x33, 0x35, 0x39, 0x35, 0x39, 0x5a], [0x18, 0x0f, 0x39, 0x39, 0x39, 0x39, 0x31, 0x32, 0x33, 0x31, 0x32, 0x33, 0x35, 0x39, 0x35, 0x39, 0x5a],
        [0x18, 0x0f, 0x30, 0x30, 0x30, 0x30, 0x30, 0x31, 0x30, 0x31, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x5a], [0x06, 0x03, 0x55, 0x1d, 0x1b], [0x06, 0x03, 0x55, 0x1d, 0x1c], [0x06, 0x03, 0x55, 0x1d, 0x0f],
        [0x06, 0x03, 0x55, 0x1d, 0x13], [0x06, 0x03, 0x55, 0x1d, 0x11], [0x06, 0x00], [0x0c, 0x01, 0xff], [0x16, 0x01, 0x80], [0xa0, 0x00], [0x86, 0x00], [0x30, 0x03, 0x01, 0x01, 0xff],
    ];

    public static DerTree Instance { get; } = new();

    public Tree? Read(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        return Read(bytes, ref at, 0) is { } root && at == bytes.Length ? root : null;
    }

    public byte[] Write(Tree root)
    {
        byte[] content = root.Children.Count > 0 ? [.. root.Children.SelectMany(Write)] : root.Content;
        byte[] length = content.Length switch
        {
            < 0x80 => [(byte)content.Length],
            <= 0xff => [0x81, (byte)content.Length],
            <= 0xffff => [0x82, (byte)(content.Length >> 8), (byte)content.Length],
            _ => [0x83, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length],
        };
        return [(byte)root.Head, .. length, .. content];
    }

    public ulong ChangeHead(Random random, ulong head) => random.Next(2) == 0 ? head ^ (1UL << random.Next(8)) : (ulong)random.Next(256);

    public Tree Interesting(Random random) => Read(s_interesting[random.Next(s_interesting.Length)])!;

    public Tree Around(Random random, Tree inner) => new() { Head = random.Next(3) switch { 0 => 0x30, 1 => 0x31, _ => 0xa0 }, Children = [inner] };

    private static Tree? Read(ReadOnlySpan<byte> bytes, ref int at, int depth)
    {
        if (at + 2 > bytes.Length || depth > 100) return null;
        var tag = bytes[at++];
        if ((tag & 0x1f) == 0x1f) return null;
        int length = bytes[at++];
        if (length >= 0x80)
        {
            var size = length & 0x7f;
            if (size is 0 or > 3 || at + size > bytes.Length) return null;
            length = 0;
            for (; size > 0; size--) length = (length << 8) | bytes[at++];
        }

        if (length > bytes.Length - at) return null;
        var tree = new Tree { Head = tag, Content = bytes.Slice(at, length).ToArray() };
        at += length;
        if ((tag & Constructed) != 0 || tag == OctetString)
        {
            for (var inside = 0; inside < tree.Content.Length;)
            {
                if (Read(tree.Content, ref inside, depth + 1) is { } child)
                {
                    tree.Children.Add(child);
                    continue;
                }

                tree.Children.Clear();
                break;
            }
        }

        return tree;
    }
}
