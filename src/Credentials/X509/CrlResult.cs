namespace Credentials.X509;

/// <summary>The outcome of one revocation check.</summary>
/// <param name="Outcome">What is known.</param>
/// <param name="Code">Why it is not <see cref="CrlOutcome.Valid"/>; a code of <see cref="CrlCodes"/> or <c>x509.malformed</c>.</param>
/// <param name="Age">How long ago the list was fetched, where that is told because no newer one could be had.</param>
public sealed record CrlResult(CrlOutcome Outcome, string? Code = null, TimeSpan? Age = null);
