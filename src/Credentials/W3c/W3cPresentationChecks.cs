namespace Credentials.W3c;

/// <summary>Ids of the checks of a report on a W3C presentation as a whole, in order (spec/verification-report.md).</summary>
public static class W3cPresentationChecks
{
    /// <summary>It is a secured presentation in a form that is accepted, within the limits.</summary>
    public const string Format = "format";

    /// <summary>The document follows its data model.</summary>
    public const string DataModel = "data_model";

    /// <summary>The key of who presents is known, and is theirs for this use.</summary>
    public const string HolderKey = "holder_key";

    /// <summary>That key signed the presentation.</summary>
    public const string HolderSignature = "holder_signature";

    /// <summary>It is meant for this verifier.</summary>
    public const string Audience = "audience";

    /// <summary>It answers this request.</summary>
    public const string Nonce = "nonce";

    /// <summary>It is fresh, and its signature not over.</summary>
    public const string SignedAt = "signed_at";

    /// <summary>All of them, in report order.</summary>
    public static IReadOnlyList<string> All { get; } = [Format, DataModel, HolderKey, HolderSignature, Audience, Nonce, SignedAt];

    internal static IReadOnlyList<string> MayBeNotApplicable { get; } = [Audience, Nonce, SignedAt];
}
