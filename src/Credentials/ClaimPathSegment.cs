namespace Credentials;

/// <summary>One step of a <see cref="ClaimPath"/>: a member name, an array index, or every element of an array.</summary>
public readonly record struct ClaimPathSegment
{
    private ClaimPathSegment(string? name, int? index)
    {
        Name = name;
        Index = index;
    }

    /// <summary>The member name, for a step into an object.</summary>
    public string? Name { get; }

    /// <summary>The zero-based position, for a step into an array.</summary>
    public int? Index { get; }

    /// <summary>True for the JSON null of the pointer: every element of an array.</summary>
    public bool IsAll => Name is null && Index is null;

    /// <summary>A step to the member of this name.</summary>
    public static ClaimPathSegment Member(string name) => new(name, null);

    /// <summary>A step to the element at this position.</summary>
    public static ClaimPathSegment Element(int index) => new(null, index);

    /// <summary>A step to every element.</summary>
    public static ClaimPathSegment All => default;
}
