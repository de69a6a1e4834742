using System.Text;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>The answer of the authorization endpoint (RFC 6749 §4.1.2) with <c>iss</c> (RFC 9207): a code, or an error.</summary>
public sealed record IssuanceAuthorizationResponse
{
    private const string Bad = OpenId4VciCodes.AuthorizationResponse;

    /// <summary>The authorization code: a secret; null in an error.</summary>
    public string? Code { get; init; }

    /// <summary>The <c>state</c> of the request.</summary>
    public string? State { get; init; }

    /// <summary>The authorization server that answers.</summary>
    public required string Issuer { get; init; }

    /// <summary>The error; null where there is a code.</summary>
    public string? Error { get; init; }

    /// <summary>Text for developers; untrusted.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>Says nothing about the code.</summary>
    public override string ToString() => nameof(IssuanceAuthorizationResponse);

    /// <summary>Reads the address that the browser came back with.</summary>
    /// <param name="address">The address as called.</param>
    /// <param name="redirectUri">The <c>redirect_uri</c> of the request.</param>
    /// <param name="state">The <c>state</c> of the request; null: it had none.</param>
    /// <param name="issuer">The authorization server that was asked.</param>
    /// <param name="issuerRequired">Whether its metadata promises <c>iss</c> (<c>authorization_response_iss_parameter_supported</c>).</param>
    /// <exception cref="MalformedDataException">Another address, state or issuer (a mix-up, RFC 9207 §2.4), or neither code nor error.</exception>
    public static IssuanceAuthorizationResponse Parse(string address, string redirectUri, string? state, string issuer, bool issuerRequired)
    {
        if (address.Length > 16384 || address.Contains('#')) throw Malformed("The address is too long or has a fragment.");
        var begin = redirectUri + (redirectUri.Contains('?') ? '&' : '?');
        if (!address.StartsWith(begin, StringComparison.Ordinal)) throw Malformed("The address is not the redirect URI of the request.");
        var query = StrictForm.Parse(Encoding.UTF8.GetBytes(address[begin.Length..]), Bad);
        if (!string.Equals(query.GetValueOrDefault("state"), state, StringComparison.Ordinal)) throw Malformed("'state' is not that of the request.");
        var named = query.GetValueOrDefault("iss");
        if (named is null ? issuerRequired : !string.Equals(named, issuer, StringComparison.Ordinal))
            throw new MalformedDataException(OpenId4VciCodes.IssuerMismatch, "'iss' is not the authorization server that was asked.");
        var (code, error) = (query.GetValueOrDefault("code"), query.GetValueOrDefault("error"));
        if (code is null == error is null || code is { Length: 0 or > 4096 } || error is { Length: 0 or > 100 })
            throw Malformed("The answer must have either a code or an error.");
        return new IssuanceAuthorizationResponse { Code = code, State = state, Issuer = issuer, Error = error, ErrorDescription = query.GetValueOrDefault("error_description") };
    }

    /// <summary>The address to send the browser to.</summary>
    public Uri ToRedirect(string redirectUri)
    {
        var query = new List<KeyValuePair<string, string>>();
        query.AddValue("code", Code);
        query.AddValue("error", Error);
        query.AddValue("error_description", ErrorDescription);
        query.AddValue("state", State);
        query.AddValue("iss", Issuer);
        return IssuanceAuthorizationRequest.WithQuery(new Uri(redirectUri), query);
    }

    private static MalformedDataException Malformed(string message) => new(Bad, message);
}
