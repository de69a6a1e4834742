using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.JsonLd;
using Credentials.Keys;

namespace Credentials.W3c;

/// <summary>Makes presentations of W3C credentials, bound to their verifier by the holder's key (Data Model 2.0 §4.13; VC-JOSE-COSE §3.1.2, §3.3.2).</summary>
public static class W3cPresenter
{
    /// <summary>A presentation as a JWT: <c>vp+jwt</c>, or for credentials of data model 1.1 a JWT with <c>vp</c>.</summary>
    /// <exception cref="CredentialException">One of the credentials cannot be read; its code says why.</exception>
    /// <exception cref="ArgumentException">Credentials of both versions, or too many.</exception>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static ValueTask<string> PresentJwtAsync(W3cPresentationContent content, ISigningKey holderKey, CancellationToken ct = default)
    {
        var (document, version) = Document(content);
        var payload = document;
        if (version == DataModelVersion.V1)
        {
            // 1.1 §6.3.1: the claim says it.
            document.Remove(W3cNames.Holder);
            payload = new JsonObject { [W3cNames.JwtPresentation] = document };
        }

        if (content.Holder is not null) payload[W3cNames.JwtIssuer] = content.Holder;
        payload[W3cNames.JwtAudience] = content.Audience;
        payload[W3cNames.JwtNonce] = content.Nonce;
        payload[W3cNames.JwtIssuedAt] = NumericDate.From(content.SignedAt);
        if (content.Lifetime is { } lifetime) payload[W3cNames.JwtExpires] = NumericDate.From(content.SignedAt + lifetime);
        var header = new JsonObject { ["typ"] = version == DataModelVersion.V2 ? "vp+jwt" : "JWT" };
        if (version == DataModelVersion.V2) header["cty"] = "vp";
        if (content.KeyId is not null) header["kid"] = content.KeyId;
        return Jws.SignAsync(header, payload, holderKey, ct);
    }

    /// <summary>A presentation in COSE_Sign1 with its tag: <c>vp+cose</c>. Audience, nonce and times are CWT claims in its protected header (RFC 9597).</summary>
    /// <inheritdoc cref="PresentJwtAsync"/>
    public static ValueTask<byte[]> PresentCoseAsync(W3cPresentationContent content, ISigningKey holderKey, CancellationToken ct = default)
    {
        var (document, version) = Document(content);
        if (version != DataModelVersion.V2) throw new ArgumentException("COSE goes with data model 2.0.", nameof(content));
        var claims = CborWriting.Encode(writer =>
        {
            List<(long Label, Action Write)> members = [];
            if (content.Holder is { } holder) members.Add((CwtNames.Issuer, () => writer.WriteTextString(holder)));
            members.Add((CoseMessages.Audience, () => writer.WriteTextString(content.Audience)));
            if (content.Lifetime is { } lifetime) members.Add((CwtNames.ExpiresAt, () => writer.WriteInt64(NumericDate.From(content.SignedAt + lifetime))));
            members.Add((CwtNames.IssuedAt, () => writer.WriteInt64(NumericDate.From(content.SignedAt))));
            members.Add((CoseMessages.Nonce, () => writer.WriteTextString(content.Nonce)));
            CoseMessages.WriteMap(writer, members);
        });
        return CoseMessages.SignAsync("vp", document, claims, content.KeyId, [], holderKey, ct);
    }

    /// <summary>
    /// A presentation with a Data Integrity proof (Data Integrity 1.0 §4.2): <c>domain</c> is the audience, <c>challenge</c> the nonce.
    /// </summary>
    /// <param name="content">What is presented, by whom (<see cref="W3cPresentationContent.KeyId"/> is the verification method) and to whom.</param>
    /// <param name="cryptosuite">One of the cryptosuites of <see cref="DataIntegrityNames"/>.</param>
    /// <param name="contexts">The contexts that the presentation and its credentials may name.</param>
    /// <param name="holderKey">The key of the verification method.</param>
    /// <inheritdoc cref="PresentJwtAsync"/>
    public static async Task<JsonObject> PresentWithProofAsync(
        W3cPresentationContent content, string cryptosuite, JsonLdContexts contexts, ISigningKey holderKey, CancellationToken ct = default)
    {
        var (document, version) = Document(content);
        if (version == DataModelVersion.V1) document[W3cNames.Context]!.AsArray().Add((JsonNode)W3cNames.DataIntegrityContext);
        return await DataIntegrityIssuer.AddProofAsync(StrictJson.ToElement(document), new ProofOptions
        {
            Cryptosuite = cryptosuite,
            VerificationMethod = content.KeyId ?? throw new ArgumentException("A proof names its verification method.", nameof(content)),
            Purpose = VerificationRelationship.Authentication,
            Contexts = contexts,
            Created = content.SignedAt,
            Expires = content.SignedAt + content.Lifetime,
            Domains = [content.Audience],
            Challenge = content.Nonce,
        }, holderKey, ct).ConfigureAwait(false);
    }

    /// <summary>The unsecured presentation, for a signature around it or a proof inside it.</summary>
    private static (JsonObject Document, DataModelVersion Version) Document(W3cPresentationContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Credentials.Count > W3cPresentation.MaxCredentials) throw new ArgumentException($"More than {W3cPresentation.MaxCredentials} credentials.", nameof(content));
        var credentials = content.Credentials.Select(credential => SecuredDocument.ParseCredential(credential, acceptV1: true)).ToList();
        var version = credentials.Count > 0 ? credentials[0].Version : DataModelVersion.V2;
        if (credentials.Exists(credential => credential.Version != version)) throw new ArgumentException("The credentials are of two versions of the data model.", nameof(content));
        var document = new JsonObject
        {
            [W3cNames.Context] = new JsonArray(version == DataModelVersion.V2 ? W3cNames.BaseContext : W3cNames.BaseContextV1),
            [W3cNames.Type] = new JsonArray(W3cNames.PresentationType),
        };
        if (content.Holder is not null) document[W3cNames.Holder] = content.Holder;
        if (credentials.Count > 0) document[W3cNames.Credential] = new JsonArray([.. credentials.Select(credential => credential.ToPresented())]);
        return (document, version);
    }
}
