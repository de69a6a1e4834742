namespace Credentials.Issuer.Storage;

/// <summary>The life of a batch. Numbers are stored: never change them.</summary>
internal enum BatchState
{
    /// <summary>The table is being received.</summary>
    Uploading = 0,

    /// <summary>Rows are being worked on.</summary>
    Running = 1,

    /// <summary>Every row is done or has failed.</summary>
    Finished = 2,

    /// <summary>Stopped by staff; what was done before stays done.</summary>
    Cancelled = 3,
}
