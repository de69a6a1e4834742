using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>A credential request (OpenID4VCI §8.2) with proofs of type <c>jwt</c>.</summary>
public sealed record CredentialRequest
{
    private const string Bad = OpenId4VciCodes.CredentialRequest;

    /// <summary>The configuration asked for; exactly one of this and <see cref="CredentialIdentifier"/>.</summary>
    public string? ConfigurationId { get; init; }

    /// <summary>The credential identifier of the token response asked for.</summary>
    public string? CredentialIdentifier { get; init; }

    /// <summary>Key proofs, one per wanted credential; empty when none came.</summary>
    public IReadOnlyList<string> JwtProofs { get; init; } = [];

    /// <summary>Reads an unencrypted request; unknown parameters are ignored, also claims that a wallet would like to see.</summary>
    /// <exception cref="ProtocolException">With the §8.3.1.2 error to answer.</exception>
    public static CredentialRequest Parse(ReadOnlyMemory<byte> body, JsonLimits limits)
    {
        try
        {
            var json = StrictJson.ParseObject(body.Span, limits, Bad);
            var configuration = json.OptionalString("credential_configuration_id", Bad);
            var identifier = json.OptionalString("credential_identifier", Bad);
            if (configuration is null == identifier is null)
                throw new MalformedDataException(Bad, "Exactly one of credential_configuration_id and credential_identifier is needed.");
            // §8.2: the encryption of the response may only be asked for in an encrypted request.
            if (json.TryGetProperty("credential_response_encryption", out _))
                throw new ProtocolException(OpenId4VciCodes.ResponseEncryption, OpenId4VciNames.InvalidEncryptionParameters, "Encrypted responses need an encrypted request.", 400);
            return new CredentialRequest { ConfigurationId = configuration, CredentialIdentifier = identifier, JwtProofs = ReadProofs(json) };
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
        if (JwtProofs.Count > 0)
        {
            var proofs = new JsonObject();
            proofs.AddTexts(OpenId4VciNames.JwtProof, JwtProofs);
            json["proofs"] = proofs;
        }

        return json;
    }

    private static IReadOnlyList<string> ReadProofs(JsonElement json)
    {
        if (!json.TryGetProperty("proofs", out var proofs))
            return [];
        // §8.2: exactly one member, named as the proof type, with a non-empty array.
        if (proofs.ValueKind != JsonValueKind.Object || proofs.EnumerateObject().Count() != 1
            || !proofs.TryGetProperty(OpenId4VciNames.JwtProof, out var jwts) || jwts.ValueKind != JsonValueKind.Array || jwts.GetArrayLength() == 0
            || jwts.EnumerateArray().Any(jwt => jwt.ValueKind != JsonValueKind.String))
            throw new ProtocolException(OpenId4VciCodes.ProofMissing, OpenId4VciNames.InvalidProof, "'proofs' must have one member 'jwt', an array of strings.", 400);
        return [.. jwts.EnumerateArray().Select(jwt => jwt.GetString()!)];
    }
}
