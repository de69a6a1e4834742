using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.OpenId4Vp;

/// <summary>One identity of a verifier, with what a request's header needs so that wallets can check it (OpenID4VP 1.0 §5.9.3).</summary>
public sealed class ClientSigner
{
    private readonly JsonObject _header;

    private ClientSigner(ClientIdentifier clientId, ISigningKey key, string name, JsonNode value)
    {
        (ClientId, Key) = (clientId, key);
        _header = new JsonObject { [JoseNames.Typ] = OpenId4VpNames.RequestObjectType, [name] = value };
    }

    /// <summary>Who signs.</summary>
    public ClientIdentifier ClientId { get; }

    internal ISigningKey Key { get; }

    /// <summary>By a certificate, for <c>x509_hash</c> and <c>x509_san_dns</c>.</summary>
    /// <param name="clientId">An identifier of the certificate.</param>
    /// <param name="key">The key of the certificate.</param>
    /// <param name="chain">The certificate first, then those above it, without the trust anchor (HAIP §5).</param>
    /// <exception cref="ArgumentException">They do not belong together.</exception>
    public static ClientSigner ForCertificate(ClientIdentifier clientId, ISigningKey key, IReadOnlyList<X509Certificate2> chain)
    {
        if (!RequestVerifier.Identifies(clientId, chain[0])) throw new ArgumentException("The client identifier is not the certificate's.", nameof(clientId));
        if (!PublicKey.FromCertificate(chain[0]).Equals(key.PublicKey)) throw new ArgumentException("The key is not the certificate's.", nameof(key));
        return new ClientSigner(clientId, key, JoseNames.X5c, X5c.ToJson(chain));
    }

    /// <summary>By a key in the document of a DID.</summary>
    /// <param name="did">The verifier's DID.</param>
    /// <param name="verificationMethod">The key's identifier in the document: the DID and a fragment.</param>
    /// <param name="key">The key.</param>
    public static ClientSigner ForDid(string did, string verificationMethod, ISigningKey key) =>
        new(ClientIdentifier.ForDid(did), key, JoseNames.Kid, verificationMethod);

    /// <summary>By the key that an attestation is about.</summary>
    /// <param name="attestation">The attestation, as it was issued.</param>
    /// <param name="key">The key in it.</param>
    /// <exception cref="CredentialException">Not a verifier attestation.</exception>
    /// <exception cref="ArgumentException">It is about another key.</exception>
    public static ClientSigner ForAttestation(string attestation, ISigningKey key)
    {
        var read = VerifierAttestation.ParseUnverified(attestation);
        if (!read.Key.Equals(key.PublicKey)) throw new ArgumentException("The attestation is about another key.", nameof(key));
        return new ClientSigner(ClientIdentifier.ForAttestation(read.Subject), key, OpenId4VpNames.Jwt, attestation);
    }

    internal JsonObject Header() => (JsonObject)_header.DeepClone();
}
