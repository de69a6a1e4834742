namespace Credentials.StatusLists;

/// <summary>The outcome of one status check.</summary>
/// <param name="Outcome">What is known.</param>
/// <param name="Code">Why it is not <see cref="StatusOutcome.Valid"/>; a code of <see cref="StatusListCodes"/>.</param>
/// <param name="Age">How long ago the list was fetched or confirmed; null when there is none.</param>
public sealed record StatusResult(StatusOutcome Outcome, string? Code = null, TimeSpan? Age = null);
