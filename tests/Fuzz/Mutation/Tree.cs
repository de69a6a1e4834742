namespace Credentials.Fuzz.Tests.Mutation;

/// <summary>A value of an encoding with lengths, taken apart so that a change inside keeps the lengths around it right.</summary>
internal sealed class Tree
{
    /// <summary>What the value is, in the encoding's own terms: the tag, or the major type and argument.</summary>
    public required ulong Head { get; set; }

    /// <summary>The content, where it is not made of other values.</summary>
    public byte[] Content { get; set; } = [];

    /// <summary>The values inside.</summary>
    public List<Tree> Children { get; init; } = [];

    /// <summary>Changes one value somewhere in an encoded value.</summary>
    public static byte[] Change(Mutator mutator, ITreeCodec codec, byte[] input, byte[] other)
    {
        var random = mutator.Random;
        if (codec.Read(input) is not { } root) return mutator.ChangeBytes(input, other);
        List<Tree> all = [];
        root.Collect(all);
        var node = all[random.Next(all.Count)];
        var child = node.Children.Count > 0 ? random.Next(node.Children.Count) : -1;
        switch (random.Next(9))
        {
            case 0:
                node.Head = codec.ChangeHead(random, node.Head);
                break;
            case 1:
                node.Become(codec.Interesting(random));
                break;
            case 2 when child >= 0:
                node.Children.RemoveAt(child);
                break;
            case 3 when child >= 0:
                node.Children.Insert(child, node.Children[random.Next(node.Children.Count)]);
                break;
            case 4 when child >= 0:
                var swapped = random.Next(node.Children.Count);
                (node.Children[child], node.Children[swapped]) = (node.Children[swapped], node.Children[child]);
                break;
            case 5 when codec.Read(other) is { } foreign:
                List<Tree> pieces = [];
                foreign.Collect(pieces);
                node.Become(pieces[random.Next(pieces.Count)]);
                break;
            case 6 when random.Next(10) == 0:
                for (var depth = 1 << random.Next(7); depth > 0; depth--) node.Become(codec.Around(random, node.Copy()));
                break;
            default:
                if (node.Children.Count == 0) node.Content = mutator.ChangeBytes(node.Content, other);
                else node.Become(all[random.Next(all.Count)].Copy());
                break;
        }

        return root.Size(0) ? codec.Write(root) : input;
    }

    /// <summary>A copy that shares nothing.</summary>
    public Tree Copy() => new() { Head = Head, Content = Content, Children = [.. Children.Select(child => child.Copy())] };

    private void Become(Tree other)
    {
        var copy = other.Copy();
        (Head, Content) = (copy.Head, copy.Content);
        Children.Clear();
        Children.AddRange(copy.Children);
    }

    private void Collect(List<Tree> all)
    {
        all.Add(this);
        foreach (var child in Children) child.Collect(all);
    }

    // A value put into itself a few times is enough.
    private bool Size(int depth) => depth < 300 && Children.All(child => child.Size(depth + 1));
}
