using System.Security.Cryptography.X509Certificates;
using Credentials.Trust;

namespace Credentials.Mdoc;

/// <summary>Who signed a document request, or why nobody is shown as its signer.</summary>
/// <param name="Decision">The trust decision; null if the request is not signed.</param>
/// <param name="Code">Why the reader is not verified; null if it is.</param>
public sealed record ReaderIdentity(TrustDecision? Decision, string? Code)
{
    /// <summary>The request carries no signature: anybody may have sent it.</summary>
    public static ReaderIdentity Anonymous { get; } = new(null, MdocCodes.ReaderAuthMissing);

    /// <summary>True if a trusted reader signed exactly this request for this session.</summary>
    public bool IsVerified => Code is null;

    /// <summary>
    /// The certificate of a signer whom nobody vouches for, though the signature is by its key: what it says of itself may be shown as that only.
    /// Null for a reader that is verified, and where no such certificate is there.
    /// </summary>
    public X509Certificate2? UnverifiedCertificate { get; init; }

    /// <summary>The reader's certificate; null unless it is verified, so that no name is shown that nobody vouches for.</summary>
    public X509Certificate2? Certificate => IsVerified ? Decision?.Certificate : null;
}
