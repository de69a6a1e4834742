namespace Credentials;

/// <summary>What a report is about, as far as it could be read before it was verified.</summary>
/// <param name="Format">The credential format identifier (<see cref="CredentialFormat"/>).</param>
/// <param name="Type">The <c>vct</c> or docType the credential claims to have; null if unreadable.</param>
/// <param name="QueryId">The id of the DCQL credential query that it answers; null for a file.</param>
public sealed record ReportSubject(string? Format, string? Type, string? QueryId);
