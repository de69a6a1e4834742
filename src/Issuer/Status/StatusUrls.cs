using Credentials.W3c;

namespace Credentials.Issuer.Status;

/// <summary>Where a status list is served: as a token, and for W3C credentials as a bitstring for each purpose, over the same indexes.</summary>
internal static class StatusUrls
{
    internal static IReadOnlyList<string> BitstringPurposes { get; } = [StatusPurposes.Revocation, StatusPurposes.Suspension];

    internal static string For(IssuerOptions options, string listId) => $"{options.PublicUrl}/status/{listId}";

    internal static string Bitstring(string listUrl, string purpose) => $"{listUrl}/{purpose}";
}
