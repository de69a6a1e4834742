using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.X509;

namespace Credentials.W3c;

/// <summary>Secures credentials of the W3C data model with JOSE, SD-JWT and COSE (VC-JOSE-COSE §3). A document that breaks its data model is not signed.</summary>
public static class W3cIssuer
{
    private static readonly string[] s_claimsOfTheSignature =
        [W3cNames.JwtIssuer, W3cNames.JwtIssuedAt, W3cNames.JwtExpires, W3cNames.JwtNotBefore, W3cNames.JwtCredential, W3cNames.JwtPresentation, "cnf"];

    /// <summary>Signs a credential as a JWT, <c>vc+jwt</c> (§3.1.1).</summary>
    /// <exception cref="MalformedDataException">The document breaks data model 2.0, or the result exceeds a limit; a code of <see cref="W3cCodes"/>.</exception>
    /// <exception cref="ArgumentException">The document has a claim of the signature of its own.</exception>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static async ValueTask<string> IssueJwtAsync(W3cContent content, ISigningKey key, CancellationToken ct = default)
    {
        var payload = WithClaims(content, Checked(content, DataModelVersion.V2));
        return WithinLimits(await Jws.SignAsync(Header(content, "vc+jwt"), payload, key, ct).ConfigureAwait(false));
    }

    /// <summary>Signs a credential of data model 1.1 as a JWT, for OpenID4VCI's <c>jwt_vc_json</c> (Data Model 1.1 §6.3.1).</summary>
    /// <inheritdoc cref="IssueJwtAsync"/>
    public static async ValueTask<string> IssueJwtV1Async(W3cContent content, ISigningKey key, CancellationToken ct = default)
    {
        var payload = JwtEncodingV1.Encode(Checked(content, DataModelVersion.V1));
        if (content.HolderKey is { } holder) payload["cnf"] = Confirmation(holder);
        if (content.SignedAt is { } signedAt) payload[W3cNames.JwtIssuedAt] = NumericDate.From(signedAt);
        return WithinLimits(await Jws.SignAsync(Header(content, "JWT"), payload, key, ct).ConfigureAwait(false));
    }

    /// <summary>Signs a credential as an SD-JWT, <c>vc+sd-jwt</c> (§3.2.1), in compact form with all its disclosures, for its holder alone.</summary>
    /// <exception cref="ArgumentException">As above, or a claim is made disclosable that must not be (<see cref="W3cContent.NeverDisclosable"/>).</exception>
    /// <inheritdoc cref="IssueJwtAsync"/>
    public static ValueTask<string> IssueSdJwtAsync(W3cContent content, ISigningKey key, CancellationToken ct = default)
    {
        var payload = WithClaims(content, Checked(content, DataModelVersion.V2));
        foreach (var path in content.Disclosable)
        {
            var name = path.Segments[0].Name;
            if (name is null || W3cContent.NeverDisclosable.Contains(name) || (name == W3cNames.Subject && path.Segments.Count == 1))
                throw new ArgumentException($"'{name}' must not be disclosable.", nameof(content));
        }

        return SdJwtIssuer.IssueAsync(new SdJwtContent
        {
            HeaderType = "vc+sd-jwt",
            Claims = payload,
            Disclosable = content.Disclosable,
            Decoys = content.Decoys,
            KeyId = content.KeyId,
            Certificates = content.Certificates,
        }, key, ct);
    }

    /// <summary>Signs a credential in COSE_Sign1 with its tag, <c>vc+cose</c> (§3.3.1).</summary>
    /// <inheritdoc cref="IssueJwtAsync"/>
    public static async ValueTask<byte[]> IssueCoseAsync(W3cContent content, ISigningKey key, CancellationToken ct = default)
    {
        var document = Checked(content, DataModelVersion.V2);
        var claims = CborWriting.Encode(writer =>
        {
            List<(long Label, Action Write)> members = [];
            if (IsIssuerNamedByClaim(content)) members.Add((CwtNames.Issuer, () => writer.WriteTextString(IssuerOf(document))));
            if (content.SignatureExpiresAt is { } end) members.Add((CwtNames.ExpiresAt, () => writer.WriteInt64(NumericDate.From(end))));
            if (content.SignedAt is { } time) members.Add((CwtNames.IssuedAt, () => writer.WriteInt64(NumericDate.From(time))));
            if (content.HolderKey is { } holder) members.Add((CoseMessages.Confirmation, () => CoseMessages.WriteConfirmation(writer, holder)));
            CoseMessages.WriteMap(writer, members);
        });
        var message = await CoseMessages.SignAsync("vc", document, claims, content.KeyId, content.Certificates, key, ct).ConfigureAwait(false);
        return message.Length <= W3cLimits.Default.MaxCredentialLength ? message : throw TooLarge();
    }

    /// <summary>Adds a Data Integrity proof to a credential of either version (Data Integrity 1.0 §4.2).</summary>
    /// <param name="credential">The document, with the contexts that a proof needs; it may have proofs already.</param>
    /// <param name="options">What the proof says; its purpose is assertionMethod.</param>
    /// <param name="key">The key of the verification method.</param>
    /// <returns>The secured document.</returns>
    /// <exception cref="CredentialException">The document breaks its data model, or says something that its contexts do not define.</exception>
    /// <exception cref="ArgumentException">Another purpose, or a key that does not go with the cryptosuite.</exception>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static Task<JsonObject> IssueWithProofAsync(JsonObject credential, ProofOptions options, ISigningKey key, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Purpose != VerificationRelationship.AssertionMethod) throw new ArgumentException("A credential is proved as an assertion.", nameof(options));
        var document = StrictJson.ToElement(credential);
        W3cCredential.Parse(document, acceptV1: true);
        return DataIntegrityIssuer.AddProofAsync(document, options, key, ct);
    }

    /// <summary>An issuer never signs what a verifier would refuse for its form.</summary>
    private static JsonObject Checked(W3cContent content, DataModelVersion version)
    {
        ArgumentNullException.ThrowIfNull(content);
        var document = StrictJson.ToElement(content.Credential);
        var credential = W3cCredential.Parse(document, acceptV1: version == DataModelVersion.V1);
        if (content.Contexts is { } contexts) DefinedTerms.Check(document, contexts);
        if (credential.Version != version) throw new MalformedDataException(W3cCodes.Version, "The credential is of another version of the data model.");
        var taken = Array.Find(s_claimsOfTheSignature, content.Credential.ContainsKey);
        return taken is null ? content.Credential : throw new ArgumentException($"The document has the member '{taken}', which belongs to the signature.", nameof(content));
    }

    private static JsonObject WithClaims(W3cContent content, JsonObject document)
    {
        var payload = document.DeepClone().AsObject();
        if (IsIssuerNamedByClaim(content)) payload[W3cNames.JwtIssuer] = IssuerOf(document);
        if (content.SignedAt is { } signedAt) payload[W3cNames.JwtIssuedAt] = NumericDate.From(signedAt);
        if (content.SignatureExpiresAt is { } end) payload[W3cNames.JwtExpires] = NumericDate.From(end);
        if (content.HolderKey is { } holder) payload["cnf"] = Confirmation(holder);
        return payload;
    }

    // VC-JOSE-COSE §4.3: where iss is absent, kid is the absolute identifier of a verification method.
    private static bool IsIssuerNamedByClaim(W3cContent content) => content.KeyId?.IndexOf('#', StringComparison.Ordinal) is not > 0;

    private static string IssuerOf(JsonObject document) =>
        document[W3cNames.Issuer] is JsonObject party ? party[W3cNames.Id]!.GetValue<string>() : document[W3cNames.Issuer]!.GetValue<string>();

    private static JsonObject Confirmation(PublicKey holder) => new() { ["jwk"] = Jwk.Write(holder) };

    private static JsonObject Header(W3cContent content, string type)
    {
        var header = new JsonObject { ["typ"] = type };
        if (type != "JWT") header["cty"] = "vc";
        if (content.KeyId is not null) header["kid"] = content.KeyId;
        if (content.Certificates.Count > 0) header["x5c"] = X5c.ForHeader(content.Certificates);
        return header;
    }

    private static string WithinLimits(string jwt) => jwt.Length <= W3cLimits.Default.MaxCredentialLength ? jwt : throw TooLarge();

    private static MalformedDataException TooLarge() => new(W3cCodes.TooLarge, "The credential would be too large.");
}
