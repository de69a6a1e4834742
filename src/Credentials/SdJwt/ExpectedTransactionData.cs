namespace Credentials.SdJwt;

/// <summary>One transaction data object that a presentation must confirm (OpenID4VP 1.0 B.3.3.1).</summary>
/// <param name="Encoded">The base64url text as it stood in the request.</param>
/// <param name="HashAlgorithms"><c>transaction_data_hashes_alg</c> of the object; null if it had none.</param>
public sealed record ExpectedTransactionData(string Encoded, IReadOnlyList<string>? HashAlgorithms = null);
