using Credentials.Issuer.Catalog;

namespace Credentials.Issuer;

/// <summary>What is allowed and probably not what the agency wants: told when the service starts.</summary>
internal static partial class StartNotes
{
    internal static void Write(ILogger logger, IssuerOptions options, CredentialCatalog catalog, DateTimeOffset signerEnds, DateTimeOffset now)
    {
        var cut = catalog.Types.Where(type => !type.IsShipped && now.AddDays(type.ValidDays) > signerEnds).Select(type => type.Id).ToList();
        if (cut.Count > 0)
            LogCut(logger, string.Join(", ", cut), signerEnds.UtcDateTime);
        if (options.IsHttps && options.Names.Values.Contains(IssuerOptions.DemoName))
            LogDemoName(logger);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No credential outlives the certificate that it is checked with: those of {Types} end by {Ends:yyyy-MM-dd}, before the days of their catalogue files are over")]
    private static partial void LogCut(ILogger logger, string types, DateTime ends);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agency still has the name of the demo: Issuer__Names__en and Issuer__Names__ko say how it is called")]
    private static partial void LogDemoName(ILogger logger);
}
