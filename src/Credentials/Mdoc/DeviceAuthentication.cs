using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Mdoc;

/// <summary>What the device signature or MAC is over, and the key of the MAC (ISO/IEC 18013-5 §9.1.3).</summary>
internal static class DeviceAuthentication
{
    // §9.1.3.4: DeviceAuthenticationBytes, the detached payload.
    public static ReadOnlyMemory<byte> Bytes(SessionTranscript transcript, string docType, EncodedCbor nameSpaces)
    {
        using var content = new PooledBuffer();
        CborHead.Add(content, CborHead.Array, 4);
        CborHead.AddString(content, CborHead.TextString, "DeviceAuthentication"u8);
        content.Add(transcript.Bytes.Span);
        CborHead.AddText(content, docType);
        content.Add(nameSpaces.Bytes.Span);
        return EncodedCbor.Wrap(content.WrittenMemory).Bytes;
    }

    // §9.1.3.5: EMacKey, from the device key and the reader's ephemeral key.
    public static async ValueTask<byte[]> MacKeyAsync(IKeyAgreementKey key, KeyAgreementPublicKey peer, SessionTranscript transcript, CancellationToken ct)
    {
        var secret = await key.DeriveSecretAsync(peer, ct).ConfigureAwait(false);
        try
        {
            return HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, SHA256.HashData(transcript.ToEncodedCbor().Bytes.Span), "EMacKey"u8.ToArray());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
