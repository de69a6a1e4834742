using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// One direction of a session (ISO/IEC 18013-5 §9.1.1.5): AES-256-GCM, its nonce the direction's identifier and a counter
/// that starts at 1, goes up with each message and never comes back.
/// </summary>
internal sealed class SessionCipher : IDisposable
{
    private const int TagLength = 16;
    private const int NonceLength = 12;

    private readonly AesGcm _aes;
    private readonly uint _identifier;
    private uint _counter;

    private SessionCipher(byte[] key, uint identifier, uint used) => (_aes, _identifier, _counter) = (new AesGcm(key, TagLength), identifier, used);

    /// <summary>From reader to holder.</summary>
    public static SessionCipher OfReader(SessionKeys keys, uint used = 0) => new(keys.Reader, 0, used);

    /// <summary>From holder to reader.</summary>
    public static SessionCipher OfDevice(SessionKeys keys, uint used = 0) => new(keys.Device, 1, used);

    public byte[] Encrypt(ReadOnlySpan<byte> plaintext)
    {
        var ciphertext = new byte[plaintext.Length + TagLength];
        _aes.Encrypt(NextNonce(), plaintext, ciphertext.AsSpan(0, plaintext.Length), ciphertext.AsSpan(plaintext.Length));
        return ciphertext;
    }

    /// <exception cref="MalformedDataException"><c>proximity.decryption</c>.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext)
    {
        if (ciphertext.Length < TagLength) throw Failed(null);
        var plaintext = new byte[ciphertext.Length - TagLength];
        try
        {
            _aes.Decrypt(NextNonce(), ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], plaintext);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw Failed(e);
        }
    }

    public void Dispose() => _aes.Dispose();

    private byte[] NextNonce()
    {
        if (_counter == uint.MaxValue) throw new ProtocolException(ProximityCodes.SessionEnded, "20", "The counter of the session is used up.");
        var nonce = new byte[NonceLength];
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(4), _identifier);
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(8), ++_counter);
        return nonce;
    }

    private static MalformedDataException Failed(Exception? inner) => new(ProximityCodes.Decryption, "The session keys do not open the message.", inner);
}
