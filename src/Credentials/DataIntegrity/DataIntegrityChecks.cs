namespace Credentials.DataIntegrity;

/// <summary>Ids of the checks of Data Integrity proofs, in order (spec/verification-report.md). Each is about all proofs of the document.</summary>
public static class DataIntegrityChecks
{
    /// <summary>There are proofs, of cryptosuites that are supported.</summary>
    public const string Format = "proof_format";

    /// <summary>The contexts of the document are known and accepted.</summary>
    public const string Contexts = "proof_contexts";

    /// <summary>The keys are known, and meant for the purpose.</summary>
    public const string Key = "proof_key";

    /// <summary>The proofs were made for the expected purpose.</summary>
    public const string Purpose = "proof_purpose";

    /// <summary>Now lies between creation and expiry of the proofs.</summary>
    public const string Time = "proof_time";

    /// <summary>The proofs are meant for this domain.</summary>
    public const string Domain = "proof_domain";

    /// <summary>The proofs answer this challenge.</summary>
    public const string Challenge = "proof_challenge";

    /// <summary>Every earlier proof that a proof refers to is there.</summary>
    public const string Chain = "proof_chain";

    /// <summary>The keys made the proofs over this document.</summary>
    public const string Signature = "proof_signature";

    /// <summary>All of them, in report order.</summary>
    public static IReadOnlyList<string> All { get; } = [Format, Contexts, Key, Purpose, Time, Domain, Challenge, Chain, Signature];

    /// <summary>Those that do not apply where nothing was asked for.</summary>
    public static IReadOnlyList<string> MayBeNotApplicable { get; } = [Domain, Challenge, Chain];
}
