namespace Credentials.JsonLd;

/// <summary>What a context says of one term (JSON-LD 1.1 §9.15.1), as written.</summary>
internal sealed record TermEntry
{
    public ContextEntry Id { get; init; }

    /// <summary>True if the entry is only text.</summary>
    public bool IsSimple { get; init; }

    public string? Type { get; init; }

    public TermContainers Containers { get; init; }

    public ContextEntry Language { get; init; }

    public ContextEntry Direction { get; init; }

    public bool? IsPrefix { get; init; }

    public bool? IsProtected { get; init; }

    /// <summary>The scoped context; null if there is none.</summary>
    public LocalContext? Scope { get; init; }
}
