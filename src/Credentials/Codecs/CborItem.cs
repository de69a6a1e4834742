namespace Credentials.Codecs;

/// <summary>One data item on a <see cref="CborTape"/>.</summary>
internal struct CborItem
{
    /// <summary>What it is.</summary>
    public CborKind Kind;

    /// <summary>True for a string, array or map that is ended by a break.</summary>
    public bool IsIndefinite;

    /// <summary>Where its bytes begin.</summary>
    public int Start;

    /// <summary>Where the bytes after it begin.</summary>
    public int End;

    /// <summary>Elements of an array or members of a map.</summary>
    public int Count;

    /// <summary>The place on the tape of the item after it and all it contains.</summary>
    public int Next;

    /// <summary>Integer, length of a string, tag number, bits of a float, or simple value.</summary>
    public ulong Argument;
}
