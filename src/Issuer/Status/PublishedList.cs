namespace Credentials.Issuer.Status;

/// <summary>A signed status list token as it is served, plain and gzip.</summary>
internal sealed record PublishedList(long Version, DateTimeOffset SignedAt, byte[] Token, byte[] Gzip, string ETag);
