namespace Credentials.SdJwt;

/// <summary>Ids of the checks of an SD-JWT report, in order (spec/verification-report.md).</summary>
public static class SdJwtChecks
{
    /// <summary>The text is an SD-JWT in compact form.</summary>
    public const string Format = "format";

    /// <summary>The issuer's key is known and trusted for the type.</summary>
    public const string IssuerKey = "issuer_key";

    /// <summary>The issuer signed the credential.</summary>
    public const string IssuerSignature = "issuer_signature";

    /// <summary>The embedded digests follow RFC 9901 §7.1.</summary>
    public const string Digests = "digests";

    /// <summary>The disclosures follow RFC 9901 §7.1.</summary>
    public const string Disclosures = "disclosures";

    /// <summary>The credential is valid now.</summary>
    public const string Validity = "validity";

    /// <summary>The credential has the type that was asked for.</summary>
    public const string Type = "type";

    /// <summary>The credential names its holder's key.</summary>
    public const string HolderKey = "holder_key";

    /// <summary>The holder signed the key binding JWT.</summary>
    public const string KbSignature = "kb_signature";

    /// <summary>It is meant for this verifier.</summary>
    public const string KbAudience = "kb_audience";

    /// <summary>It answers this request.</summary>
    public const string KbNonce = "kb_nonce";

    /// <summary>It is fresh.</summary>
    public const string KbTime = "kb_time";

    /// <summary>It covers what was presented.</summary>
    public const string KbSdHash = "kb_sd_hash";

    /// <summary>It confirms the transaction data of the request.</summary>
    public const string TransactionData = "transaction_data";

    /// <summary>The credential is neither revoked nor suspended.</summary>
    public const string Status = "status";

    /// <summary>The credential satisfies the query.</summary>
    public const string Query = "query";

    /// <summary>All of them, in report order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Format, IssuerKey, IssuerSignature, Digests, Disclosures, Validity, Type, HolderKey,
        KbSignature, KbAudience, KbNonce, KbTime, KbSdHash, TransactionData, Status, Query,
    ];

    internal static IReadOnlyList<string> KeyBinding { get; } = [HolderKey, KbSignature, KbAudience, KbNonce, KbTime, KbSdHash];
}
