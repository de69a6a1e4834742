using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;

namespace Credentials.SdJwt;

/// <summary>One of the issuers that sign an SD-JWT in JSON form.</summary>
/// <param name="Key">Its key.</param>
public sealed record SdJwtSigner(ISigningKey Key)
{
    /// <summary>Its certificates for <c>x5c</c>, leaf first. Self-signed ones are left out.</summary>
    public IReadOnlyList<X509Certificate2> Certificates { get; init; } = [];

    /// <summary>The <c>kid</c> of its protected header.</summary>
    public string? KeyId { get; init; }
}
