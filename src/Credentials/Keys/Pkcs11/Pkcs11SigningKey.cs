namespace Credentials.Keys.Pkcs11;

/// <summary>A signing key that stays in its token. The token signs the hash; nothing else of the key can be had.</summary>
public sealed class Pkcs11SigningKey : ISigningKey
{
    private readonly Pkcs11Token _token;

    internal Pkcs11SigningKey(Pkcs11Token token, string id, PublicKey publicKey) => (_token, Id, PublicKey) = (token, id, publicKey);

    /// <summary>Its <c>CKA_ID</c> in hexadecimal digits, which the token finds it by.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public PublicKey PublicKey { get; }

    /// <inheritdoc/>
    /// <exception cref="KeyUnavailableException">A <c>key.token_…</c> code.</exception>
    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        await _token.SignAsync(Id, PublicKey.Algorithm, data, cancellationToken).ConfigureAwait(false);
}
