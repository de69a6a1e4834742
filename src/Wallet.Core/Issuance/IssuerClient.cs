using System.Text.Json;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.OpenId4Vci;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>The requests that a wallet makes to an issuer after its holder has agreed: token, nonce, credential (OpenID4VCI 1.0 §6 to §8).</summary>
internal sealed class IssuerClient(OutboundHttp http, CredentialIssuerMetadata metadata)
{
    // A batch of 20 credentials of the size limit, and something around them.
    private const int MaxCredentialResponseBytes = 6 * 1024 * 1024;

    private static readonly JsonLimits s_credentialResponse = JsonLimits.Default with { MaxBytes = MaxCredentialResponseBytes };

    private static readonly FetchRule s_credentialEndpoint = FetchRule.OAuthEndpoint with
    {
        MaxBytes = MaxCredentialResponseBytes,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <exception cref="ProtocolException">The server refuses, with its OAuth error; <c>invalid_grant</c> also for a wrong transaction code.</exception>
    public async Task<TokenResponse> RequestTokenAsync(Uri tokenEndpoint, TokenRequest request, CancellationToken cancellationToken)
    {
        var form = StrictForm.Parse(System.Text.Encoding.ASCII.GetBytes(request.ToForm()), OpenId4VciCodes.TokenRequest);
        var answer = await http.PostFormAsync(tokenEndpoint, form, FetchRule.OAuthEndpoint, cancellationToken: cancellationToken).ConfigureAwait(false);
        var token = TokenResponse.Parse(ReadSuccess(answer, WalletCodes.TokenRefused, JsonLimits.Default));
        // RFC 6749 §7.1: a client does not use a token whose type it does not know.
        return token.TokenType.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? token
            : throw new NotSupportedCredentialException(WalletCodes.TokenTypeNotSupported, "The access token is not a bearer token.");
    }

    /// <summary>A nonce for the proofs; null when the issuer has no nonce endpoint. Where it has one and gives none, the wallet stops.</summary>
    public async Task<string?> RequestNonceAsync(CancellationToken cancellationToken)
    {
        if (metadata.NonceEndpoint is not { } endpoint) return null;
        var answer = await http.PostFormAsync(new Uri(endpoint), [], FetchRule.OAuthEndpoint, cancellationToken: cancellationToken).ConfigureAwait(false);
        return NonceResponse.Parse(ReadSuccess(answer, WalletCodes.NonceRefused, JsonLimits.Default)).CNonce;
    }

    /// <exception cref="ProtocolException">The issuer refuses, with its error.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>wallet.deferred_not_supported</c>.</exception>
    public async Task<CredentialResponse> RequestCredentialAsync(string accessToken, CredentialRequest request, CancellationToken cancellationToken)
    {
        var headers = new[] { KeyValuePair.Create("Authorization", $"Bearer {accessToken}") };
        var answer = await http.PostJsonAsync(
            new Uri(metadata.CredentialEndpoint), request.ToJson(), s_credentialEndpoint, headers, cancellationToken).ConfigureAwait(false);
        var response = CredentialResponse.Parse(ReadSuccess(answer, WalletCodes.CredentialRefused, s_credentialResponse));
        return response.TransactionId is null
            ? response
            : throw new NotSupportedCredentialException(WalletCodes.DeferredNotSupported, "The issuer will issue later.");
    }

    private static JsonElement ReadSuccess(FetchedDocument answer, string code, JsonLimits limits)
    {
        if (answer.IsSuccess) return StrictJson.ParseObject(answer.Body.Span, limits, code);
        throw new ProtocolException(code, ReadError(answer), "The issuer refused.", answer.Status);
    }

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
