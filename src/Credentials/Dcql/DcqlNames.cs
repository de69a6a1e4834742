namespace Credentials.Dcql;

/// <summary>Wire names of a DCQL query (OpenID4VP 1.0 §6, B.2.3, B.3.5).</summary>
/// <remarks>https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-6</remarks>
internal static class DcqlNames
{
    public const string Credentials = "credentials";
    public const string CredentialSets = "credential_sets";
    public const string Id = "id";
    public const string Format = "format";
    public const string Multiple = "multiple";
    public const string Meta = "meta";
    public const string TrustedAuthorities = "trusted_authorities";
    public const string RequireHolderBinding = "require_cryptographic_holder_binding";
    public const string Claims = "claims";
    public const string ClaimSets = "claim_sets";
    public const string Path = "path";
    public const string Values = "values";
    public const string Type = "type";
    public const string Options = "options";
    public const string Required = "required";
    public const string VctValues = "vct_values";
    public const string TypeValues = "type_values";
    public const string IntentToRetain = "intent_to_retain";
    public const string DoctypeValue = "doctype_value";
}
