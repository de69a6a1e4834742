using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.SdJwt;
using Credentials.StatusLists;

namespace Credentials.Wallet.Core.Documents;

/// <summary>An SD-JWT VC in the wallet.</summary>
internal sealed class HeldSdJwt : HeldCredential
{
    // Claims that serve the protocol and say nothing about the holder (RFC 7519 §4.1, RFC 7800, SD-JWT VC §2.2.2).
    private static readonly HashSet<string> s_technical =
        new(["iss", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status", "jti"], StringComparer.Ordinal);

    // What has to differ between the copies of a batch, and the times, which an issuer may spread (RFC 9901 §10.1).
    private static readonly HashSet<string> s_ownToCopy = new(["cnf", "status", "iat", "nbf", "exp", "jti"], StringComparer.Ordinal);

    private readonly SdJwtCredential _credential;

    public HeldSdJwt(string text)
    {
        _credential = SdJwtCredential.Parse(text);
        Claims = _credential.UnverifiedClaims();
    }

    public override JsonElement Claims { get; }

    public override IReadOnlyList<ClaimPath> ClaimPaths => AboutHolder(Claims);

    public override IReadOnlyList<ClaimPath> AlwaysShown => AboutHolder(SdJwtPresenter.Select(_credential, []).UnverifiedClaims());

    public override DateTimeOffset? ValidFrom => Claims.OptionalNumericDate("nbf");

    public override DateTimeOffset? ExpiresAt => Claims.OptionalNumericDate("exp");

    public static Task<VerificationReport> VerifyAsync(string text, ReceiptExpectations expected, CancellationToken cancellationToken) =>
        SdJwtVerifier.VerifyAsync(
            text,
            new SdJwtExpectations
            {
                Trust = expected.Trust,
                Now = expected.Now,
                KeyBinding = KeyBindingExpectation.FromIssuer,
                Status = expected.Status,
                StatusClient = expected.Lists?.TokenLists,
                Types = [expected.Type],
            },
            cancellationToken);

    public override IReadOnlyList<CredentialStatus> ReadStatus() => StatusReference.FromClaims(Claims) is { } status ? [status] : [];

    public override bool SaysSameAs(HeldCredential other)
    {
        var (mine, theirs) = (Shared(Claims), Shared(other.Claims));
        return mine.Count == theirs.Count
            && mine.All(claim => theirs.TryGetValue(claim.Key, out var value) && JsonElement.DeepEquals(claim.Value, value));
    }

    public override DcqlCandidate ToCandidate(string id) => DcqlCandidate.ForSdJwt(_credential, Claims) with { Id = id };

    public override IReadOnlyList<ClaimBytes> BytesOf(ClaimPath path) =>
        [.. path.Select(Claims).Where(value => value.ValueKind == JsonValueKind.String).Select(value => ClaimBytes.FromDataUri(value.GetString()!)).OfType<ClaimBytes>()];

    public override async ValueTask<string> PresentAsync(IReadOnlyList<ClaimPath> disclose, PresentationTerms terms, CancellationToken cancellationToken)
    {
        if (!terms.RequiresHolderBinding) return SdJwtPresenter.Select(_credential, disclose).ToString();
        var binding = new KeyBinding(terms.Binding.Audience, terms.Binding.Nonce, terms.Now)
        {
            TransactionData = [.. terms.Transactions.Select(entry => entry.Encoded)],
            // OpenID4VP 1.0 B.3.3.1: named where an entry offers a choice. Every entry that reaches us offers SHA-256.
            TransactionDataHash = terms.Transactions.Any(entry => entry.HashAlgorithms is not null) ? DisclosureHash.Sha256 : null,
        };
        return await SdJwtPresenter.PresentAsync(_credential, disclose, binding, terms.Key, cancellationToken).ConfigureAwait(false);
    }

    private static IReadOnlyList<ClaimPath> AboutHolder(JsonElement claims) =>
        [.. claims.EnumerateObject().Where(claim => !s_technical.Contains(claim.Name)).Select(claim => ClaimPath.Of(claim.Name))];

    private static Dictionary<string, JsonElement> Shared(JsonElement claims) =>
        claims.EnumerateObject().Where(claim => !s_ownToCopy.Contains(claim.Name)).ToDictionary(claim => claim.Name, claim => claim.Value, StringComparer.Ordinal);
}
