namespace Credentials.Wallet.Core.Presentation;

/// <summary>What the holder chose to show: for each query id the ids of the documents, all of them from the options of the request.</summary>
public sealed record PresentationSelection(IReadOnlyDictionary<string, IReadOnlyList<string>> Documents)
{
    /// <summary>One document for each of some queries.</summary>
    public static PresentationSelection Of(IEnumerable<KeyValuePair<string, string>> documents) =>
        new(documents.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[pair.Value], StringComparer.Ordinal));
}
