using System.Security.Cryptography;

namespace Credentials.Mdoc.Proximity;

/// <summary>The two keys of a session (ISO/IEC 18013-5 §9.1.1.5): one for each direction, bound to the transcript.</summary>
internal sealed record SessionKeys(byte[] Reader, byte[] Device)
{
    private const int KeyLength = 32;

    /// <summary>Derives both keys from the shared secret, which is cleared.</summary>
    public static SessionKeys Derive(byte[] sharedSecret, SessionTranscript transcript)
    {
        var salt = SHA256.HashData(transcript.ToEncodedCbor().Bytes.Span);
        var keys = new SessionKeys(new byte[KeyLength], new byte[KeyLength]);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, sharedSecret, keys.Reader, salt, "SKReader"u8);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, sharedSecret, keys.Device, salt, "SKDevice"u8);
        CryptographicOperations.ZeroMemory(sharedSecret);
        return keys;
    }

    /// <summary>What encrypts in each direction; the keys are cleared, as the ciphers have them now.</summary>
    public (SessionCipher Reader, SessionCipher Device) ToCiphers()
    {
        var ciphers = (SessionCipher.OfReader(this), SessionCipher.OfDevice(this));
        CryptographicOperations.ZeroMemory(Reader);
        CryptographicOperations.ZeroMemory(Device);
        return ciphers;
    }
}
