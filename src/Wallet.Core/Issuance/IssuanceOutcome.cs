using Credentials.Wallet.Core.Documents;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>What became of one offered document.</summary>
/// <param name="ConfigurationId">Which one.</param>
/// <param name="Document">The document, verified and stored; null when it was refused, and then nothing of it is kept.</param>
/// <param name="Code">Why it was refused: a code of <see cref="WalletCodes"/>; null when it was stored.</param>
/// <param name="Reports">The verification of each copy that came.</param>
public sealed record IssuanceOutcome(string ConfigurationId, Document? Document, string? Code, IReadOnlyList<VerificationReport> Reports)
{
    /// <summary>The <see cref="DeferredIssuance"/> to be resumed, when the issuer will issue later (<c>wallet.issuance_deferred</c>).</summary>
    public string? DeferredId { get; init; }

    /// <summary>True when the document is in the wallet.</summary>
    public bool IsStored => Document is not null;
}
