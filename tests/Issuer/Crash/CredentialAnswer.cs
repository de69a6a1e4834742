namespace Credentials.Issuer.Tests.Crash;

/// <summary>One answer with credentials: what it answers, the nonce that was used for it, and SHA-256 of its bytes.</summary>
internal sealed record CredentialAnswer(string OfferId, string ConfigurationId, string Nonce, string AnswerHash, IReadOnlyList<HeldCredential> Credentials);
