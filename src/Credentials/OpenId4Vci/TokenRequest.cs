using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>
/// A token request (OpenID4VCI §6.1, RFC 6749 §4.1.3, §6): form-encoded, no parameter twice. It has exactly one of
/// <see cref="PreAuthorizedCode"/>, <see cref="Code"/> and <see cref="RefreshToken"/>, which decides the grant type.
/// </summary>
public sealed record TokenRequest
{
    private const string Bad = OpenId4VciCodes.TokenRequest;

    /// <summary>The pre-authorized code: a secret, never logged.</summary>
    public string? PreAuthorizedCode { get; init; }

    /// <summary>The transaction code of the pre-authorized code flow, if sent.</summary>
    public string? TxCode { get; init; }

    /// <summary>The authorization code: a secret, never logged.</summary>
    public string? Code { get; init; }

    /// <summary>The <c>redirect_uri</c> of the authorization request; goes with <see cref="Code"/>.</summary>
    public string? RedirectUri { get; init; }

    /// <summary>The PKCE verifier: a secret; goes with <see cref="Code"/>.</summary>
    public string? CodeVerifier { get; init; }

    /// <summary>The refresh token: a secret, never logged.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>The client, if it names itself.</summary>
    public string? ClientId { get; init; }

    /// <summary>Scopes asked for; empty: all that were granted.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Configuration ids asked for by <c>authorization_details</c> (§6.1.1); null when the parameter is absent.</summary>
    public IReadOnlyList<string>? ConfigurationIds { get; init; }

    /// <summary>Says nothing about the codes.</summary>
    public override string ToString() => nameof(TokenRequest);

    /// <summary>Reads a form body; unknown parameters are ignored.</summary>
    /// <exception cref="ProtocolException">With the RFC 6749 §5.2 error to answer.</exception>
    public static TokenRequest Parse(ReadOnlyMemory<byte> body)
    {
        var form = FormParameters.Parse(body, Bad);
        var common = new TokenRequest
        {
            ClientId = form.Value("client_id"),
            Scopes = FormParameters.ReadScopes(form.Value("scope")),
            ConfigurationIds = form.Value("authorization_details") is { } details ? AuthorizationDetail.ParseParameter(details, Bad) : null,
        };
        return form.Require("grant_type") switch
        {
            OpenId4VciNames.PreAuthorizedCodeGrant => common with { PreAuthorizedCode = form.Require("pre-authorized_code"), TxCode = form.Value("tx_code") },
            OpenId4VciNames.AuthorizationCodeGrant => common with
            {
                Code = form.Require("code"),
                RedirectUri = form.Value("redirect_uri"),
                CodeVerifier = form.Value("code_verifier"),
            },
            OpenId4VciNames.RefreshTokenGrant => common with { RefreshToken = form.Require("refresh_token") },
            _ => throw new ProtocolException(OpenId4VciCodes.GrantType, OpenId4VciNames.UnsupportedGrantType, "This grant type is not served.", 400),
        };
    }

    /// <summary>Writes the form body.</summary>
    /// <exception cref="InvalidOperationException">None or several of the three codes.</exception>
    public string ToForm()
    {
        var form = new List<KeyValuePair<string, string>>();
        switch (this)
        {
            case { PreAuthorizedCode: { } code, Code: null, RefreshToken: null }:
                form.Add(new("grant_type", OpenId4VciNames.PreAuthorizedCodeGrant));
                form.Add(new("pre-authorized_code", code));
                form.AddValue("tx_code", TxCode);
                break;
            case { PreAuthorizedCode: null, Code: { } code, RefreshToken: null }:
                form.Add(new("grant_type", OpenId4VciNames.AuthorizationCodeGrant));
                form.Add(new("code", code));
                form.AddValue("redirect_uri", RedirectUri);
                form.AddValue("code_verifier", CodeVerifier);
                break;
            case { PreAuthorizedCode: null, Code: null, RefreshToken: { } token }:
                form.Add(new("grant_type", OpenId4VciNames.RefreshTokenGrant));
                form.Add(new("refresh_token", token));
                break;
            default:
                throw new InvalidOperationException("A token request has exactly one code or refresh token.");
        }

        form.AddValue("client_id", ClientId);
        form.AddValue("scope", Scopes.Count == 0 ? null : string.Join(' ', Scopes));
        form.AddValue("authorization_details", ConfigurationIds is null ? null : AuthorizationDetail.WriteParameter(ConfigurationIds));
        return StrictForm.Encode(form);
    }
}
