using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dcql;
using Credentials.Dids;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.W3c;

namespace Credentials.Wallet.Core.Documents;

/// <summary>
/// A credential of the W3C data model in the wallet, as a JWT or with a Data Integrity proof. With ecdsa-sd-2023 its claims are shown one by
/// one; of any other kind, all of them or none.
/// </summary>
internal sealed class HeldW3c : HeldCredential
{
    private const string Subject = "credentialSubject";

    // What names the holder or the kind of thing, and serves the protocol.
    private static readonly HashSet<string> s_technical = new(["id", "type"], StringComparer.Ordinal);

    private readonly string _text;
    private readonly SecuredDocument _secured;
    private readonly W3cCredential _credential;
    private readonly bool _isSelective;

    public HeldW3c(string text)
    {
        _text = text;
        _secured = SecuredDocument.ParseCredential(Encoding.UTF8.GetBytes(text), acceptV1: true);
        _credential = W3cCredential.Parse(_secured.UnverifiedDocument, acceptV1: true);
        _isSelective = HolderProof.IsSelective(text);
    }

    public override JsonElement Claims => _secured.UnverifiedDocument;

    public override IReadOnlyList<ClaimPath> ClaimPaths => AboutHolder(Claims);

    public override IReadOnlyList<ClaimPath> AlwaysShown => _isSelective
        ? AboutHolder(StrictJson.ParseObject(Encoding.UTF8.GetBytes(HolderProof.Show(_text, [$"/{Subject}/id"], Contexts))))
        : ClaimPaths;

    public override DateTimeOffset? ValidFrom => _credential.ValidFrom;

    public override DateTimeOffset? ExpiresAt => _credential.ValidUntil;

    private static JsonLdContexts Contexts => JsonLdContexts.BuiltIn;

    /// <summary>The type that an issuer's configuration names: the last, which says most.</summary>
    public static string? TypeOf(CredentialConfiguration configuration) => configuration.DefinedTypes.Count > 0 ? configuration.DefinedTypes[^1] : null;

    /// <summary>Verifies what an issuer sent; of a credential that only its holder has, what it could show at most.</summary>
    public static async Task<VerificationReport> VerifyAsync(string text, ReceiptExpectations expected, CancellationToken cancellationToken)
    {
        var content = Encoding.UTF8.GetBytes(ShownToHolder(text));
        return await W3cVerifier.VerifyCredentialAsync(
            content,
            new W3cExpectations
            {
                Trust = expected.Trust,
                Now = expected.Now,
                Binding = KeyBindingExpectation.NotRequested,
                Status = expected.Status,
                StatusClient = expected.Lists?.TokenLists,
                BitstringStatusClient = expected.Lists?.BitstringLists,
                Identifiers = expected.Identifiers,
                AcceptsDataModelV1 = true,
                Types = [expected.Type],
                JsonLdContexts = Contexts,
            },
            cancellationToken).ConfigureAwait(false);
    }

    // Each entry of a list for W3C credentials is a place that no other copy has.
    public override IReadOnlyList<CredentialStatus> ReadStatus() =>
        [.. BitstringStatusListEntry.ReadAll(Claims).Select(entry => new StatusReference(entry.StatusListCredential, entry.Index ?? 0))];

    public override bool SaysSameAs(HeldCredential other) =>
        other is HeldW3c held && held._credential.Issuer == _credential.Issuer && held._credential.Types.SequenceEqual(_credential.Types)
        && JsonElement.DeepEquals(W3cSubjects.ClaimsAbout(Claims), W3cSubjects.ClaimsAbout(held.Claims));

    public override DcqlCandidate ToCandidate(string id) => DcqlCandidate.ForW3c(_secured, Claims, Contexts) with { Id = id };

    public override IReadOnlyList<ClaimBytes> BytesOf(ClaimPath path) =>
        [.. path.Select(Claims).Where(value => value.ValueKind == JsonValueKind.String).Select(value => ClaimBytes.FromDataUri(value.GetString()!)).OfType<ClaimBytes>()];

    public override async ValueTask<string> PresentAsync(IReadOnlyList<ClaimPath> disclose, PresentationTerms terms, CancellationToken cancellationToken)
    {
        // Nothing in such a presentation says what it authorizes.
        if (terms.Transactions.Count > 0)
            throw new NotSupportedCredentialException(WalletCodes.TransactionNotSupported, "A W3C credential cannot authorize a transaction.");
        var shown = _isSelective ? HolderProof.Show(_text, Pointers(disclose), Contexts) : _text;
        if (!terms.RequiresHolderBinding) return shown;
        var holder = HolderIdentifier(terms.Key.PublicKey);
        var content = new W3cPresentationContent
        {
            Credentials = [Encoding.UTF8.GetBytes(shown)],
            Audience = terms.Binding.Audience,
            Nonce = terms.Binding.Nonce,
            SignedAt = terms.Now,
            Holder = holder,
            KeyId = holder is null ? null : SelfCertifying.VerificationMethodOf(holder),
        };
        if (!_text.StartsWith('{')) return await W3cPresenter.PresentJwtAsync(content, terms.Key, cancellationToken).ConfigureAwait(false);
        var presentation = await W3cPresenter.PresentWithProofAsync(content, SuiteOf(terms.Key.PublicKey), Contexts, terms.Key, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(StrictJson.ToUtf8(presentation));
    }

    private static string ShownToHolder(string text)
    {
        try
        {
            return HolderProof.IsSelective(text) ? HolderProof.ShowAll(text, Contexts) : text;
        }
        catch (CredentialException)
        {
            // The verifier says what is wrong with it.
            return text;
        }
    }

    /// <summary>The subject's identifier, where it is the key itself; else the credential names the key (<c>cnf</c>), and no identifier is needed.</summary>
    private string? HolderIdentifier(PublicKey key) => _credential.SubjectIds.FirstOrDefault(id => key.Equals(SelfCertifying.FindKey(id)));

    private static string SuiteOf(PublicKey key) => key.Algorithm == SignatureAlgorithm.EdDsa
        ? DataIntegrityNames.EddsaRdfc2022
        : key.Algorithm == SignatureAlgorithm.Es256 || key.Algorithm == SignatureAlgorithm.Es384
            ? DataIntegrityNames.EcdsaRdfc2019
            : throw new NotSupportedCredentialException(WalletCodes.BindingNotSupported, "No cryptosuite proves possession of a key of this kind.");

    private IReadOnlyList<string> Pointers(IReadOnlyList<ClaimPath> disclose) =>
        [$"/{Subject}/id", .. disclose.SelectMany(path => HolderProof.PointersTo(Claims, path)).Distinct(StringComparer.Ordinal)];

    private static IReadOnlyList<ClaimPath> AboutHolder(JsonElement document) => document.Member(Subject) switch
    {
        { ValueKind: JsonValueKind.Object } subject =>
            [.. subject.EnumerateObject().Where(claim => !s_technical.Contains(claim.Name)).Select(claim => ClaimPath.Of(Subject, claim.Name))],
        { ValueKind: JsonValueKind.Array } => [ClaimPath.Of(Subject)],
        _ => [],
    };
}
