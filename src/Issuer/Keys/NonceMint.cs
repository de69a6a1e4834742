using System.Buffers.Binary;
using System.Security.Cryptography;
using Credentials.Codecs;

namespace Credentials.Issuer.Keys;

/// <summary>
/// Nonces that carry their own expiry and a MAC (OpenID4VCI §13.8): anybody may ask for one, so nothing is stored until it is used.
/// </summary>
internal class NonceMint(IssuerKeys keys, IssuerOptions options, TimeProvider time, string purpose = "nonce")
{
    private const int Length = 8 + 16 + 16;
    private readonly byte[] _key = Secrets.KeyedHash(keys.Secret, purpose, options.PublicUrl);

    internal string Create()
    {
        Span<byte> nonce = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(nonce, (time.GetUtcNow() + options.NonceLifetime).ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(nonce[8..24]);
        HMACSHA256.HashData(_key, nonce[..24]).AsSpan(0, 16).CopyTo(nonce[24..]);
        return StrictBase64Url.Encode(nonce);
    }

    /// <summary>When the nonce expires, in Unix milliseconds; null when it is not ours or no longer good.</summary>
    internal long? ReadExpiry(string nonce)
    {
        if (!StrictBase64Url.TryDecode(nonce, out var bytes) || bytes.Length != Length)
            return null;
        if (!Secrets.Same(HMACSHA256.HashData(_key, bytes.AsSpan(0, 24)).AsSpan(0, 16), bytes.AsSpan(24)))
            return null;
        var expires = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return expires > time.GetUtcNow().ToUnixTimeMilliseconds() ? expires : null;
    }
}
