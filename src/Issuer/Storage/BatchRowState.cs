namespace Credentials.Issuer.Storage;

/// <summary>The life of a row. Numbers are stored: never change them.</summary>
internal enum BatchRowState
{
    Pending = 0,

    /// <summary>Its credential is in the register and has a status index, and is to be signed.</summary>
    Registered = 1,

    Done = 2,

    Failed = 3,

    Cancelled = 4,
}
