using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Jose;

/// <summary>JWE with direct key agreement: ECDH-ES on P-256 with AES-GCM (RFC 7516, RFC 7518 §4.6, §5.3). Nothing else.</summary>
public static class Jwe
{
    /// <summary>Encrypts to a public key with a fresh ephemeral key.</summary>
    /// <param name="plaintext">What to encrypt.</param>
    /// <param name="recipient">The recipient's key.</param>
    /// <param name="encryption">One of <see cref="JweEncryption"/>.</param>
    /// <param name="kid">The recipient's key id, as it stands in its JWK.</param>
    /// <param name="header">Further header parameters, for example <c>apu</c> and <c>apv</c> (base64url).</param>
    public static async ValueTask<string> EncryptAsync(
        ReadOnlyMemory<byte> plaintext, KeyAgreementPublicKey recipient, string encryption, string? kid = null, JsonObject? header = null)
    {
        int keyLength = JweEncryption.KeyLength(encryption) ?? throw new ArgumentException("Not a supported content encryption.", nameof(encryption));
        using SoftwareKeyAgreementKey ephemeral = SoftwareKeyAgreementKey.Generate();
        JsonObject complete = new() { [JoseNames.Alg] = JoseNames.EcdhEs, [JoseNames.Enc] = encryption };
        if (kid is not null) complete[JoseNames.Kid] = kid;
        foreach ((string name, JsonNode? value) in header ?? []) complete.Add(name, value?.DeepClone());
        complete[JoseNames.Epk] = Jwk.WriteEpk(ephemeral.PublicKey);
        string headerText = StrictBase64Url.Encode(StrictJson.ToUtf8(complete));

        byte[] key = await DeriveKeyAsync(ephemeral, recipient, StrictJson.ToElement(complete), encryption, keyLength, default).ConfigureAwait(false);
        byte[] iv = RandomNumberGenerator.GetBytes(12), ciphertext = new byte[plaintext.Length], tag = new byte[16];
        using (AesGcm aes = new(key, tag.Length)) aes.Encrypt(iv, plaintext.Span, ciphertext, tag, Encoding.ASCII.GetBytes(headerText));
        CryptographicOperations.ZeroMemory(key);
        return $"{headerText}..{StrictBase64Url.Encode(iv)}.{StrictBase64Url.Encode(ciphertext)}.{StrictBase64Url.Encode(tag)}";
    }

    /// <summary>Decrypts. Every failure that depends on the key looks the same.</summary>
    /// <param name="jwe">The parsed token.</param>
    /// <param name="key">Our key.</param>
    /// <param name="allowedEncryptions">The content encryptions that were offered.</param>
    /// <param name="cancellationToken">Cancels the key operation.</param>
    /// <exception cref="MalformedDataException"><c>jwe.algorithm</c>, <c>jwe.malformed</c> or <c>jwe.decryption</c>.</exception>
    public static async ValueTask<byte[]> DecryptAsync(
        CompactJwe jwe, IKeyAgreementKey key, IReadOnlyCollection<string> allowedEncryptions, CancellationToken cancellationToken = default)
    {
        string enc = jwe.Header.RequireString(JoseNames.Enc, JoseCodes.JweMalformed);
        if (jwe.Header.RequireString(JoseNames.Alg, JoseCodes.JweMalformed) != JoseNames.EcdhEs
            || !allowedEncryptions.Contains(enc) || JweEncryption.KeyLength(enc) is not { } keyLength)
            throw new MalformedDataException(JoseCodes.JweAlgorithm, "The JWE does not use an algorithm that was offered.");
        try
        {
            KeyAgreementPublicKey epk = Jwk.ParseKeyAgreement(jwe.Header.RequireObjectMember(JoseNames.Epk, JoseCodes.JweDecryption));
            byte[] cek = await DeriveKeyAsync(key, epk, jwe.Header, enc, keyLength, cancellationToken).ConfigureAwait(false);
            byte[] plaintext = new byte[jwe.Ciphertext.Length];
            using (AesGcm aes = new(cek, jwe.Tag.Length)) aes.Decrypt(jwe.Iv, jwe.Ciphertext, jwe.Tag, plaintext, Encoding.ASCII.GetBytes(jwe.HeaderText));
            CryptographicOperations.ZeroMemory(cek);
            return plaintext;
        }
        catch (Exception e) when (e is MalformedDataException or NotSupportedCredentialException or CryptographicException)
        {
            // One answer for a bad ephemeral key and a bad tag: no invalid-curve oracle.
            throw new MalformedDataException(JoseCodes.JweDecryption, "The JWE cannot be decrypted.");
        }
    }

    /// <summary>RFC 7518 §4.6.2: the single-round Concat KDF over the shared secret.</summary>
    private static async ValueTask<byte[]> DeriveKeyAsync(
        IKeyAgreementKey key, KeyAgreementPublicKey peer, JsonElement header, string enc, int keyLength, CancellationToken cancellationToken)
    {
        byte[] secret = await key.DeriveSecretAsync(peer, cancellationToken).ConfigureAwait(false);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendInt(hash, 1);
        hash.AppendData(secret);
        AppendSized(hash, Encoding.ASCII.GetBytes(enc));
        AppendSized(hash, PartyInfo(header, JoseNames.Apu));
        AppendSized(hash, PartyInfo(header, JoseNames.Apv));
        AppendInt(hash, keyLength * 8);
        CryptographicOperations.ZeroMemory(secret);
        return hash.GetHashAndReset()[..keyLength];
    }

    private static byte[] PartyInfo(JsonElement header, string name) =>
        header.OptionalString(name, JoseCodes.JweMalformed) is { } text ? StrictBase64Url.Decode(text, JoseCodes.JweMalformed) : [];

    private static void AppendSized(IncrementalHash hash, ReadOnlySpan<byte> data)
    {
        AppendInt(hash, data.Length);
        hash.AppendData(data);
    }

    private static void AppendInt(IncrementalHash hash, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
