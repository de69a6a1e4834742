namespace Credentials.Fuzz.Tests.Mutation;

/// <summary>How the inputs of a target are put together.</summary>
internal enum InputShape
{
    /// <summary>Bytes or text without a structure that is known here.</summary>
    Plain,

    /// <summary>JSON text.</summary>
    Json,

    /// <summary>One CBOR data item.</summary>
    Cbor,

    /// <summary>One DER value.</summary>
    Der,

    /// <summary>Parts in base64url between dots and tildes, or JSON with such parts in its texts.</summary>
    Compact,

    /// <summary>A prefix, and CBOR in ZLIB in Base45.</summary>
    Printed,
}
