using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>
/// The requests that a wallet makes to an issuer and its authorization server (OpenID4VCI 1.0 §5 to §11): with DPoP where the server
/// knows it (RFC 9449), with the wallet's attestation where the server asks for it, encrypted where the issuer can. One instance serves one issuance.
/// </summary>
internal sealed class IssuerClient(WalletContext wallet, CredentialIssuerMetadata metadata, AuthorizationServerMetadata server, ISigningKey? dpopKey)
{
    // A batch of 20 credentials of the size limit, and something around them; encrypted, four thirds of that.
    private const int MaxCredentialResponseBytes = 8 * 1024 * 1024;

    private static readonly JsonLimits s_credentialResponse = JsonLimits.Default with { MaxBytes = MaxCredentialResponseBytes };

    private static readonly FetchRule s_credentialEndpoint = FetchRule.OAuthEndpoint with
    {
        ContentTypes = ["application/json", OpenId4VciNames.JwtMediaType],
        MaxBytes = MaxCredentialResponseBytes,
        Timeout = TimeSpan.FromSeconds(30),
    };

    private static readonly FetchRule s_notification = new() { MaxRedirects = 0, ReturnErrorStatus = true, MaxBytes = 64 * 1024 };

    private string? _serverNonce;
    private string? _issuerNonce;
    private string? _challenge;

    private OutboundHttp Http => wallet.Options.Http;

    /// <summary>Whether the server takes a wallet attestation and there is somebody to make it.</summary>
    private IWalletAttestationProvider? Attester =>
        server.TokenEndpointAuthMethods.Contains(OpenId4VciNames.AttestationClientAuthentication) ? wallet.Options.Attestation : null;

    /// <summary>The wallet's name towards this server; null where it has none.</summary>
    public string? ClientId => Attester?.ClientId ?? wallet.Options.ClientId;

    /// <summary>Pushes an authorization request (RFC 9126).</summary>
    public async Task<PushedAuthorizationResponse> PushAsync(IssuanceAuthorizationRequest request, CancellationToken cancellationToken)
    {
        var endpoint = new Uri(server.PushedAuthorizationRequestEndpoint!);
        var answer = await PostToServerAsync(endpoint, request.ToParameters(), cancellationToken).ConfigureAwait(false);
        return PushedAuthorizationResponse.Parse(ReadSuccess(answer, WalletCodes.AuthorizationRefused, JsonLimits.Default));
    }

    /// <exception cref="ProtocolException">The server refuses, with its OAuth error; <c>invalid_grant</c> also for a wrong transaction code.</exception>
    public async Task<TokenResponse> RequestTokenAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var form = StrictForm.Parse(Encoding.ASCII.GetBytes(request.ToForm()), OpenId4VciCodes.TokenRequest);
        var answer = await PostToServerAsync(new Uri(server.TokenEndpoint), form, cancellationToken).ConfigureAwait(false);
        var token = TokenResponse.Parse(ReadSuccess(answer, WalletCodes.TokenRefused, JsonLimits.Default));
        // RFC 6749 §7.1: a client does not use a token whose type it does not know. RFC 9449 §5: nor one that is not bound to the key it
        // proved, where the server says that it binds.
        return token.TokenType.Equals(dpopKey is null ? OpenId4VciNames.BearerTokenType : OpenId4VciNames.DpopTokenType, StringComparison.OrdinalIgnoreCase)
            ? token
            : throw new NotSupportedCredentialException(WalletCodes.TokenTypeNotSupported, "The access token is of another type than the one that was asked for.");
    }

    /// <summary>A nonce for the proofs; null when the issuer has no nonce endpoint. Where it has one and gives none, the wallet stops.</summary>
    public async Task<string?> RequestNonceAsync(CancellationToken cancellationToken)
    {
        if (metadata.NonceEndpoint is not { } endpoint) return null;
        var answer = await Http.PostFormAsync(new Uri(endpoint), [], FetchRule.OAuthEndpoint, cancellationToken: cancellationToken).ConfigureAwait(false);
        // RFC 9449 §8.2: an answer of the nonce endpoint may bring the next DPoP nonce as well (OpenID4VCI §7.2).
        _issuerNonce = answer.Headers.GetValueOrDefault(OpenId4VciNames.DpopNonceHeader) ?? _issuerNonce;
        return NonceResponse.Parse(ReadSuccess(answer, WalletCodes.NonceRefused, JsonLimits.Default)).CNonce;
    }

    /// <exception cref="ProtocolException">The issuer refuses, with its error.</exception>
    public Task<CredentialResponse> RequestCredentialAsync(string accessToken, CredentialRequest request, CancellationToken cancellationToken) =>
        PostForCredentialsAsync(
            new Uri(metadata.CredentialEndpoint), accessToken, encryption => (request with { ResponseEncryption = encryption }).ToJson(), cancellationToken);

    /// <summary>Asks for what was deferred (§9).</summary>
    /// <exception cref="ProtocolException">The issuer refuses, with its error.</exception>
    public Task<CredentialResponse> RequestDeferredAsync(string accessToken, string transactionId, CancellationToken cancellationToken) =>
        PostForCredentialsAsync(
            new Uri(metadata.DeferredCredentialEndpoint!), accessToken,
            encryption => new DeferredCredentialRequest(transactionId, encryption).ToJson(), cancellationToken);

    /// <summary>Tells the issuer what became of its credentials (§11). It is a courtesy: whether it arrives changes nothing.</summary>
    public async Task NotifyAsync(string accessToken, string? notificationId, NotificationEvent what, CancellationToken cancellationToken)
    {
        if (notificationId is null || metadata.NotificationEndpoint is not { } endpoint) return;
        try
        {
            await PostToIssuerAsync(
                new Uri(endpoint), accessToken, StrictJson.ToUtf8(new NotificationRequest(notificationId, what).ToJson()), "application/json", s_notification, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (CredentialException)
        {
        }
    }

    private async Task<CredentialResponse> PostForCredentialsAsync(
        Uri endpoint, string accessToken, Func<CredentialResponseEncryption?, JsonObject> body, CancellationToken cancellationToken)
    {
        using var key = WantsEncryptedAnswer ? SoftwareKeyAgreementKey.Generate() : null;
        var encryption = key is null ? null : new CredentialResponseEncryption(key.PublicKey, ChooseEncryption(), AnswerKeyId);
        var json = body(encryption);
        // §8.2: an encrypted answer needs an encrypted request.
        var (bytes, type) = encryption is not null || metadata.RequestEncryptionRequired
            ? (Encoding.ASCII.GetBytes(await EncryptedRequest.CreateAsync(json, RequestEncryption).ConfigureAwait(false)), OpenId4VciNames.JwtMediaType)
            : (StrictJson.ToUtf8(json), "application/json");
        var answer = await PostToIssuerAsync(endpoint, accessToken, bytes, type, s_credentialEndpoint, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess) throw Refused(answer, WalletCodes.CredentialRefused);
        return CredentialResponse.Parse(await ReadAnswerAsync(answer, key, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<JsonElement> ReadAnswerAsync(FetchedDocument answer, SoftwareKeyAgreementKey? key, CancellationToken cancellationToken)
    {
        var isEncrypted = answer.ContentType == OpenId4VciNames.JwtMediaType;
        // §10: what was to come encrypted is not taken plain, or anybody on the way could have sent it.
        if (isEncrypted != key is not null) throw new MalformedDataException(WalletCodes.AnswerNotEncrypted, "The answer is not encrypted as it was asked for.");
        if (key is null) return StrictJson.ParseObject(answer.Body.Span, s_credentialResponse, WalletCodes.CredentialRefused);
        var jwe = CompactJwe.Parse(Encoding.ASCII.GetString(answer.Body.Span));
        var plain = await Jwe.DecryptAsync(jwe, key, JweEncryption.All, cancellationToken).ConfigureAwait(false);
        return StrictJson.ParseObject(plain, s_credentialResponse, WalletCodes.CredentialRefused);
    }

    private const string AnswerKeyId = "answer";

    // RFC 7518 §4.6, the one key agreement of HAIP.
    private const string EcdhEs = "ECDH-ES";

    private bool WantsEncryptedAnswer =>
        metadata.ResponseEncryption is { } offered && (offered.IsRequired || (metadata.RequestEncryption is not null && offered.Algorithms.Contains(EcdhEs)));

    private RequestEncryptionMetadata RequestEncryption => metadata.RequestEncryption
        ?? throw new NotSupportedCredentialException(WalletCodes.IssuerEncryptionNotSupported, "The issuer encrypts answers and takes no encrypted requests.");

    private string ChooseEncryption() => metadata.ResponseEncryption is { } offered && offered.Algorithms.Contains(EcdhEs)
        && JweEncryption.All.FirstOrDefault(offered.Encryptions.Contains) is { } encryption
            ? encryption
            : throw new NotSupportedCredentialException(WalletCodes.IssuerEncryptionNotSupported, "The issuer encrypts answers in a way that this wallet does not know.");

    private async Task<FetchedDocument> PostToServerAsync(Uri endpoint, IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        var fields = form.ToList();
        if (ClientId is { } clientId && !fields.Exists(field => field.Key == "client_id")) fields.Add(new("client_id", clientId));
        for (var attempt = 0; ; attempt++)
        {
            var headers = new List<KeyValuePair<string, string>>();
            if (dpopKey is not null)
                headers.Add(new("DPoP", await DpopProof.CreateAsync(dpopKey, "POST", endpoint, null, _serverNonce, wallet.Now, cancellationToken).ConfigureAwait(false)));
            if (Attester is { } attester) await AddAttestationAsync(attester, headers, cancellationToken).ConfigureAwait(false);
            var answer = await Http.PostFormAsync(endpoint, fields, FetchRule.OAuthEndpoint, headers, cancellationToken).ConfigureAwait(false);
            _serverNonce = answer.Headers.GetValueOrDefault(OpenId4VciNames.DpopNonceHeader) ?? _serverNonce;
            _challenge = answer.Headers.GetValueOrDefault(OpenId4VciNames.ClientAttestationChallengeHeader) ?? _challenge;
            // The server takes the same request with its nonce or challenge in it; the second time each may have been missing once.
            if (answer.IsSuccess || attempt >= 2 || ReadError(answer) is not (OpenId4VciNames.UseDpopNonce or OpenId4VciNames.UseAttestationChallenge)) return answer;
        }
    }

    private async Task AddAttestationAsync(IWalletAttestationProvider attester, List<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        if (_challenge is null && server.ChallengeEndpoint is { } endpoint)
        {
            var answer = await Http.PostFormAsync(new Uri(endpoint), [], FetchRule.OAuthEndpoint, cancellationToken: cancellationToken).ConfigureAwait(false);
            _challenge = ChallengeResponse.Parse(ReadSuccess(answer, WalletCodes.AuthorizationRefused, JsonLimits.Default)).Challenge;
        }
        var attestation = await attester.AttestInstanceAsync(server.Issuer, cancellationToken).ConfigureAwait(false);
        headers.Add(new(OpenId4VciNames.ClientAttestationHeader, attestation.Jwt));
        headers.Add(new(OpenId4VciNames.ClientAttestationPopHeader, await ClientAttestationPop.CreateAsync(
            attestation.InstanceKey, attester.ClientId, server.Issuer, _challenge, wallet.Now, cancellationToken).ConfigureAwait(false)));
        _challenge = null;
    }

    private async Task<FetchedDocument> PostToIssuerAsync(
        Uri endpoint, string accessToken, byte[] body, string type, FetchRule rule, CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            var headers = new List<KeyValuePair<string, string>> { new("Authorization", $"{(dpopKey is null ? "Bearer" : "DPoP")} {accessToken}") };
            if (dpopKey is not null)
                headers.Add(new("DPoP", await DpopProof.CreateAsync(dpopKey, "POST", endpoint, accessToken, _issuerNonce, wallet.Now, cancellationToken).ConfigureAwait(false)));
            var answer = await Http.PostAsync(endpoint, body, type, rule, headers, cancellationToken).ConfigureAwait(false);
            var nonce = answer.Headers.GetValueOrDefault(OpenId4VciNames.DpopNonceHeader);
            // RFC 9449 §9: a resource server asks for its nonce with 401.
            var asksForNonce = answer.Status is 400 or 401 && nonce is not null && nonce != _issuerNonce
                && (answer.Headers.GetValueOrDefault("WWW-Authenticate")?.Contains(OpenId4VciNames.UseDpopNonce, StringComparison.Ordinal) == true
                    || ReadError(answer) == OpenId4VciNames.UseDpopNonce);
            _issuerNonce = nonce ?? _issuerNonce;
            if (!asksForNonce || dpopKey is null || isRetry) return answer;
        }
    }

    private static JsonElement ReadSuccess(FetchedDocument answer, string code, JsonLimits limits) =>
        answer.IsSuccess ? StrictJson.ParseObject(answer.Body.Span, limits, code) : throw Refused(answer, code);

    private static ProtocolException Refused(FetchedDocument answer, string code) => new(code, ReadError(answer), "The issuer refused.", answer.Status);

    // An error page of a proxy is as good an answer as any: what counts is that it was no.
    private static string ReadError(FetchedDocument answer)
    {
        try
        {
            return OAuthErrorResponse.Parse(answer.ReadJsonObject(OpenId4VciCodes.ErrorResponse)).Error;
        }
        catch (MalformedDataException)
        {
            return "server_error";
        }
    }
}
