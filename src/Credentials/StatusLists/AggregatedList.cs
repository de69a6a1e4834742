namespace Credentials.StatusLists;

/// <summary>One list of an aggregation after the attempt to fetch it.</summary>
/// <param name="Uri">URI of the list.</param>
/// <param name="Code">Why no usable copy is at hand; null when one is. A code of <see cref="StatusListCodes"/>, or that of a malformed token.</param>
public sealed record AggregatedList(string Uri, string? Code);
