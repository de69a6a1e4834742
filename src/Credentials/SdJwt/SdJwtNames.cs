namespace Credentials.SdJwt;

/// <summary>Wire names of RFC 9901 (SD-JWT) and draft-ietf-oauth-sd-jwt-vc (SD-JWT VC).</summary>
public static class SdJwtNames
{
    /// <summary>Header <c>typ</c> of an SD-JWT VC (SD-JWT VC §2.2.1).</summary>
    public const string CredentialType = "dc+sd-jwt";

    /// <summary>The <c>typ</c> that earlier drafts of SD-JWT VC used; accepted only where a profile says so.</summary>
    public const string LegacyCredentialType = "vc+sd-jwt";

    /// <summary>Header <c>typ</c> of a key binding JWT (RFC 9901 §4.3).</summary>
    public const string KeyBindingType = "kb+jwt";

    internal const string Digests = "_sd";
    internal const string ArrayDigest = "...";
    internal const string HashAlgorithm = "_sd_alg";

    internal const string Type = "vct";
    internal const string TypeIntegrity = "vct#integrity";
    internal const string OtherTypes = "aka_vcts";
    internal const string Confirmation = "cnf";
    internal const string ConfirmationJwk = "jwk";
    internal const string Status = "status";
    internal const string Issuer = "iss";
    internal const string Audience = "aud";
    internal const string Nonce = "nonce";
    internal const string IssuedAt = "iat";
    internal const string NotBefore = "nbf";
    internal const string Expires = "exp";
    internal const string SdHash = "sd_hash";
    internal const string TransactionDataHashes = "transaction_data_hashes";
    internal const string TransactionDataHashAlgorithm = "transaction_data_hashes_alg";

    /// <summary>
    /// Top-level claims of an SD-JWT VC that must not be disclosures, nor contain any (SD-JWT VC §2.2.2.3).
    /// </summary>
    public static IReadOnlySet<string> NeverDisclosable { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        Issuer, NotBefore, Expires, Confirmation, Type, TypeIntegrity, OtherTypes, Status,
    };

    /// <summary>RFC 9901 §4.1 rule 7: names that carry digests and can never be claims.</summary>
    internal static bool IsReserved(string name) => name is Digests or ArrayDigest or HashAlgorithm;
}
