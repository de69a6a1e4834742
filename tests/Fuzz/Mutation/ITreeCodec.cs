namespace Credentials.Fuzz.Tests.Mutation;

/// <summary>An encoding whose values have lengths.</summary>
internal interface ITreeCodec
{
    /// <summary>Takes one encoded value apart; null if it is none.</summary>
    Tree? Read(ReadOnlySpan<byte> bytes);

    /// <summary>Puts it together, with lengths and counts as they come out.</summary>
    byte[] Write(Tree root);

    /// <summary>Another head for a value.</summary>
    ulong ChangeHead(Random random, ulong head);

    /// <summary>A small value of a kind that parsers stumble over.</summary>
    Tree Interesting(Random random);

    /// <summary>A value around a value.</summary>
    Tree Around(Random random, Tree inner);
}
