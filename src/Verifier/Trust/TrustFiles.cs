using Credentials.Trust;

namespace Credentials.Verifier.Trust;

/// <summary>
/// The operator's <c>--trust</c> files: each certificate is an authority for credentials and their status, of all types,
/// and never for verifiers. No file means that nobody is trusted.
/// </summary>
internal static class TrustFiles
{
    public static TrustStore Load(IReadOnlyList<string> files)
    {
        var anchors = new List<TrustAnchor>();
        foreach (var file in files)
        {
            try
            {
                var store = TrustStore.FromPem(File.ReadAllText(file), TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner);
                if (store.Anchors.Count == 0)
                    throw new VerifierStartException($"the trust file {file} holds no certificate");
                anchors.AddRange(store.Anchors);
            }
            catch (Exception e) when (e is CredentialException or IOException or UnauthorizedAccessException)
            {
                throw new VerifierStartException($"the trust file {file} cannot be read as PEM certificates", e);
            }
        }
        return anchors.Count == 0 ? TrustStore.Empty : TrustStore.Create(anchors);
    }
}
