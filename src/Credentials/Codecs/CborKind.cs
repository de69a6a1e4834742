namespace Credentials.Codecs;

/// <summary>What a CBOR data item is (RFC 8949 §3).</summary>
public enum CborKind : byte
{
    /// <summary>Major type 0.</summary>
    UnsignedInteger,

    /// <summary>Major type 1.</summary>
    NegativeInteger,

    /// <summary>Major type 2.</summary>
    ByteString,

    /// <summary>Major type 3.</summary>
    TextString,

    /// <summary>Major type 4.</summary>
    Array,

    /// <summary>Major type 5.</summary>
    Map,

    /// <summary>Major type 6.</summary>
    Tag,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>null.</summary>
    Null,

    /// <summary>A half, single or double precision number.</summary>
    Float,

    /// <summary>undefined, or a simple value without a meaning.</summary>
    Simple,
}
