namespace Credentials.StatusLists;

/// <summary>What a status list token says (Token Status List §5).</summary>
public sealed record StatusListTokenContent : StatusTokenContent
{
    /// <summary>The statuses.</summary>
    public required StatusList List { get; init; }
}
