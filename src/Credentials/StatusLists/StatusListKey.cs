namespace Credentials.StatusLists;

/// <summary>A list as one authority vouches for it: what one authority's list says is never used for another's credentials.</summary>
internal readonly record struct StatusListKey(string Uri, string AnchorId, StatusTokenKind Kind);
