using Credentials.Http;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Trust;

/// <summary>What is fetched to verify, kept in the data folder for when the network is away; the operator says how much of it.</summary>
internal sealed class OfflineStore
{
    public OfflineStore(VerifierHostOptions options, ServiceKey key)
    {
        if (options.OfflineStoreMegabytes == 0)
            return;
        var folder = Path.Combine(options.DataFolder, "offline");
        try
        {
            Kept = new KeptDocuments(folder, key.CopiesKey, (long)options.OfflineStoreMegabytes << 20);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VerifierStartException($"the folder {folder} cannot be used", e);
        }
    }

    /// <summary>Null where nothing is kept.</summary>
    public KeptDocuments? Kept { get; }
}
