using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>A credential offer object (OpenID4VCI §4.1.1).</summary>
public sealed record CredentialOffer
{
    private const string Code = OpenId4VciCodes.Offer;

    /// <summary>Identifier of the credential issuer.</summary>
    public required string CredentialIssuer { get; init; }

    /// <summary>What is offered: keys of the issuer's <c>credential_configurations_supported</c>.</summary>
    public required IReadOnlyList<string> ConfigurationIds { get; init; }

    /// <summary>The pre-authorized code grant, if offered.</summary>
    public PreAuthorizedGrant? PreAuthorized { get; init; }

    /// <summary>The authorization code grant, if offered.</summary>
    public AuthorizationCodeGrant? AuthorizationCode { get; init; }

    /// <summary>Reads an offer; unknown parameters and grants are ignored.</summary>
    /// <param name="json">The offer object.</param>
    /// <param name="allowLoopbackHttp">Whether plain http URLs to this machine are allowed.</param>
    /// <exception cref="MalformedDataException">The offer is not what the section says.</exception>
    public static CredentialOffer Parse(JsonElement json, bool allowLoopbackHttp)
    {
        json.RequireObject(Code);
        var ids = json.OptionalStringArray("credential_configuration_ids", Code);
        if (ids is null or { Count: 0 or > 100 } || ids.Any(id => id.Length is 0 or > 256) || ids.Distinct(StringComparer.Ordinal).Count() != ids.Count)
            throw new MalformedDataException(Code, "'credential_configuration_ids' is not a list of different ids.");
        var grants = json.OptionalObject("grants", Code);
        return new CredentialOffer
        {
            CredentialIssuer = ServiceUrl.RequireIdentifier(json.RequireText("credential_issuer", Code), allowLoopbackHttp, Code),
            ConfigurationIds = ids,
            PreAuthorized = grants?.OptionalObject(OpenId4VciNames.PreAuthorizedCodeGrant, Code) is { } pre ? ReadPreAuthorized(pre) : null,
            AuthorizationCode = grants?.OptionalObject(OpenId4VciNames.AuthorizationCodeGrant, Code) is { } code
                ? new AuthorizationCodeGrant(code.OptionalString("issuer_state", Code), code.OptionalString("authorization_server", Code))
                : null,
        };
    }

    /// <summary>Writes the offer object.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["credential_issuer"] = CredentialIssuer };
        json.AddTexts("credential_configuration_ids", ConfigurationIds);
        var grants = new JsonObject();
        if (AuthorizationCode is { } code)
        {
            var grant = new JsonObject();
            grant.AddText("issuer_state", code.IssuerState);
            grant.AddText("authorization_server", code.AuthorizationServer);
            grants[OpenId4VciNames.AuthorizationCodeGrant] = grant;
        }

        if (PreAuthorized is { } pre)
        {
            var grant = new JsonObject { ["pre-authorized_code"] = pre.Code };
            if (pre.TxCode is not null)
                grant["tx_code"] = pre.TxCode.ToJson();
            grant.AddText("authorization_server", pre.AuthorizationServer);
            grants[OpenId4VciNames.PreAuthorizedCodeGrant] = grant;
        }

        if (grants.Count > 0)
            json["grants"] = grants;
        return json;
    }

    private static PreAuthorizedGrant ReadPreAuthorized(JsonElement grant)
    {
        var code = grant.RequireText("pre-authorized_code", Code);
        if (code.Length > 4096)
            throw new MalformedDataException(Code, "'pre-authorized_code' is too long.");
        // §4.1.1: a transaction code is required if the object is present, even if empty.
        var tx = grant.OptionalObject("tx_code", Code) is { } hint ? TransactionCodeHint.Parse(hint, Code) : null;
        return new PreAuthorizedGrant(code, tx, grant.OptionalString("authorization_server", Code));
    }
}
