using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>
/// An authorization request for credentials (OpenID4VCI §5.1, RFC 6749 §4.1.1) with PKCE: pushed (RFC 9126), or the query of the
/// authorization endpoint.
/// </summary>
public sealed record IssuanceAuthorizationRequest
{
    private const string Bad = OpenId4VciCodes.AuthorizationRequest;

    /// <summary>The wallet.</summary>
    public required string ClientId { get; init; }

    /// <summary>Where the answer goes. That it is the wallet's, the server decides.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>The PKCE challenge, method <c>S256</c>.</summary>
    public required string CodeChallenge { get; init; }

    /// <summary>Comes back unchanged in the answer.</summary>
    public string? State { get; init; }

    /// <summary>Scopes asked for, unknown ones included: those are ignored (§5.1.2).</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Configuration ids asked for by <c>authorization_details</c> (§5.1.1).</summary>
    public IReadOnlyList<string> ConfigurationIds { get; init; } = [];

    /// <summary>The value of the offer that the flow began with, if any (§5.1.3). It may have been slipped in by somebody else.</summary>
    public string? IssuerState { get; init; }

    /// <summary>Thumbprint of the DPoP key that the code is bound to, if given (RFC 9449 §10).</summary>
    public string? DpopThumbprint { get; init; }

    /// <summary>Reads the parameters; unknown ones are ignored.</summary>
    /// <param name="body">Form body or query.</param>
    /// <exception cref="ProtocolException">With the error of RFC 6749 §4.1.2.1 or §5.2.</exception>
    public static IssuanceAuthorizationRequest Parse(ReadOnlyMemory<byte> body)
    {
        var form = FormParameters.Parse(body, Bad);
        // RFC 9126 §2.1: request_uri must not be pushed. Request objects (RFC 9101) are not served.
        if (form.Value("request_uri") is not null) throw Invalid("'request_uri' does not belong here.");
        if (form.Value("request") is not null) throw new ProtocolException(Bad, "request_not_supported", "Request objects are not served.", 400);
        if ((form.Value("response_type") ?? throw Invalid("'response_type' is missing.")) != "code")
            throw new ProtocolException(Bad, "unsupported_response_type", "Only 'code' is served.", 400);
        return new IssuanceAuthorizationRequest
        {
            ClientId = form.Require("client_id"),
            RedirectUri = form.Require("redirect_uri"),
            CodeChallenge = ReadChallenge(form),
            State = form.Value("state"),
            Scopes = FormParameters.ReadScopes(form.Value("scope")),
            ConfigurationIds = form.Value("authorization_details") is { } details ? AuthorizationDetail.ParseParameter(details, Bad) : [],
            IssuerState = form.Value("issuer_state"),
            DpopThumbprint = form.Value("dpop_jkt"),
        };
    }

    /// <summary>Writes the parameters, for a pushed request or a query.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToParameters()
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("response_type", "code"),
            new("client_id", ClientId),
            new("redirect_uri", RedirectUri),
            new("code_challenge", CodeChallenge),
            new("code_challenge_method", Pkce.Method),
        };
        form.AddValue("state", State);
        form.AddValue("scope", Scopes.Count == 0 ? null : string.Join(' ', Scopes));
        form.AddValue("authorization_details", ConfigurationIds.Count == 0 ? null : AuthorizationDetail.WriteParameter(ConfigurationIds));
        form.AddValue("issuer_state", IssuerState);
        form.AddValue("dpop_jkt", DpopThumbprint);
        return form;
    }

    /// <summary>The address to open after a request was pushed (RFC 9126 §4).</summary>
    public static Uri AddressFor(Uri authorizationEndpoint, string clientId, string requestUri) => WithQuery(
        authorizationEndpoint, [new("client_id", clientId), new("request_uri", requestUri)]);

    /// <summary>The address to open where the server takes requests that were not pushed.</summary>
    public Uri AddressFor(Uri authorizationEndpoint) => WithQuery(authorizationEndpoint, ToParameters());

    internal static Uri WithQuery(Uri address, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var text = address.OriginalString;
        return new Uri($"{text}{(text.Contains('?') ? '&' : '?')}{StrictForm.Encode(parameters)}");
    }

    private static string ReadChallenge(FormParameters form)
    {
        var challenge = form.Require("code_challenge");
        // RFC 7636 §4.3: without a method it would be 'plain', which shows the secret to whoever sees the request.
        if (form.Value("code_challenge_method") != Pkce.Method) throw Invalid("'code_challenge_method' must be S256.");
        return Pkce.IsChallenge(challenge) ? challenge : throw Invalid("'code_challenge' is not one of S256.");
    }

    private static ProtocolException Invalid(string message) => new(Bad, OpenId4VciNames.InvalidRequest, message, 400);
}
