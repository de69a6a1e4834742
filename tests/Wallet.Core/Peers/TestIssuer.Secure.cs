using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;
using Credentials.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Credentials.Wallet.Core.Tests.Peers;

/// <summary>The parts of high assurance: pushed requests, PKCE, DPoP with nonces, attestations, deferral, encryption, refresh.</summary>
internal sealed partial class TestIssuer
{
    public const string EncryptionKeyId = "enc-1";
    private const string DpopNonce = "dpop-nonce-1";

    private IReadOnlyList<PublicKey> _deferred = [];
    private string? _refreshToken;
    private int _tokens;

    /// <summary>Offers by authorization code, takes pushed requests only, binds tokens to DPoP keys.</summary>
    public bool IsSecure { get; set; }

    /// <summary>Whose attestations of wallets and keys are demanded; null: none are.</summary>
    public TrustStore? Attesters { get; set; }

    /// <summary>The <c>iss</c> that key proofs must have.</summary>
    public string? ClientId { get; set; }

    /// <summary>The type of token that comes.</summary>
    public string TokenType { get; set; } = OpenId4VciNames.DpopTokenType;

    public bool GivesRefreshToken { get; set; }

    /// <summary>How often the deferred endpoint says "not yet".</summary>
    public int Deferrals { get; set; }

    /// <summary>What the deferred endpoint says instead.</summary>
    public string? DeferredError { get; set; }

    public SoftwareKeyAgreementKey? EncryptionKey { get; set; }

    /// <summary>Answers plain although it was asked for an encrypted answer.</summary>
    public bool ForgetsEncryption { get; set; }

    public IssuanceAuthorizationRequest? Pushed { get; private set; }

    public List<NotificationRequest> Notifications { get; } = [];

    /// <summary>What the browser comes back with.</summary>
    public string ReturnAddress(string? issuer = null, string? error = null) => new IssuanceAuthorizationResponse
    {
        Code = error is null ? "code-1" : null,
        Error = error,
        State = Pushed!.State,
        Issuer = issuer ?? Url,
    }.ToRedirect(Pushed.RedirectUri).OriginalString;

    private AuthorizationServerMetadata SecureServerMetadata => new()
    {
        Issuer = Url,
        TokenEndpoint = Url + "/token",
        AuthorizationEndpoint = Url + "/authorize",
        PushedAuthorizationRequestEndpoint = Url + "/par",
        RequiresPushedAuthorizationRequests = true,
        NamesItselfInResponses = true,
        CodeChallengeMethods = ["S256"],
        GrantTypes = [OpenId4VciNames.AuthorizationCodeGrant, OpenId4VciNames.RefreshTokenGrant],
        DpopAlgorithms = ["ES256"],
        AuthorizationDetailsTypes = ["openid_credential"],
        TokenEndpointAuthMethods = Attesters is null ? ["none"] : [OpenId4VciNames.AttestationClientAuthentication],
        ChallengeEndpoint = Attesters is null ? null : Url + "/challenge",
    };

    private AttestationExpectations Attested => new()
    {
        Trust = Attesters!,
        Algorithms = ["ES256"],
        Now = Clock.Now,
    };

    private void MapSecure()
    {
        _app.MapPost("/challenge", () => Json(new ChallengeResponse("challenge-1").ToJson()));
        _app.MapPost("/par", async (HttpRequest request) =>
        {
            if (RefuseDpop(request, "/par", null) is { } refusal) return refusal;
            Pushed = IssuanceAuthorizationRequest.Parse(await BodyAsync(request));
            RequireAttestation(request, Pushed.ClientId);
            return Json(new PushedAuthorizationResponse("urn:request:1", TimeSpan.FromMinutes(1)).ToJson(), 201);
        });
        _app.MapPost("/deferred", async (HttpRequest request) =>
        {
            if (RefuseToken(request, "/deferred") is { } refusal) return refusal;
            if (DeferredError is not null) return Json(new OAuthErrorResponse(DeferredError).ToJson(), 400);
            var (body, wasEncrypted) = await PlainBodyAsync(request);
            var asked = DeferredCredentialRequest.Parse(body, wasEncrypted);
            if (--Deferrals > 0) return Json(new CredentialResponse { TransactionId = asked.TransactionId, Interval = TimeSpan.FromMinutes(1) }.ToJson(), 202);
            var texts = new List<string>();
            foreach (var holder in _deferred) texts.Add(await IssueAsync(holder));
            return await AnswerAsync(Response(texts), asked.ResponseEncryption);
        });
        _app.MapPost("/notification", async (HttpRequest request) =>
        {
            if (RefuseToken(request, "/notification") is { } refusal) return refusal;
            Notifications.Add(NotificationRequest.Parse(await BodyAsync(request)));
            return Results.NoContent();
        });
    }

    private IResult SecureToken(HttpRequest request, TokenRequest token)
    {
        if (RefuseDpop(request, "/token", null) is { } refusal) return refusal;
        RequireAttestation(request, token.ClientId!);
        var isGranted = token.RefreshToken is { } refresh
            ? refresh == _refreshToken
            : token.Code == "code-1" && token.RedirectUri == Pushed!.RedirectUri && Pkce.Verify(token.CodeVerifier!, Pushed.CodeChallenge);
        if (!isGranted) return Json(new OAuthErrorResponse("invalid_grant").ToJson(), 400);
        _tokens++;
        _refreshToken = GivesRefreshToken ? $"refresh-{_tokens}" : null;
        return Json((new TokenResponse(CurrentToken, TokenType, TimeSpan.FromMinutes(5), []) with { RefreshToken = _refreshToken }).ToJson());
    }

    private string CurrentToken => IsSecure ? $"token-{_tokens}" : "token-1";

    private IResult? RefuseToken(HttpRequest request, string path)
    {
        if (request.Headers.Authorization != (IsSecure ? $"DPoP {CurrentToken}" : "Bearer token-1")) return Results.Unauthorized();
        return IsSecure ? RefuseDpop(request, path, CurrentToken) : null;
    }

    // The nonce is demanded by 400 from the server (RFC 9449 §8) and by 401 from the resource (§9).
    private IResult? RefuseDpop(HttpRequest request, string path, string? accessToken)
    {
        var expected = new DpopExpectations
        {
            Method = "POST",
            Url = new Uri(Url + path),
            Now = Clock.Now,
            Algorithms = ["ES256"],
            NonceRequired = true,
            AccessToken = accessToken,
        };
        try
        {
            return DpopProof.Verify(request.Headers["DPoP"].Single()!, expected).Nonce == DpopNonce ? null : throw DpopProof.NonceNeeded(expected);
        }
        catch (ProtocolException e)
        {
            request.HttpContext.Response.Headers["DPoP-Nonce"] = DpopNonce;
            if (accessToken is null) return Json(new OAuthErrorResponse(e.Error).ToJson(), 400);
            request.HttpContext.Response.Headers.WWWAuthenticate = $"DPoP error=\"{e.Error}\"";
            return Results.StatusCode(401);
        }
    }

    private void RequireAttestation(HttpRequest request, string clientId)
    {
        if (Attesters is null) return;
        var attestation = ClientAttestation.Verify(request.Headers[OpenId4VciNames.ClientAttestationHeader].Single()!, Attested);
        var expected = new PopExpectations
        {
            AuthorizationServer = Url,
            Algorithms = ["ES256"],
            ChallengeRequired = true,
            Now = Clock.Now,
        };
        var proof = ClientAttestationPop.Verify(request.Headers[OpenId4VciNames.ClientAttestationPopHeader].Single()!, attestation, expected);
        if (attestation.ClientId != clientId || proof.Challenge != "challenge-1") throw new InvalidOperationException("Another client, or an old challenge.");
    }

    private async Task<(byte[] Body, bool WasEncrypted)> PlainBodyAsync(HttpRequest request) => request.ContentType == OpenId4VciNames.JwtMediaType
        ? (await EncryptedRequest.DecryptAsync(await BodyAsync(request), EncryptionKey!, EncryptionKeyId), true)
        : (await BodyAsync(request), false);

    private async Task<IResult> AnswerAsync(JsonObject answer, CredentialResponseEncryption? encryption) => encryption is null || ForgetsEncryption
        ? Json(answer)
        : Results.Text(await encryption.EncryptAsync(StrictJson.ToUtf8(answer)), OpenId4VciNames.JwtMediaType);
}
