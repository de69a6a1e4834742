using Credentials.Trust;

namespace Credentials.Verifier.Trust;

/// <summary>
/// The operator's <c>--trust</c> files and <c>--trust-url</c> issuers: each certificate or identifier is an authority for credentials and their status,
/// each URL an issuer of credentials, of all types, and none is one for verifiers. Nothing given means that nobody is trusted.
/// </summary>
internal static class ConfiguredTrust
{
    public static TrustStore Load(VerifierHostOptions options)
    {
        var anchors = options.TrustUrls.Select(url => TrustAnchor.ForIssuerUrl(url)).ToList();
        foreach (var file in options.TrustFiles)
        {
            try
            {
                var store = TrustStore.FromText(File.ReadAllText(file), TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner);
                if (store.Anchors.Count == 0)
                    throw new VerifierStartException($"the trust file {file} names no authority");
                anchors.AddRange(store.Anchors);
            }
            catch (Exception e) when (e is CredentialException or IOException or UnauthorizedAccessException)
            {
                throw new VerifierStartException($"the trust file {file} cannot be read as PEM certificates or identifiers", e);
            }
        }
        return TrustStore.Create(anchors);
    }
}
