using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>A credential request (OpenID4VCI §8.2) with proofs of type <c>jwt</c> or <c>attestation</c>.</summary>
public sealed record CredentialRequest
{
    private const string Bad = OpenId4VciCodes.CredentialRequest;

    /// <summary>The configuration asked for; exactly one of this and <see cref="CredentialIdentifier"/>.</summary>
    public string? ConfigurationId { get; init; }

    /// <summary>The credential identifier of the token response asked for.</summary>
    public string? CredentialIdentifier { get; init; }

    /// <summary>Key proofs of type <c>jwt</c>; empty when none came.</summary>
    public IReadOnlyList<string> JwtProofs { get; init; } = [];

    /// <summary>The key attestation of a proof of type <c>attestation</c> (Appendix F.3), which excludes <see cref="JwtProofs"/>.</summary>
    public string? AttestationProof { get; init; }

    /// <summary>How the answer is to be encrypted; null: not at all.</summary>
    public CredentialResponseEncryption? ResponseEncryption { get; init; }

    /// <summary>Reads a request; unknown parameters are ignored, also claims that a wallet would like to see.</summary>
    /// <param name="body">The JSON, decrypted if it came encrypted.</param>
    /// <param name="limits">Caps on the JSON.</param>
    /// <param name="wasEncrypted">Whether it came encrypted: only then may it ask for an encrypted answer (§8.2).</param>
    /// <exception cref="ProtocolException">With the §8.3.1.2 error to answer.</exception>
    public static CredentialRequest Parse(ReadOnlyMemory<byte> body, JsonLimits limits, bool wasEncrypted = false)
    {
        try
        {
            var json = StrictJson.ParseObject(body.Span, limits, Bad);
            var configuration = json.OptionalString("credential_configuration_id", Bad);
            var identifier = json.OptionalString("credential_identifier", Bad);
            if (configuration is null == identifier is null)
                throw new MalformedDataException(Bad, "Exactly one of credential_configuration_id and credential_identifier is needed.");
            var encryption = ReadResponseEncryption(json, wasEncrypted);
            var (jwts, attestation) = ReadProofs(json);
            return new CredentialRequest
            {
                ConfigurationId = configuration,
                CredentialIdentifier = identifier,
                JwtProofs = jwts,
                AttestationProof = attestation,
                ResponseEncryption = encryption,
            };
        }
        catch (MalformedDataException e)
        {
            throw new ProtocolException(e.Code, OpenId4VciNames.InvalidCredentialRequest, e.Message, 400);
        }
    }

    /// <summary>Writes the request.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        json.AddText("credential_configuration_id", ConfigurationId);
        json.AddText("credential_identifier", CredentialIdentifier);
        var proofs = new JsonObject();
        proofs.AddTexts(OpenId4VciNames.JwtProof, JwtProofs);
        proofs.AddTexts(OpenId4VciNames.AttestationProof, AttestationProof is null ? [] : [AttestationProof]);
        if (proofs.Count > 0)
            json["proofs"] = proofs;
        if (ResponseEncryption is not null)
            json["credential_response_encryption"] = ResponseEncryption.ToJson();
        return json;
    }

    // §8.2, §9.1: an answer is encrypted only for a request that nobody on the way could have given another key.
    internal static CredentialResponseEncryption? ReadResponseEncryption(JsonElement json, bool wasEncrypted)
    {
        var encryption = CredentialResponseEncryption.ReadFrom(json);
        return encryption is null || wasEncrypted
            ? encryption
            : throw new ProtocolException(OpenId4VciCodes.ResponseEncryption, OpenId4VciNames.InvalidEncryptionParameters, "Encrypted responses need an encrypted request.", 400);
    }

    private static (IReadOnlyList<string> Jwts, string? Attestation) ReadProofs(JsonElement json)
    {
        if (!json.TryGetProperty("proofs", out var proofs))
            return ([], null);
        // §8.2: exactly one member, named as the proof type, with a non-empty array.
        if (proofs.ValueKind != JsonValueKind.Object || proofs.EnumerateObject().Count() != 1)
            throw BadProofs();
        var type = proofs.EnumerateObject().First();
        if (type.Name is not (OpenId4VciNames.JwtProof or OpenId4VciNames.AttestationProof) || type.Value.ValueKind != JsonValueKind.Array || type.Value.GetArrayLength() == 0
            || type.Value.EnumerateArray().Any(jwt => jwt.ValueKind != JsonValueKind.String))
            throw BadProofs();
        IReadOnlyList<string> jwts = [.. type.Value.EnumerateArray().Select(jwt => jwt.GetString()!)];
        if (type.Name == OpenId4VciNames.JwtProof)
            return (jwts, null);
        // Appendix F: "an array that contains exactly one JWT".
        return jwts.Count == 1 ? ([], jwts[0]) : throw BadProofs();
    }

    private static ProtocolException BadProofs() => new(
        OpenId4VciCodes.ProofMissing, OpenId4VciNames.InvalidProof, "'proofs' must have one member, 'jwt' or 'attestation', an array of strings.", 400);
}
