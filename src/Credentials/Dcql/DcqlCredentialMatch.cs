namespace Credentials.Dcql;

/// <summary>A candidate that answers a credential query.</summary>
/// <param name="Candidate">The credential.</param>
/// <param name="Disclose">Exactly the claims to disclose; empty when the query asks for none, and then nothing that is selectively
/// disclosable may be shown (OpenID4VP 1.0 §6.4.1).</param>
public sealed record DcqlCredentialMatch(DcqlCandidate Candidate, IReadOnlyList<ClaimPath> Disclose);
