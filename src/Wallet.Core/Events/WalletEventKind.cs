namespace Credentials.Wallet.Core.Events;

/// <summary>What happened to a document. The numbers are stored and never change.</summary>
public enum WalletEventKind
{
    /// <summary>It runs out soon: fresh copies are due (<see cref="Documents.ReusePolicy.RenewBefore"/>).</summary>
    Expiring = 1,

    /// <summary>Its last copy has run out.</summary>
    Expired = 2,

    /// <summary>Its issuer has revoked it, for good.</summary>
    Revoked = 3,

    /// <summary>Its issuer has suspended it, for the time being.</summary>
    Suspended = 4,

    /// <summary>It was suspended, and is valid again.</summary>
    Resumed = 5,

    /// <summary>Its copies were replaced by fresh ones.</summary>
    Renewed = 6,

    /// <summary>Its issuer had put it off, and now it is here.</summary>
    DeferredIssued = 7,
}
