namespace Credentials.Issuer.Status;

/// <summary>Where a status list is served.</summary>
internal static class StatusUrls
{
    internal static string For(IssuerOptions options, string listId) => $"{options.PublicUrl}/status/{listId}";
}
