using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys.Software;
using Credentials.Trust;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Cli;

/// <summary>Keys, certificates and trust anchors from files: PEM, or a JWK.</summary>
internal static class KeyFiles
{
    /// <summary>A private key: PKCS #8 PEM or a private JWK.</summary>
    internal static async Task<SoftwareSigningKey> LoadPrivateAsync(string path, CommandContext context)
    {
        var text = await InputFiles.ReadTextAsync(path, context);
        return IsPem(text) ? SoftwareSigningKey.FromPkcs8Pem(text) : SoftwareSigningKey.FromPrivateJwk(ParseJwk(text));
    }

    /// <summary>A public key. The private JWK of one's own key is taken too, and only its public part is used.</summary>
    internal static async Task<PublicKey> LoadPublicAsync(string path, CommandContext context)
    {
        var jwk = ParseJwk(await InputFiles.ReadTextAsync(path, context));
        if (!jwk.TryGetProperty("d", out _))
            return Jwk.ParsePublic(jwk);
        context.Terminal.Hint($"{TextSafety.ForTerminal(path)} is a private key; its public part is enough here");
        using var key = SoftwareSigningKey.FromPrivateJwk(jwk);
        return key.PublicKey;
    }

    /// <summary>
    /// The certificates of a PEM file as they go into <c>x5c</c>: the signer's first, without the trust anchor (HAIP 1.0 §6.1.1).
    /// </summary>
    internal static async Task<IReadOnlyList<X509Certificate2>> LoadChainAsync(string path, PublicKey signer, CommandContext context)
    {
        var all = CertificateReader.FromPem(await InputFiles.ReadTextAsync(path, context));
        var chain = X5Chain.WithoutAnchor(all).ToList();
        return chain.Count > 0 && PublicKey.FromCertificate(chain[0]).Equals(signer)
            ? chain
            : throw CommandException.Usage("the first certificate of --cert does not belong to --key, or is self-signed");
    }

    /// <summary>The authorities that the files name: certificates, DIDs and other controlled identifiers, or public keys.</summary>
    internal static async Task<TrustStore> LoadTrustAsync(IEnumerable<string> paths, TrustPurpose purpose, CommandContext context)
    {
        var anchors = new List<TrustAnchor>();
        foreach (var path in paths)
        {
            var text = await InputFiles.ReadTextAsync(path, context);
            if (text.StartsWith('{'))
                anchors.Add(TrustAnchor.ForKey(Jwk.ParsePublic(ParseJwk(text)), purpose));
            else
                anchors.AddRange(TrustStore.FromText(text, purpose).Anchors);
        }
        return TrustStore.Create(anchors);
    }

    /// <summary>Issuers trusted by their URL (SD-JWT VC §4).</summary>
    internal static TrustStore TrustUrls(IEnumerable<string> urls)
    {
        try
        {
            return TrustStore.Create(urls.Select(url => TrustAnchor.ForIssuerUrl(url)).ToList());
        }
        catch (ArgumentException)
        {
            throw CommandException.Usage("--trust-url is the https URL of an issuer, without query and fragment");
        }
    }

    private static bool IsPem(string text) => text.StartsWith("-----BEGIN", StringComparison.Ordinal);

    private static JsonElement ParseJwk(string text) =>
        StrictJson.ParseObject(System.Text.Encoding.UTF8.GetBytes(text), JsonLimits.Default, "jwk.malformed");
}
