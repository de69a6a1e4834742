namespace Credentials.X509;

/// <summary>The outcome of one revocation check.</summary>
/// <param name="Outcome">What is known.</param>
/// <param name="Code">Why it is not <see cref="CrlOutcome.Valid"/>; a code of <see cref="CrlCodes"/> or <c>x509.malformed</c>.</param>
public sealed record CrlResult(CrlOutcome Outcome, string? Code = null);
