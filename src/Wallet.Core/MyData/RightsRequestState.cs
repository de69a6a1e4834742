namespace Credentials.Wallet.Core.MyData;

/// <summary>How far a request has come. The numbers are stored and never change.</summary>
public enum RightsRequestState
{
    /// <summary>Written, and not known to have gone out.</summary>
    Prepared = 1,

    /// <summary>Sent: the other side's endpoint took it, or the holder says that it went out.</summary>
    Sent = 2,

    /// <summary>The other side says that it did what was asked.</summary>
    Fulfilled = 3,

    /// <summary>The other side says that it will not.</summary>
    Refused = 4,
}
