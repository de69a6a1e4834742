using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.X509;

namespace Credentials.Verifier.Trust;

/// <summary>
/// The names under which a relying party's one access key is known to wallets: its certificate, DIDs, and what somebody attests. All of them
/// sign with the same key.
/// </summary>
internal sealed class VerifierIdentities
{
    private const int MaxFile = 64 * 1024;
    private readonly AccessIdentity _access;
    private readonly ServiceUrl _url;
    private readonly string _path;
    private readonly string? _attestation;
    private readonly ConcurrentDictionary<ClientIdentifier, ClientSigner> _signers = new();

    /// <param name="access">Its certificate and key.</param>
    /// <param name="url">Its address.</param>
    /// <param name="path">Below that, where the document of its did:web is; begins with a slash, or is empty.</param>
    /// <param name="attestationFile">A verifier attestation for its key; null: there is none.</param>
    /// <param name="verifierInfoFile">Entries of <c>verifier_info</c>; null: there are none.</param>
    public VerifierIdentities(AccessIdentity access, ServiceUrl url, string path, string? attestationFile, string? verifierInfoFile)
    {
        (_access, _url, _path) = (access, url, path);
        try
        {
            _attestation = attestationFile is { } file ? ReadFile(file).Trim() : null;
            if (_attestation is not null)
                _ = ClientSigner.ForAttestation(_attestation, access.Key);
            VerifierInfo = verifierInfoFile is { } infos
                ? [.. StrictJson.Parse(Encoding.UTF8.GetBytes(ReadFile(infos))).EnumerateArray().Select(OpenId4Vp.VerifierInfo.Parse)]
                : [];
        }
        catch (Exception e) when (e is CredentialException or IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            throw new VerifierStartException($"the verifier's attestation or information cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The certificate behind the identifiers.</summary>
    public AccessIdentity Access => _access;

    /// <summary>What others say about this verifier, for signed requests.</summary>
    public IReadOnlyList<VerifierInfo> VerifierInfo { get; }

    /// <summary>The identifier for a transaction.</summary>
    /// <param name="prefix">One of the prefixes that sign.</param>
    /// <param name="didMethod"><c>jwk</c>, <c>key</c> or <c>web</c>.</param>
    /// <exception cref="ProtocolException">400: this service has none of the kind.</exception>
    public ClientIdentifier ClientId(string prefix, string didMethod) => prefix switch
    {
        "x509_san_dns" => ClientIdentifier.ForDnsName(CertifiedDnsName()),
        "decentralized_identifier" => ClientIdentifier.ForDid(didMethod switch
        {
            "key" => DidKey.Create(_access.Key.PublicKey),
            "web" => WebDid(),
            _ => DidJwk.Create(_access.Key.PublicKey),
        }),
        "verifier_attestation" => Attested().ClientId,
        _ => ClientIdentifier.ForCertificate(_access.Certificate),
    };

    /// <summary>Who signs for an identifier that <see cref="ClientId"/> gave.</summary>
    /// <exception cref="ProtocolException">410: it was another certificate's, which has been renewed since.</exception>
    public ClientSigner SignerFor(ClientIdentifier clientId) => _signers.GetOrAdd(clientId, NewSigner);

    private ClientSigner NewSigner(ClientIdentifier clientId)
    {
        switch (clientId.Prefix)
        {
            case ClientIdPrefix.DecentralizedIdentifier:
                var did = clientId.Name;
                var method = did.StartsWith("did:jwk:", StringComparison.Ordinal) ? DidJwk.VerificationMethodOf(did)
                    : did.StartsWith("did:key:", StringComparison.Ordinal) ? DidKey.VerificationMethodOf(did)
                    : $"{did}#{WebKey}";
                return ClientSigner.ForDid(did, method, _access.Key);
            case ClientIdPrefix.VerifierAttestation:
                return Attested();
            case ClientIdPrefix.X509Hash when clientId != ClientIdentifier.ForCertificate(_access.Certificate):
                throw RequestRefusal.Ended();
            default:
                return ClientSigner.ForCertificate(clientId, _access.Key, _access.Chain);
        }
    }

    /// <summary>The document of the party's did:web; null where its host has no name.</summary>
    public JsonElement? WebDocument() => Uri.CheckHostName(_url.Host) != UriHostNameType.Dns
        ? null
        : ControlledIdentifierDocument.Create(
            WebDid(), [(WebKey, _access.Key.PublicKey, [VerificationRelationship.Authentication, VerificationRelationship.AssertionMethod])]).Json;

    private const string WebKey = "access";

    private ClientSigner Attested() => _attestation is null
        ? throw RequestRefusal.Invalid(VerifierCodes.RequestNoAttestation, "This service was given no verifier attestation.")
        : ClientSigner.ForAttestation(_attestation, _access.Key);

    /// <summary>did:web §3.1: a port is percent-encoded, a path follows with colons.</summary>
    private string WebDid()
    {
        var uri = new Uri(_url.Base);
        var port = uri.IsDefaultPort ? "" : $"%3A{uri.Port}";
        return $"did:web:{RequireDnsName()}{port}{(uri.AbsolutePath.TrimEnd('/') + _path).Replace('/', ':')}";
    }

    /// <summary>A certificate that the operator gave may be for no host, or for another one.</summary>
    private string CertifiedDnsName() => SubjectAlternativeNames.Of(_access.Certificate).NamesHost(RequireDnsName())
        ? _url.Host
        : throw RequestRefusal.Invalid(VerifierCodes.RequestNoDnsName, "The access certificate does not name this host.");

    private string RequireDnsName() => Uri.CheckHostName(_url.Host) == UriHostNameType.Dns
        ? _url.Host
        : throw RequestRefusal.Invalid(VerifierCodes.RequestNoDnsName, "This service has no DNS name.");

    private static string ReadFile(string path) => new FileInfo(path).Length <= MaxFile
        ? File.ReadAllText(path)
        : throw new IOException($"the file {path} is larger than 64 KiB");
}
