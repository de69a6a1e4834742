using System.Security.Cryptography.X509Certificates;
using Credentials.Jose;
using Credentials.Keys;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Issuer.Keys;

/// <summary>A key that signs for this issuer, with its certificate.</summary>
/// <param name="Purpose"><see cref="SignerFolder.DocumentSigner"/> or <see cref="SignerFolder.StatusSigner"/>.</param>
/// <param name="Name">What its files are called.</param>
/// <param name="From">When it takes effect.</param>
/// <param name="HeldUntil">When its overlap with its successor is over and the private key goes; the end of time without a successor.</param>
/// <param name="Certificates">Leaf first, without the anchor.</param>
/// <param name="Anchor">The certificate of its authority.</param>
/// <param name="HeldKey">Null after <paramref name="HeldUntil"/>, and of one that was withdrawn.</param>
/// <param name="WithdrawnAt">When it was withdrawn; null: it was not.</param>
internal sealed record Signer(
    string Purpose, string Name, DateTimeOffset From, DateTimeOffset HeldUntil, IReadOnlyList<X509Certificate2> Certificates, X509Certificate2 Anchor, ISigningKey? HeldKey, DateTimeOffset? WithdrawnAt = null)
{
    internal X509Certificate2 Certificate => Certificates[0];

    internal ISigningKey Key => HeldKey ?? throw new InvalidOperationException("The private key is not held any more.");

    internal PublicKey PublicKey { get; } = PublicKey.FromCertificate(Certificates[0]);

    /// <summary>The RFC 7638 thumbprint of the public key.</summary>
    internal string KeyId { get; } = Jwk.Thumbprint(PublicKey.FromCertificate(Certificates[0]));

    /// <summary>Status lists are followed up under the authority of their credentials; credentials themselves under any.</summary>
    internal bool Follows(Signer other) => Purpose == other.Purpose && From > other.From && (Purpose == SignerFolder.DocumentSigner || IsUnder(other.Anchor));

    internal bool IsUnder(X509Certificate2 anchor) => Secrets.Same(Anchor.RawDataMemory.Span, anchor.RawDataMemory.Span);
}
