namespace Credentials.SdJwt;

/// <summary>What a holder signs to bind a presentation to one verifier and one request (RFC 9901 §4.3).</summary>
/// <param name="Audience">The verifier's full identifier.</param>
/// <param name="Nonce">The nonce of the request.</param>
/// <param name="IssuedAt">Now.</param>
public sealed record KeyBinding(string Audience, string Nonce, DateTimeOffset IssuedAt)
{
    /// <summary>The transaction data to confirm, each as the text received in the request (OpenID4VP 1.0 B.3.3.1).</summary>
    public IReadOnlyList<string> TransactionData { get; init; } = [];

    /// <summary>
    /// The hash algorithm chosen from <c>transaction_data_hashes_alg</c> of the request; null when the request has no
    /// such member, which means <c>sha-256</c> and no member in the answer.
    /// </summary>
    public DisclosureHash? TransactionDataHash { get; init; }
}
