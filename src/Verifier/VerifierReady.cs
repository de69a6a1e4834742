namespace Credentials.Verifier;

/// <summary>What a started service tells: the contract's <c>ready</c> line.</summary>
/// <param name="Url">The public base URL.</param>
/// <param name="ApiKey">The relying party's key, only when it was made now: it is kept as a hash and cannot be shown again.</param>
/// <param name="Trust">Path of the PEM that wallets must trust for verifiers.</param>
public sealed record VerifierReady(string Url, string? ApiKey, string Trust)
{
    /// <summary>By relying party of the parties file: the keys that were made now, its first one each.</summary>
    public IReadOnlyDictionary<string, string> PartyKeys { get; init; } = new Dictionary<string, string>();
}
