namespace Credentials.Http;

/// <summary>A copy on disk of what was fetched at some time. It was not changed since, and says no more than an answer from the network does.</summary>
/// <param name="Document">The answer as it came.</param>
/// <param name="FetchedAt">When it came, or was confirmed by its entity tag.</param>
internal sealed record KeptDocument(FetchedDocument Document, DateTimeOffset FetchedAt);
