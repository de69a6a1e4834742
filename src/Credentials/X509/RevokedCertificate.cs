using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>A certificate to be put on a revocation list.</summary>
/// <param name="SerialNumber">Its serial number, big-endian.</param>
/// <param name="At">When it was revoked.</param>
/// <param name="Reason">Why.</param>
public sealed record RevokedCertificate(ReadOnlyMemory<byte> SerialNumber, DateTimeOffset At, X509RevocationReason Reason = X509RevocationReason.Unspecified);
