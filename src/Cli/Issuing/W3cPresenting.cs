using System.Text;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.W3c;

namespace Credentials.Cli.Issuing;

/// <summary><c>present</c> for W3C credentials.</summary>
internal static class W3cPresenting
{
    /// <summary>The credential as it is to be shown: of those with selective disclosure, only what was named.</summary>
    internal static string Show(string credential, IReadOnlyList<string> disclose)
    {
        if (!HolderProof.IsSelective(credential))
            return disclose.Count == 0
                ? credential
                : throw CommandException.Usage("--disclose is for credentials with selective disclosure: this one is shown whole", $"issue it with --suite {DataIntegrityNames.EcdsaSd2023}, or as vc+sd-jwt");
        var document = StrictJson.ParseObject(Encoding.UTF8.GetBytes(credential));
        var pointers = ClaimPaths.Read(disclose, document).SelectMany(path => HolderProof.PointersTo(document, path)).Distinct(StringComparer.Ordinal);
        return HolderProof.Show(credential, [.. pointers]);
    }

    internal static async Task<string> PresentAsync(string credential, IReadOnlyList<string> disclose, string audience, string nonce, ISigningKey holderKey, CommandContext context)
    {
        var secured = SecuredDocument.ParseCredential(SecuredText.ToContent(credential), acceptV1: true);
        if (secured.Format == W3cFormats.SdJwt)
        {
            var sdJwt = SdJwtCredential.Parse(credential);
            var paths = ClaimPaths.Read(disclose, sdJwt.UnverifiedClaims());
            return await SdJwtPresenter.PresentAsync(sdJwt, paths, new KeyBinding(audience, nonce, context.Now), holderKey, context.Cancelled);
        }

        var holder = HolderOf(secured, holderKey.PublicKey);
        var content = new W3cPresentationContent
        {
            Credentials = [SecuredText.ToContent(Show(credential, disclose))],
            Audience = audience,
            Nonce = nonce,
            SignedAt = context.Now,
            Holder = holder,
            KeyId = SelfCertifying.VerificationMethodOf(holder),
        };
        return secured.Format switch
        {
            W3cFormats.Cose => StrictBase64Url.Encode(await W3cPresenter.PresentCoseAsync(content, holderKey, context.Cancelled)),
            W3cFormats.DataIntegrity or W3cFormats.DataIntegrityV1 => Encoding.UTF8.GetString(StrictJson.ToUtf8(
                await W3cPresenter.PresentWithProofAsync(content, W3cIssuing.SuiteOf(holderKey.PublicKey), JsonLdContexts.BuiltIn, holderKey, context.Cancelled))),
            _ => await W3cPresenter.PresentJwtAsync(content, holderKey, context.Cancelled),
        };
    }

    /// <summary>The subject's own identifier where it is the key; else the key's, which fits a credential that names it otherwise.</summary>
    private static string HolderOf(SecuredDocument secured, PublicKey key) =>
        W3cCredential.Parse(secured.UnverifiedDocument, acceptV1: true).SubjectIds.FirstOrDefault(id => key.Equals(SelfCertifying.FindKey(id))) ?? W3cIssuing.IdentifierOf(key);
}
