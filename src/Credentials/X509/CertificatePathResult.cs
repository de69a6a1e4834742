using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>What came of a chain check: the anchor it ends at, or the code of the first rule it breaks.</summary>
public sealed record CertificatePathResult(X509Certificate2? Anchor, string? Code)
{
    /// <summary>True if the chain is valid, fits the profile and ends at an anchor.</summary>
    public bool IsValid => Anchor is not null && Code is null;
}
