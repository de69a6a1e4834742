namespace Credentials.Wallet.Core.Issuance;

/// <summary>Why fresh copies of a document are due.</summary>
public enum RenewalReason
{
    /// <summary>It runs out soon, or has: <see cref="Documents.ReusePolicy.RenewBefore"/>.</summary>
    Expiring = 1,

    /// <summary>Few copies are left that no verifier has seen as often as it may: <see cref="Documents.ReusePolicy.RenewAtUnused"/>.</summary>
    FewFreshCopies = 2,
}
