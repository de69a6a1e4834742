using System.Collections.Frozen;
using Credentials.OpenId4Vci;

namespace Credentials.Wallet.Core.Documents;

/// <summary>What the wallet must know of a format that it keeps: a new format is one more entry, and a subclass of <see cref="HeldCredential"/>.</summary>
/// <param name="BindingMethod">How an issuer says that it binds the format to a key of the holder (OpenID4VCI 1.0 §12.2.4).</param>
/// <param name="TypeOf">The type that an issuer's configuration names; null where it is not of this format.</param>
/// <param name="VerifyAsync">Verifies what an issuer sent.</param>
/// <param name="Parse">Reads it.</param>
internal sealed record HeldFormat(
    string BindingMethod,
    Func<CredentialConfiguration, string?> TypeOf,
    Func<string, ReceiptExpectations, CancellationToken, Task<VerificationReport>> VerifyAsync,
    Func<string, HeldCredential> Parse)
{
    private static readonly FrozenDictionary<string, HeldFormat> s_known = new Dictionary<string, HeldFormat>
    {
        [CredentialFormat.SdJwtVc] = new(OpenId4VciNames.JwkBinding, configuration => configuration.Vct, HeldSdJwt.VerifyAsync, text => new HeldSdJwt(text)),
        [CredentialFormat.Mdoc] = new(OpenId4VciNames.CoseKeyBinding, configuration => configuration.Doctype, HeldMdoc.VerifyAsync, text => new HeldMdoc(text)),
        [CredentialFormat.JwtVcJson] = W3c(),
        [CredentialFormat.LdpVc] = W3c(),
        [CredentialFormat.VcJwt] = W3c(),
        [CredentialFormat.VcDataIntegrity] = W3c(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The entry for a format's wire name; null for one that this wallet does not keep.</summary>
    public static HeldFormat? Find(string name) => s_known.GetValueOrDefault(name);

    private static HeldFormat W3c() => new(OpenId4VciNames.JwkBinding, HeldW3c.TypeOf, HeldW3c.VerifyAsync, text => new HeldW3c(text));

    /// <summary>Reads a stored copy.</summary>
    /// <exception cref="NotSupportedCredentialException"><c>wallet.format_not_supported</c>: a newer version stored it.</exception>
    public static HeldCredential Read(Document document, StoredCredential copy) =>
        Find(document.Format)?.Parse(copy.Text)
        ?? throw new NotSupportedCredentialException(WalletCodes.FormatNotSupported, "The format of the document is not known to this version.");
}
