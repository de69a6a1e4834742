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

    /// <summary>The place on the tape of the item after it and all it contains.</summary>
    public int Next;

    /// <summary>Integer, length of a string, elements of an array, members of a map, tag number, bits of a float, or simple value.</summary>
    public ulong Argument;

    /// <summary>Elements of an array or members of a map; 0 for anything else.</summary>
    public readonly int Count => Kind is CborKind.Array or CborKind.Map ? (int)Argument : 0;
}
