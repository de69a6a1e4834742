using Credentials.Keys;

namespace Credentials.Wallet.Core.Keys;

/// <summary>
/// A secure area whose keys for ES256 can agree on secrets as well, which documents shown in person are authenticated with
/// (ISO/IEC 18013-5 §9.1.3.5). An area without it signs instead.
/// </summary>
public interface IKeyAgreementArea : ISecureArea
{
    /// <summary>The raw secret that a key of this area and another one share by ECDH: the x-coordinate, 32 bytes. The caller clears it.</summary>
    /// <exception cref="KeyUnavailableException">As for <see cref="ISecureArea.SignAsync"/>.</exception>
    Task<byte[]> DeriveSecretAsync(string keyId, KeyAgreementPublicKey peer, CancellationToken cancellationToken = default);
}
