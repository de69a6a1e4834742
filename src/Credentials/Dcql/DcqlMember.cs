namespace Credentials.Dcql;

/// <summary>One credential query and the candidates that answer it.</summary>
/// <param name="Query">What is asked for. More than one match may be returned only if it says <c>multiple</c>.</param>
/// <param name="Matches">The candidates that match, in the order they were given; empty if none does.</param>
public sealed record DcqlMember(CredentialQuery Query, IReadOnlyList<DcqlCredentialMatch> Matches);
