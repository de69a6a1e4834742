namespace Credentials.Issuer.Storage;

/// <summary>What staff decided about a deferred issuance. Numbers are stored: never change them.</summary>
internal enum DeferredState
{
    /// <summary>Nothing yet.</summary>
    Waiting = 0,

    /// <summary>The wallet gets the credentials when it asks next.</summary>
    Approved = 1,

    /// <summary>The wallet is refused.</summary>
    Denied = 2,
}
