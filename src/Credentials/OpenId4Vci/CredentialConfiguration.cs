using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>One entry of <c>credential_configurations_supported</c> (OpenID4VCI §12.2.4 and Appendix A).</summary>
public sealed record CredentialConfiguration
{
    private const string Code = OpenId4VciCodes.IssuerMetadata;

    /// <summary>Credential format identifier.</summary>
    public required string Format { get; init; }

    /// <summary>OAuth scope that asks for this credential, if any.</summary>
    public string? Scope { get; init; }

    /// <summary>Type of an SD-JWT VC (Appendix A.3.2); required for that format.</summary>
    public string? Vct { get; init; }

    /// <summary>Document type of an mdoc (Appendix A.2.2); required for that format.</summary>
    public string? Doctype { get; init; }

    /// <summary>All types of a W3C credential (Appendix A.1, <c>credential_definition</c>); required for those formats.</summary>
    public IReadOnlyList<string> DefinedTypes { get; init; } = [];

    /// <summary>The contexts of a W3C credential with Data Integrity proofs (Appendix A.1.2); required there.</summary>
    public IReadOnlyList<string> DefinedContexts { get; init; } = [];

    /// <summary>JOSE algorithms or cryptosuites the issuer signs with; empty for mdocs.</summary>
    public IReadOnlyList<string> SigningAlgorithms { get; init; } = [];

    /// <summary>COSE algorithm numbers the issuer signs mdocs with (Appendix A.2.2); empty for other formats.</summary>
    public IReadOnlyList<long> CoseSigningAlgorithms { get; init; } = [];

    /// <summary>How holder keys are named; empty when the credential is not bound to a key.</summary>
    public IReadOnlyList<string> BindingMethods { get; init; } = [];

    /// <summary>Proof types by name; empty when no proof is asked for.</summary>
    public IReadOnlyDictionary<string, ProofTypeMetadata> ProofTypes { get; init; } = new Dictionary<string, ProofTypeMetadata>();

    /// <summary>Names of the credential by language (<c>credential_metadata.display</c>).</summary>
    public IReadOnlyList<DisplayText> Display { get; init; } = [];

    /// <summary>The claims in display order (<c>credential_metadata.claims</c>).</summary>
    public IReadOnlyList<ClaimDescription> Claims { get; init; } = [];

    /// <summary>How often the wallet may present each credential of a batch, what the issuer prefers first (<c>credential_metadata.credential_reuse_policy</c>).</summary>
    public IReadOnlyList<CredentialReuseOption> ReuseOptions { get; init; } = [];

    /// <summary>Where this issuer serves the SD-JWT VC type metadata, for types whose <c>vct</c> is not a URL. Our own parameter.</summary>
    public string? TypeMetadataUri { get; init; }

    /// <summary>Reads one configuration; unknown parameters are ignored.</summary>
    /// <exception cref="MalformedDataException">A required member is missing or one has the wrong type.</exception>
    public static CredentialConfiguration Parse(JsonElement json)
    {
        json.RequireObject(Code);
        var format = json.RequireText("format", Code);
        var metadata = json.OptionalObject("credential_metadata", Code);
        var definition = CredentialFormat.IsW3c(format) ? json.RequireObjectMember("credential_definition", Code) : (JsonElement?)null;
        return new CredentialConfiguration
        {
            Format = format,
            DefinedTypes = definition is { } types ? RequireTexts(types, "type") : [],
            DefinedContexts = definition is { } defined
                ? format is CredentialFormat.LdpVc or CredentialFormat.VcDataIntegrity ? RequireTexts(defined, "@context") : []
                : [],
            Scope = json.OptionalString("scope", Code),
            Vct = format == CredentialFormat.SdJwtVc ? json.RequireText("vct", Code) : json.OptionalString("vct", Code),
            Doctype = format == CredentialFormat.Mdoc ? json.RequireText("doctype", Code) : json.OptionalString("doctype", Code),
            SigningAlgorithms = [.. Algorithms(json, JsonValueKind.String).Select(item => item.GetString()!)],
            CoseSigningAlgorithms = [.. Algorithms(json, JsonValueKind.Number).Where(item => item.TryGetInt64(out _)).Select(item => item.GetInt64())],
            BindingMethods = json.Texts("cryptographic_binding_methods_supported", Code),
            ProofTypes = ReadProofTypes(json),
            Display = metadata is { } m ? DisplayText.ParseAll(m, Code) : [],
            Claims = metadata is { } c ? ReadClaims(c) : [],
            ReuseOptions = metadata is { } r ? CredentialReuseOption.ParseAll(r, Code) : [],
            TypeMetadataUri = json.OptionalString("type_metadata_uri", Code),
        };
    }

    /// <summary>Writes the configuration.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["format"] = Format };
        json.AddText("scope", Scope);
        json.AddText("vct", Vct);
        json.AddText("doctype", Doctype);
        if (DefinedTypes.Count > 0)
        {
            var definition = new JsonObject();
            definition.AddTexts("@context", DefinedContexts);
            definition.AddTexts("type", DefinedTypes);
            json["credential_definition"] = definition;
        }

        json.AddList("credential_signing_alg_values_supported", [.. SigningAlgorithms.Select(name => (JsonNode)name), .. CoseSigningAlgorithms.Select(number => (JsonNode)number)]);
        json.AddTexts("cryptographic_binding_methods_supported", BindingMethods);
        if (ProofTypes.Count > 0)
            json["proof_types_supported"] = WriteProofTypes();
        var metadata = new JsonObject();
        metadata.AddList("display", Display.Select(display => display.ToJson()));
        metadata.AddList("claims", Claims.Select(claim => claim.ToJson()));
        if (ReuseOptions.Count > 0)
            metadata["credential_reuse_policy"] = CredentialReuseOption.Write(ReuseOptions);
        if (metadata.Count > 0)
            json["credential_metadata"] = metadata;
        json.AddText("type_metadata_uri", TypeMetadataUri);
        return json;
    }

    private static IReadOnlyList<string> RequireTexts(JsonElement definition, string name) =>
        definition.Texts(name, Code) is { Count: > 0 } texts ? texts : throw new MalformedDataException(Code, $"A credential_definition has no '{name}'.");

    private JsonObject WriteProofTypes()
    {
        var json = new JsonObject();
        foreach (var (name, type) in ProofTypes)
        {
            var entry = new JsonObject();
            entry.AddTexts("proof_signing_alg_values_supported", type.Algorithms);
            if (type.KeyAttestationRequired)
                entry["key_attestations_required"] = WriteAttestation(type);
            json[name] = entry;
        }

        return json;
    }

    private static JsonObject WriteAttestation(ProofTypeMetadata type)
    {
        var json = new JsonObject();
        json.AddTexts("key_storage", type.KeyStorage);
        json.AddTexts("user_authentication", type.UserAuthentication);
        return json;
    }

    // Names, or for mdocs numbers (Appendix A.2.2): a wallet cannot do anything about one of the other kind.
    private static IEnumerable<JsonElement> Algorithms(JsonElement json, JsonValueKind kind) =>
        json.OptionalArray("credential_signing_alg_values_supported", Code) is { } array ? array.EnumerateArray().Where(item => item.ValueKind == kind) : [];

    private static IReadOnlyDictionary<string, ProofTypeMetadata> ReadProofTypes(JsonElement json)
    {
        var result = new Dictionary<string, ProofTypeMetadata>(StringComparer.Ordinal);
        if (json.OptionalObject("proof_types_supported", Code) is not { } types)
            return result;
        foreach (var type in types.EnumerateObject())
        {
            type.Value.RequireObject(Code);
            var attestation = type.Value.OptionalObject("key_attestations_required", Code);
            result[type.Name] = new ProofTypeMetadata(type.Value.Texts("proof_signing_alg_values_supported", Code), attestation is not null)
            {
                KeyStorage = attestation?.Texts("key_storage", Code) ?? [],
                UserAuthentication = attestation?.Texts("user_authentication", Code) ?? [],
            };
        }

        return result;
    }

    private static IReadOnlyList<ClaimDescription> ReadClaims(JsonElement metadata)
    {
        if (metadata.OptionalArray("claims", Code) is not { } array)
            return [];
        var claims = array.EnumerateArray().Select(item => ClaimDescription.Parse(item, Code)).ToList();
        // Appendix B.3: the same claim described twice aborts the processing.
        if (claims.DistinctBy(claim => claim.Path).Count() != claims.Count)
            throw new MalformedDataException(Code, "Two claims descriptions address the same claim.");
        return claims;
    }
}
