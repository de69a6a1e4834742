using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Metadata;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.StatusLists;

namespace Credentials.Issuer.Formats;

/// <summary>IETF SD-JWT VC.</summary>
internal sealed class SdJwtFormat(IssuerKeys keys, IssuerOptions options) : ICredentialFormat
{
    // The same list for every credential of a type: what it says is then worked out once.
    private readonly ConditionalWeakTable<CredentialType, IReadOnlyList<ClaimPath>> _disclosable = [];

    public string Id => CredentialFormat.SdJwtVc;

    // Whatever the catalog lets through is JSON, and so is this format.
    public void Check(CredentialType type, JsonObject claims)
    {
    }

    public CredentialConfiguration Describe(CredentialType type) => new()
    {
        Format = Id,
        Vct = type.Type,
        SigningAlgorithms = [keys.Document.PublicKey.Algorithm.JoseName],
        BindingMethods = [OpenId4VciNames.JwkBinding],
        TypeMetadataUri = TypeMetadata.LocationOf(type, options),
    };

    public async ValueTask<string> IssueAsync(CredentialContent content, CancellationToken ct)
    {
        var credential = await SdJwtIssuer.IssueAsync(
            new SdJwtContent
            {
                Type = content.Type.Type,
                Claims = content.Claims,
                Disclosable = _disclosable.GetValue(content.Type, static type => type.DisclosablePaths()),
                HolderKey = content.Holder,
                // Whole days: the credentials of a batch, and all others of the day, show the same times (RFC 9901 §10.1).
                IssuedAt = ClaimCheck.IssuedAt(content.Now),
                ExpiresAt = content.ExpiresAt,
                Status = content.Status,
                Certificates = content.Signer.Certificates,
            },
            content.Signer.Key, ct);
        var report = await SdJwtVerifier.VerifyAsync(credential, new SdJwtExpectations
        {
            Trust = keys.OwnTrust,
            Now = content.Now,
            KeyBinding = KeyBindingExpectation.FromIssuer,
            Status = new StatusPolicy(StatusMode.Skip),
            Types = [content.Type.Type],
        }, ct);
        SelfCheck.Require(report, verified => content.Holder.Equals(verified.HolderKey) && StatusReference.FromClaims(verified.Claims) == content.Status);
        return credential;
    }
}
