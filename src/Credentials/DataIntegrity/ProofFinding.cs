using Credentials.Keys;

namespace Credentials.DataIntegrity;

/// <summary>One proof of a document and its key.</summary>
/// <param name="Proof">The proof as read.</param>
/// <param name="Key">The key of its verification method; null if it could not be had.</param>
public sealed record ProofFinding(DataIntegrityProof Proof, PublicKey? Key);
