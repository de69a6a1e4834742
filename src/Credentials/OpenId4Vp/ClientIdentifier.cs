using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Dids;

namespace Credentials.OpenId4Vp;

/// <summary>A verifier's client identifier with its prefix (OpenID4VP 1.0 §5.9).</summary>
/// <param name="Prefix">How to read <paramref name="Name"/>.</param>
/// <param name="Name">The identifier without its prefix.</param>
public sealed record ClientIdentifier(ClientIdPrefix Prefix, string Name)
{
    private const int MaxLength = 2048;

    private static readonly Dictionary<string, ClientIdPrefix> s_prefixes = new(StringComparer.Ordinal)
    {
        ["redirect_uri"] = ClientIdPrefix.RedirectUri,
        ["x509_san_dns"] = ClientIdPrefix.X509SanDns,
        ["x509_hash"] = ClientIdPrefix.X509Hash,
        ["decentralized_identifier"] = ClientIdPrefix.DecentralizedIdentifier,
        ["verifier_attestation"] = ClientIdPrefix.VerifierAttestation,
    };

    /// <summary>The whole identifier, prefix included: the audience of a presentation (§14.8).</summary>
    public string Full => $"{s_prefixes.Single(pair => pair.Value == Prefix).Key}:{Name}";

    /// <summary>Reads a client identifier.</summary>
    /// <exception cref="ProtocolException"><c>invalid_request</c> (<see cref="OpenId4VpCodes.ClientIdPrefix"/>): no prefix (clients are not
    /// registered beforehand), a prefix that OpenID4VP does not define, or one that is not supported; <c>origin</c> never is.</exception>
    public static ClientIdentifier Parse(string clientId)
    {
        // §5.9.1: the prefix is what stands before the first colon.
        var colon = clientId.IndexOf(':');
        if (colon < 0 || !s_prefixes.TryGetValue(clientId[..colon], out var prefix)
            || clientId.Length > MaxLength || colon == clientId.Length - 1 || clientId.Any(c => c is <= ' ' or > '~')
            || (prefix == ClientIdPrefix.DecentralizedIdentifier && !DidSyntax.IsDid(clientId[(colon + 1)..])))
            throw new ProtocolException(OpenId4VpCodes.ClientIdPrefix, OpenId4VpErrors.InvalidRequest, "The client identifier is of no supported kind.");
        return new ClientIdentifier(prefix, clientId[(colon + 1)..]);
    }

    /// <summary>The <c>x509_hash</c> identifier of a certificate.</summary>
    public static ClientIdentifier ForCertificate(X509Certificate2 leaf) =>
        new(ClientIdPrefix.X509Hash, StrictBase64Url.Encode(SHA256.HashData(leaf.RawData)));

    /// <summary>The <c>x509_san_dns</c> identifier of a DNS name.</summary>
    public static ClientIdentifier ForDnsName(string dnsName) => new(ClientIdPrefix.X509SanDns, dnsName);

    /// <summary>The <c>redirect_uri</c> identifier of a verifier that is known by its response address alone.</summary>
    public static ClientIdentifier ForResponseUri(Uri responseUri) => new(ClientIdPrefix.RedirectUri, responseUri.OriginalString);

    /// <summary>The <c>decentralized_identifier</c> of a DID.</summary>
    public static ClientIdentifier ForDid(string did) => new(ClientIdPrefix.DecentralizedIdentifier, did);

    /// <summary>The <c>verifier_attestation</c> identifier of an attestation's subject.</summary>
    public static ClientIdentifier ForAttestation(string subject) => new(ClientIdPrefix.VerifierAttestation, subject);

    /// <inheritdoc/>
    public override string ToString() => Full;
}
