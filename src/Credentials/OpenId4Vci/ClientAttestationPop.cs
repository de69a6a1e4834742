using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.OpenId4Vci;

/// <summary>A verified proof that a wallet instance holds the key of its attestation (attestation-based client authentication -07 §5.2).</summary>
/// <param name="Id">The <c>jti</c>; that it comes once only, the caller sees to, by <see cref="ReplayHash"/>.</param>
/// <param name="Challenge">The server's challenge in it; whether it is a current one, the caller decides.</param>
/// <param name="IssuedAt">When the wallet says it made the proof.</param>
/// <param name="Thumbprint">Thumbprint of the key of the instance.</param>
public sealed record ClientAttestationPop(string Id, string? Challenge, DateTimeOffset IssuedAt, string Thumbprint)
{
    private const string Bad = OpenId4VciCodes.WalletAttestationPop;
    private const int MaxTextLength = 512;

    /// <summary>What must not come twice, 32 bytes.</summary>
    public byte[] ReplayHash => SHA256.HashData(Encoding.UTF8.GetBytes($"attestation pop\n{Thumbprint}\n{Id}"));

    /// <summary>Makes a proof for one request.</summary>
    /// <param name="instanceKey">The key of the instance.</param>
    /// <param name="clientId">The wallet, as in its attestation.</param>
    /// <param name="authorizationServer">The server's identifier, exactly as in its metadata.</param>
    /// <param name="challenge">The server's challenge, if it has a challenge endpoint.</param>
    /// <param name="now">The time of the proof.</param>
    public static ValueTask<string> CreateAsync(
        ISigningKey instanceKey, string clientId, string authorizationServer, string? challenge, DateTimeOffset now, CancellationToken ct = default)
    {
        var payload = new JsonObject
        {
            ["iss"] = clientId,
            ["aud"] = authorizationServer,
            ["jti"] = StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(16)),
            ["iat"] = NumericDate.From(now),
        };
        payload.AddText("challenge", challenge);
        return Jws.SignAsync(new JsonObject { ["typ"] = OpenId4VciNames.ClientAttestationPopType }, payload, instanceKey, ct);
    }

    /// <summary>Verifies a proof (-07 §9) but for two things: whether its challenge is current and whether it came before.</summary>
    /// <param name="jwt">The value of the one header.</param>
    /// <param name="attestation">The attestation that came with it.</param>
    /// <param name="expected">What the authorization server demands.</param>
    /// <exception cref="ProtocolException"><c>invalid_client</c> (401), or <c>use_attestation_challenge</c> (400).</exception>
    public static ClientAttestationPop Verify(string jwt, ClientAttestation attestation, PopExpectations expected)
    {
        try
        {
            var token = CompactJws.Parse(jwt, ClientAttestation.MaxLength);
            token.RequireType(OpenId4VciNames.ClientAttestationPopType);
            if (!expected.Algorithms.Contains(token.Algorithm) || !token.VerifySignature(attestation.InstanceKey))
                throw ClientAttestation.Refused(Bad, "The proof of possession is not made with the key of the wallet attestation.");
            return Read(token.PayloadObject, attestation, expected);
        }
        catch (CredentialException e) when (e is MalformedDataException or NotSupportedCredentialException)
        {
            throw ClientAttestation.Refused(e.Code, e.Message);
        }
    }

    /// <summary>The refusal that tells the wallet to take the challenge of this answer's header (-07 §6.2).</summary>
    public static ProtocolException ChallengeNeeded() => new(
        OpenId4VciCodes.WalletAttestationChallenge, OpenId4VciNames.UseAttestationChallenge, "A proof of possession with the challenge of this answer is needed.", 400);

    private static ClientAttestationPop Read(JsonElement payload, ClientAttestation attestation, PopExpectations expected)
    {
        if (payload.RequireText("iss", Bad) != attestation.ClientId)
            throw ClientAttestation.Refused(Bad, "The proof of possession names another client.");
        if (!AudienceIs(payload, expected.AuthorizationServer))
            throw ClientAttestation.Refused(Bad, "The proof of possession is for another authorization server.");
        var id = payload.RequireText("jti", Bad);
        if (id.Length > MaxTextLength) throw ClientAttestation.Refused(Bad, "'jti' is too long.");
        var issuedAt = payload.OptionalNumericDate("iat", Bad) ?? throw ClientAttestation.Refused(Bad, "The proof of possession has no 'iat'.");
        if (issuedAt < expected.Now - expected.MaxAge || issuedAt > expected.Now + expected.MaxAhead || payload.OptionalNumericDate("nbf", Bad) > expected.Now + expected.MaxAhead)
            throw ClientAttestation.Refused(Bad, "The proof of possession is too old or from the future.");
        var challenge = payload.OptionalString("challenge", Bad);
        return challenge is not { Length: 0 or > MaxTextLength } && (challenge is not null || !expected.ChallengeRequired)
            ? new ClientAttestationPop(id, challenge, issuedAt, Jwk.Thumbprint(attestation.InstanceKey))
            : throw ChallengeNeeded();
    }

    // RFC 7519 §4.1.3: one string, or an array with it; here the array has nobody else in it.
    private static bool AudienceIs(JsonElement payload, string server)
    {
        var audience = payload.Member("aud");
        if (audience is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 1) audience = list[0];
        return audience is { ValueKind: JsonValueKind.String } text && string.Equals(text.GetString(), server, StringComparison.Ordinal);
    }
}
