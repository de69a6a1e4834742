using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Parties;
using Credentials.Verifier.Policies;

namespace Credentials.Verifier.RelyingParty;

/// <summary>The body of <c>POST /verifications</c>, read and checked.</summary>
internal sealed record NewVerification
{
    private const string Code = VerifierCodes.RequestMalformed;

    internal static readonly string[] Members =
    [
        "policy", "dcql_query", "purpose", "response_mode", "client_id_prefix", "request_uri_method", "transaction_data",
        "redirect_uri", "same_device", "status_max_age_seconds", "offline_max_age_seconds", "keep_evidence", "did_method", "request_signing", "expected_origins",
    ];

    public const string Unsigned = "unsigned";
    public const string Signed = "signed";
    public const string MultiSigned = "multisigned";

    public string? Policy { get; private init; }
    public required DcqlQuery Query { get; init; }
    public required string PurposeKo { get; init; }
    public required string PurposeEn { get; init; }
    public required string ResponseMode { get; init; }
    public required string ClientIdPrefix { get; init; }
    public required string RequestUriMethod { get; init; }
    public required IReadOnlyList<TransactionData> TransactionData { get; init; }
    public Uri? RedirectUri { get; private init; }
    public bool SameDevice { get; private init; }
    public int StatusMaxAgeSeconds { get; private init; }
    public int OfflineMaxAgeSeconds { get; private init; }
    public bool KeepEvidence { get; private init; }
    public string DidMethod { get; private init; } = "jwk";

    /// <summary>How a request over the Digital Credentials API is signed; null for a link or QR code.</summary>
    public string? RequestSigning { get; private init; }

    public IReadOnlyList<string> ExpectedOrigins { get; private init; } = [];

    /// <exception cref="CredentialException">A member is unknown, of the wrong form, or not allowed together with another.</exception>
    public static NewVerification Parse(JsonElement json, Party party, VerifierHostOptions options)
    {
        // A misspelt member would silently ask for less than its author meant.
        if (json.EnumerateObject().Any(m => !Members.Contains(m.Name)))
            throw RequestRefusal.Invalid(VerifierCodes.RequestUnknownMember, "The request has a member that is not known here.");
        var (policy, query, ko, en) = Question(json, party);
        if (query.Credentials.Any(c => !VpTokenVerifier.Formats.Contains(c.Format)))
            throw RequestRefusal.Invalid(VerifierCodes.RequestFormat, "The query asks for a format that is not supported.");
        if (query.Credentials.Any(c => c.TrustedAuthorities?.All(a => a.Type != TrustedAuthoritiesQuery.AuthorityKeyIdentifier) == true))
            throw RequestRefusal.Invalid(VerifierCodes.RequestTrustedAuthorities, "Of trusted authorities only the type aki is supported; no answer could satisfy this query.");
        var mode = OneOf(json, "response_mode", OpenId4VpNames.DirectPostJwt, OpenId4VpNames.DirectPost, OpenId4VpNames.DcApiJwt, OpenId4VpNames.DcApi);
        var (signing, origins) = ForBrowsers(json, mode, query, policy, party, options);
        var redirect = json.OptionalString("redirect_uri", Code) is { } text ? RedirectTarget(text, options) : null;
        var age = json.OptionalIndex("status_max_age_seconds", Code);
        if (age is not null && (policy is not null || age > 86_400))
            throw RequestRefusal.Invalid(VerifierCodes.RequestStatusAge, "status_max_age_seconds goes with dcql_query and is 86400 at most.");
        var offline = json.OptionalIndex("offline_max_age_seconds", Code);
        if (offline is not null && (policy is not null || offline > Policies.Policy.MaxOfflineAgeSeconds))
            throw RequestRefusal.Invalid(VerifierCodes.RequestStatusAge, "offline_max_age_seconds goes with dcql_query and is 604800 at most.");
        return new NewVerification
        {
            Policy = policy?.Name,
            Query = query,
            PurposeKo = ko,
            PurposeEn = en,
            ResponseMode = mode,
            RequestSigning = signing,
            ExpectedOrigins = origins,
            DidMethod = OneOf(json, "did_method", "jwk", "key", "web"),
            ClientIdPrefix = Prefix(json, policy, party),
            RequestUriMethod = OneOf(json, "request_uri_method", "get", "post"),
            TransactionData = Transactions(json, query),
            RedirectUri = redirect,
            SameDevice = redirect is not null || json.OptionalBoolean("same_device", Code) == true,
            StatusMaxAgeSeconds = policy?.StatusMaxAgeSeconds ?? (int)(age ?? (long)options.StatusMaxAge.TotalSeconds),
            OfflineMaxAgeSeconds = policy?.OfflineMaxAgeSeconds ?? (int)(offline ?? (long)options.OfflineMaxAge.TotalSeconds),
            KeepEvidence = json.OptionalBoolean("keep_evidence", Code) ?? true,
        };
    }

    /// <summary>A policy as it stands, asked with a signed request and answered encrypted.</summary>
    public static NewVerification ForPolicy(Policy policy) => new()
    {
        Policy = policy.Name,
        Query = DcqlQuery.Parse(policy.DcqlQuery),
        PurposeKo = policy.PurposeKo,
        PurposeEn = policy.PurposeEn,
        ResponseMode = OpenId4VpNames.DirectPostJwt,
        ClientIdPrefix = "x509_hash",
        RequestUriMethod = "get",
        TransactionData = [],
        StatusMaxAgeSeconds = policy.StatusMaxAgeSeconds,
        OfflineMaxAgeSeconds = policy.OfflineMaxAgeSeconds,
        KeepEvidence = true,
    };

    private static (Policy?, DcqlQuery, string, string) Question(JsonElement json, Party party)
    {
        var name = json.OptionalString("policy", Code);
        var query = json.OptionalObject("dcql_query", Code);
        if ((name is null) == (query is null))
            throw RequestRefusal.Invalid(VerifierCodes.RequestQuestion, "Either policy or dcql_query is needed, and not both.");
        if (name is not null)
        {
            var policy = party.Policies.Find(name) ?? throw RequestRefusal.Invalid(VerifierCodes.PolicyUnknown, "There is no policy of this name.");
            if (json.Member("purpose") is not null)
                throw RequestRefusal.Invalid(VerifierCodes.RequestQuestion, "A policy has its own purpose.");
            return (policy, DcqlQuery.Parse(policy.DcqlQuery), policy.PurposeKo, policy.PurposeEn);
        }
        if (!party.OwnQueries)
            throw new ProtocolException(VerifierCodes.RequestOwnQuery, "insufficient_scope", "This relying party asks by policies only.", StatusCodes.Status403Forbidden);
        // The holder must be told why (OpenID4VP 1.0 §6.2 asks the verifier to show it before the request).
        var purpose = json.OptionalString("purpose", Code);
        // U+0000 is no character of a PostgreSQL text.
        if (string.IsNullOrWhiteSpace(purpose) || purpose.Length > 500 || purpose.Contains('\0'))
            throw RequestRefusal.Invalid(VerifierCodes.RequestPurpose, "A purpose of 1 to 500 characters is needed with dcql_query.");
        return (null, DcqlQuery.Parse(query!.Value), purpose, purpose);
    }

    /// <summary>What only the Digital Credentials API has, and what it has not (OpenID4VP 1.0 A.2).</summary>
    private static (string? Signing, IReadOnlyList<string> Origins) ForBrowsers(
        JsonElement json, string mode, DcqlQuery query, Policy? policy, Party party, VerifierHostOptions options)
    {
        if (mode is not (OpenId4VpNames.DcApi or OpenId4VpNames.DcApiJwt))
        {
            return json.Member("request_signing") is null && json.Member("expected_origins") is null
                ? (null, [])
                : throw RequestRefusal.Invalid(VerifierCodes.RequestDigitalCredentials, "request_signing and expected_origins go with dc_api and dc_api.jwt.");
        }
        if (new[] { "request_uri_method", "redirect_uri", "same_device" }.Any(name => json.Member(name) is not null)
            || json.OptionalString("client_id_prefix", Code) == "redirect_uri")
            throw RequestRefusal.Invalid(VerifierCodes.RequestDigitalCredentials, "A request through the browser has no address that the wallet fetches or answers.");
        var signing = OneOf(json, "request_signing", Signed, Unsigned, MultiSigned);
        if (signing == Unsigned && !(policy?.AllowUnsignedRequest ?? party.AllowUnsignedQueries))
            throw RequestRefusal.Invalid(VerifierCodes.RequestUnsigned, "This question may not be asked unsigned.");
        // §5.3 needs a state then, which this API has not; encryption to this request's own key does the same.
        if (mode == OpenId4VpNames.DcApi && query.Credentials.Any(c => !c.RequireHolderBinding))
            throw RequestRefusal.Invalid(VerifierCodes.RequestDigitalCredentials, "Without holder binding the answer must be encrypted.");
        var origins = json.OptionalStringArray("expected_origins", Code) ?? [new Uri(party.Url.Base).GetLeftPart(UriPartial.Authority)];
        if (origins.Count is 0 or > 10 || !origins.All(origin => IsOrigin(origin, options)))
            throw RequestRefusal.Invalid(VerifierCodes.RequestOrigin, "expected_origins has 1 to 10 https origins.");
        return (signing, origins);
    }

    /// <summary>A.2: nothing but https, or this machine where that is switched on.</summary>
    private static bool IsOrigin(string text, VerifierHostOptions options) =>
        text.Length <= 300 && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == text && uri.UserInfo == ""
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && options.AllowLoopbackHttp && OptionsCheck.IsLoopback(uri)));

    private static string Prefix(JsonElement json, Policy? policy, Party party)
    {
        var prefix = OneOf(json, "client_id_prefix", "x509_hash", "x509_san_dns", "redirect_uri", "decentralized_identifier", "verifier_attestation");
        if (prefix == "redirect_uri" && !(policy?.AllowUnsignedRequest ?? party.AllowUnsignedQueries))
            throw RequestRefusal.Invalid(VerifierCodes.RequestUnsigned, "This question may not be asked unsigned.");
        return prefix;
    }

    private static IReadOnlyList<TransactionData> Transactions(JsonElement json, DcqlQuery query)
    {
        if (json.OptionalArray("transaction_data", Code) is not { } array)
            return [];
        if (array.GetArrayLength() is 0 or > 10)
            throw RequestRefusal.Invalid(VerifierCodes.RequestTransactionData, "transaction_data has 1 to 10 entries.");
        var entries = array.EnumerateArray()
            .Select(e => TransactionDataOf(e)).ToList();
        if (entries.Any(e => !e.CredentialIds.All(id => query.Find(id) is { } asked && OpenId4Vp.TransactionData.CanBeAuthorizedBy(asked))))
            throw RequestRefusal.Invalid(VerifierCodes.RequestTransactionData, "transaction_data names a credential that cannot authorize it.");
        return entries;
    }

    private static TransactionData TransactionDataOf(JsonElement entry) => entry.ValueKind == JsonValueKind.String
        ? OpenId4Vp.TransactionData.Parse(entry.GetString()!)
        : OpenId4Vp.TransactionData.Create((JsonObject)StrictJson.ToNode(entry.RequireObject(Code))!);

    private static Uri RedirectTarget(string text, VerifierHostOptions options) => PartyUrl.Read(text, options.AllowLoopbackHttp)
        ?? throw RequestRefusal.Invalid(VerifierCodes.RequestRedirectUri, "redirect_uri must be an absolute https address without fragment or user.");

    /// <summary>One of the allowed values; the first one where the member is absent.</summary>
    private static string OneOf(JsonElement json, string name, params ReadOnlySpan<string> allowed)
    {
        var value = json.OptionalString(name, Code) ?? allowed[0];
        return allowed.Contains(value) ? value : throw RequestRefusal.Invalid(VerifierCodes.RequestValue, $"{name} has a value that is not known here.");
    }
}
