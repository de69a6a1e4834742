using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.OpenId4Vci;

/// <summary>A verified DPoP proof (RFC 9449 §4.2): whoever made the request holds the private key of <see cref="Key"/>.</summary>
/// <param name="Key">The key that tokens are bound to.</param>
/// <param name="Thumbprint">Its RFC 7638 thumbprint (<c>jkt</c>).</param>
/// <param name="Id">The <c>jti</c>; that it comes once only, the caller sees to, by <see cref="ReplayHash"/>.</param>
/// <param name="IssuedAt">When the client says it made the proof.</param>
/// <param name="Nonce">The server's nonce in the proof; whether it is a current one, the caller decides.</param>
public sealed record DpopProof(PublicKey Key, string Thumbprint, string Id, DateTimeOffset IssuedAt, string? Nonce)
{
    /// <summary>The cap on a proof, in characters.</summary>
    public const int MaxLength = 8 * 1024;

    private const int MaxTextLength = 512;

    /// <summary>
    /// What must not come twice, 32 bytes: over key and <c>jti</c>. Neither the signature nor the address is in it, because both can be
    /// written in several ways.
    /// </summary>
    public byte[] ReplayHash => SHA256.HashData(Encoding.UTF8.GetBytes($"dpop\n{Thumbprint}\n{Id}"));

    /// <summary>Makes a proof for one request.</summary>
    /// <param name="key">The client's key.</param>
    /// <param name="method">HTTP method of the request, in capitals.</param>
    /// <param name="url">URL of the request; query and fragment are left out.</param>
    /// <param name="accessToken">The access token that goes along; null at the token and PAR endpoints.</param>
    /// <param name="nonce">The server's last nonce, if it gave one (RFC 9449 §8).</param>
    /// <param name="now">The time of the proof.</param>
    public static ValueTask<string> CreateAsync(
        ISigningKey key, string method, Uri url, string? accessToken, string? nonce, DateTimeOffset now, CancellationToken ct = default)
    {
        var header = new JsonObject { ["typ"] = OpenId4VciNames.DpopProofType, ["jwk"] = Jwk.Write(key.PublicKey) };
        var payload = new JsonObject
        {
            ["jti"] = StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(16)),
            ["htm"] = method,
            ["htu"] = Normalize(url),
            ["iat"] = NumericDate.From(now),
        };
        payload.AddText("ath", accessToken is null ? null : Hash(accessToken));
        payload.AddText("nonce", nonce);
        return Jws.SignAsync(header, payload, key, ct);
    }

    /// <summary>Verifies a proof (RFC 9449 §4.3) but for two things: whether its nonce is current and whether it came before.</summary>
    /// <param name="jwt">The value of the one <c>DPoP</c> header.</param>
    /// <param name="expected">The request that it came with.</param>
    /// <exception cref="ProtocolException"><c>invalid_dpop_proof</c>, or <c>use_dpop_nonce</c> where a nonce is missing.</exception>
    public static DpopProof Verify(string jwt, DpopExpectations expected)
    {
        try
        {
            var token = CompactJws.Parse(jwt, MaxLength);
            token.RequireType(OpenId4VciNames.DpopProofType);
            if (!expected.Algorithms.Contains(token.Algorithm))
                throw Refused(expected, OpenId4VciCodes.DpopMalformed, "The algorithm of the DPoP proof is not accepted.");
            var key = Jwk.ParsePublic(token.Header.RequireObjectMember("jwk", OpenId4VciCodes.DpopMalformed));
            if (!token.VerifySignature(key))
                throw Refused(expected, OpenId4VciCodes.DpopSignature, "The signature of the DPoP proof does not verify.");
            return ReadClaims(token.PayloadObject, key, expected);
        }
        catch (CredentialException e) when (e is MalformedDataException or NotSupportedCredentialException)
        {
            throw Refused(expected, e.Code, e.Message);
        }
    }

    private static DpopProof ReadClaims(JsonElement payload, PublicKey key, DpopExpectations expected)
    {
        const string malformed = OpenId4VciCodes.DpopMalformed;
        var id = payload.RequireText("jti", malformed);
        if (id.Length > MaxTextLength) throw Refused(expected, malformed, "'jti' is too long.");
        // §4.3 step 8: the method is compared with case (RFC 9110 §9.1).
        if (!string.Equals(payload.RequireText("htm", malformed), expected.Method, StringComparison.Ordinal))
            throw Refused(expected, OpenId4VciCodes.DpopRequest, "'htm' is not the method of this request.");
        var url = ServiceUrl.Require(payload.RequireText("htu", malformed), allowLoopbackHttp: true, OpenId4VciCodes.DpopRequest, allowFragment: true);
        if (!string.Equals(Normalize(url), Normalize(expected.Url), StringComparison.Ordinal))
            throw Refused(expected, OpenId4VciCodes.DpopRequest, "'htu' is not the address of this request.");
        var issuedAt = payload.OptionalNumericDate("iat", malformed) ?? throw Refused(expected, OpenId4VciCodes.DpopTime, "The DPoP proof has no 'iat'.");
        if (issuedAt < expected.Now - expected.MaxAge || issuedAt > expected.Now + expected.MaxAhead)
            throw Refused(expected, OpenId4VciCodes.DpopTime, "The DPoP proof is too old or from the future.");
        CheckToken(payload, key, expected);
        var nonce = payload.OptionalString("nonce", malformed);
        return nonce is not { Length: 0 or > MaxTextLength } && (nonce is not null || !expected.NonceRequired)
            ? new DpopProof(key, Jwk.Thumbprint(key), id, issuedAt, nonce)
            : throw NonceNeeded(expected);
    }

    // §4.3 step 10, §7.1: the hash of the token that came along, and the key that the token is bound to.
    private static void CheckToken(JsonElement payload, PublicKey key, DpopExpectations expected)
    {
        if (expected.AccessToken is { } token
            && !string.Equals(payload.OptionalString("ath", OpenId4VciCodes.DpopMalformed), Hash(token), StringComparison.Ordinal))
            throw Refused(expected, OpenId4VciCodes.DpopToken, "'ath' is not the hash of the access token.");
        if (expected.Thumbprint is { } thumbprint && !string.Equals(Jwk.Thumbprint(key), thumbprint, StringComparison.Ordinal))
            throw Refused(expected, OpenId4VciCodes.DpopToken, "The DPoP proof is made with another key.");
    }

    /// <summary>The refusal that tells the client to take the nonce of this answer's <c>DPoP-Nonce</c> header (RFC 9449 §8, §9).</summary>
    public static ProtocolException NonceNeeded(DpopExpectations expected) => new(
        OpenId4VciCodes.DpopNonce, OpenId4VciNames.UseDpopNonce, "A DPoP proof with the nonce of this answer is needed.", StatusOf(expected));

    // §4.3: query and fragment do not count; case of scheme and host, the default port and escapes of ordinary letters do not matter
    // (RFC 3986 §6.2.2, §6.2.3).
    private static string Normalize(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static string Hash(string accessToken) => StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));

    private static ProtocolException Refused(DpopExpectations expected, string code, string message) =>
        new(code, OpenId4VciNames.InvalidDpopProof, message, StatusOf(expected));

    // §7.1: 401 where a resource is asked for, 400 at the authorization server (§5).
    private static int StatusOf(DpopExpectations expected) => expected.AccessToken is null ? 400 : 401;
}
