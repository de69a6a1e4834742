namespace Credentials.Issuer.Storage;

/// <summary>The life of a row. Numbers are stored: never change them.</summary>
internal enum BatchRowState
{
    Pending = 0,

    Done = 2,

    Failed = 3,

    Cancelled = 4,
}
