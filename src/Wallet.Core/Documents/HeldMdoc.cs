using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Mdoc;
using Credentials.StatusLists;

namespace Credentials.Wallet.Core.Documents;

/// <summary>An mdoc in the wallet: IssuerSigned in base64url, as it was received (OpenID4VCI 1.0 Appendix A.2.4).</summary>
internal sealed class HeldMdoc : HeldCredential
{
    private readonly IssuerSigned _mdoc;

    public HeldMdoc(string text)
    {
        _mdoc = IssuerSigned.Parse(text);
        Claims = _mdoc.UnverifiedClaims();
    }

    /// <summary>The mdoc itself, for what only this format can do: to be shown from device to device.</summary>
    public IssuerSigned Mdoc => _mdoc;

    /// <summary>Namespace → element → value.</summary>
    public override JsonElement Claims { get; }

    public override IReadOnlyList<ClaimPath> ClaimPaths =>
        [.. _mdoc.NameSpaces.SelectMany(space => space.Value.Select(item => ClaimPath.Of(space.Key, item.ElementIdentifier)))];

    // ISO/IEC 18013-5 §8.3.2.1.2.2: every data element can be left out. What stays tells of the document, not of its holder.
    public override IReadOnlyList<ClaimPath> AlwaysShown => [];

    public override DateTimeOffset? ValidFrom => _mdoc.SecurityObject.Validity.ValidFrom;

    public override DateTimeOffset? ExpiresAt => _mdoc.SecurityObject.Validity.ValidUntil;

    public static Task<VerificationReport> VerifyAsync(string text, ReceiptExpectations expected, CancellationToken cancellationToken) =>
        MdocVerifier.VerifyAsync(
            IssuerSignedBytes(text),
            new MdocExpectations
            {
                Trust = expected.Trust,
                Now = expected.Now,
                DeviceAuth = DeviceAuthExpectation.NotRequested,
                Status = expected.Status,
                StatusClient = expected.Lists?.TokenLists,
                DocTypes = [expected.Type],
            },
            cancellationToken);

    public override IReadOnlyList<CredentialStatus> ReadStatus() => _mdoc.SecurityObject.Status is { } status ? CredentialStatus.FromCbor(status) : [];

    // Key, status, times and digests are in the security object: all data elements must be the same.
    public override bool SaysSameAs(HeldCredential other) => JsonElement.DeepEquals(Claims, other.Claims);

    public override DcqlCandidate ToCandidate(string id) => DcqlCandidate.ForMdoc(_mdoc, Claims) with { Id = id };

    public override IReadOnlyList<ClaimBytes> BytesOf(ClaimPath path) =>
        path.Segments is [{ Name: { } nameSpace }, { Name: { } element }]
        && _mdoc.NameSpaces.GetValueOrDefault(nameSpace)?.FirstOrDefault(item => item.ElementIdentifier == element) is { ElementValue.Kind: CborKind.ByteString } item
            ? [ClaimBytes.Of(item.ElementValue.GetBytes())]
            : [];

    // OpenID4VP 1.0 B.2.5: always a DeviceResponse, which proves possession also where the verifier would do without.
    public override ValueTask<string> PresentAsync(IReadOnlyList<ClaimPath> disclose, PresentationTerms terms, CancellationToken cancellationToken) =>
        MdocPresenter.PresentAsync(_mdoc, disclose, terms.Binding.Transcript, terms.Key, cancellationToken);

    // An issuer sends IssuerSigned; a DeviceResponse, which the verifier would read as well, is not to be stored.
    private static ReadOnlyMemory<byte> IssuerSignedBytes(string text)
    {
        try
        {
            return IssuerSigned.Parse(text).Encode();
        }
        catch (CredentialException)
        {
            return default;
        }
    }
}
