namespace Credentials.Mdoc.Proximity;

/// <summary>Why a session ends (ISO/IEC 18013-5 §9.1.1.4, Table 20).</summary>
public enum SessionStatus
{
    /// <summary>A message could not be decrypted, or no keys could be made.</summary>
    SessionEncryptionError = 10,

    /// <summary>A message was not readable CBOR.</summary>
    CborDecodingError = 11,

    /// <summary>One side is done.</summary>
    SessionTermination = 20,
}
