namespace Credentials.Wallet.Core.History;

/// <summary>What happened. The numbers are stored and never change.</summary>
public enum HistoryKind
{
    /// <summary>A document was received and stored.</summary>
    Received = 1,

    /// <summary>What an issuer sent was not accepted, and not stored.</summary>
    ReceiptRefused = 2,

    /// <summary>The holder turned an offer down.</summary>
    OfferDeclined = 3,

    /// <summary>A verifier asked, and was neither answered nor refused (yet).</summary>
    Requested = 4,

    /// <summary>Claims were sent, and the verifier took them.</summary>
    Presented = 5,

    /// <summary>
    /// Claims were sent, and the verifier did not confirm that it took them: it answered with an error, with something unreadable, or not at all.
    /// It may have them.
    /// </summary>
    PresentedUnconfirmed = 6,

    /// <summary>The holder turned a request down.</summary>
    RequestDeclined = 7,

    /// <summary>The wallet refused a request by itself, because it breaks a rule; nothing was shared.</summary>
    RequestRefused = 8,

    /// <summary>The holder deleted a document.</summary>
    Deleted = 9,

    /// <summary>The holder asked a verifier to delete what it was shown.</summary>
    DeletionRequested = 10,

    /// <summary>A document was renewed: its copies were replaced by fresh ones.</summary>
    Renewed = 12,

    /// <summary>The holder reported a verifier to an authority.</summary>
    VerifierReported = 11,
}
