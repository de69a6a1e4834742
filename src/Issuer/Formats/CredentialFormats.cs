using Credentials.Issuer.Keys;

namespace Credentials.Issuer.Formats;

/// <summary>The credential formats that this issuer writes.</summary>
internal sealed class CredentialFormats(IssuerKeys keys, IssuerIdentity identity, IssuerOptions options)
{
    private readonly ICredentialFormat[] _formats =
    [
        new SdJwtFormat(keys, options), new MdocFormat(keys),
        .. ((string[])[CredentialFormat.JwtVcJson, CredentialFormat.LdpVc, CredentialFormat.VcJwt, CredentialFormat.VcDataIntegrity]).Select(id => new W3cFormat(id, keys, identity)),
    ];

    /// <summary>The format of a type; the catalog has no type of another.</summary>
    internal ICredentialFormat For(Catalog.CredentialType type) => _formats.Single(format => format.Id == type.Format);
}
