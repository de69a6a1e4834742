using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>A token request of the pre-authorized code flow (OpenID4VCI §6.1, RFC 6749 §3.2): form-encoded, no parameter twice.</summary>
public sealed record TokenRequest
{
    private const string Bad = OpenId4VciCodes.TokenRequest;

    /// <summary>The pre-authorized code: a secret, never logged.</summary>
    public required string PreAuthorizedCode { get; init; }

    /// <summary>The transaction code, if sent.</summary>
    public string? TxCode { get; init; }

    /// <summary>The client, if it names itself.</summary>
    public string? ClientId { get; init; }

    /// <summary>Configuration ids asked for by <c>authorization_details</c> (§6.1.1); null when the parameter is absent.</summary>
    public IReadOnlyList<string>? ConfigurationIds { get; init; }

    /// <summary>Says nothing about the codes.</summary>
    public override string ToString() => nameof(TokenRequest);

    /// <summary>Reads a form body; unknown parameters are ignored.</summary>
    /// <exception cref="ProtocolException">With the RFC 6749 §5.2 error to answer.</exception>
    public static TokenRequest Parse(ReadOnlyMemory<byte> body)
    {
        IReadOnlyDictionary<string, string> form;
        try
        {
            form = StrictForm.Parse(body.Span, Bad);
        }
        catch (MalformedDataException e)
        {
            throw Invalid(e.Message);
        }

        // RFC 6749 §3.2: parameters without a value are treated as if omitted.
        string? Value(string name) => form.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        var grant = Value("grant_type") ?? throw Invalid("'grant_type' is missing.");
        if (grant != OpenId4VciNames.PreAuthorizedCodeGrant)
            throw new ProtocolException(OpenId4VciCodes.GrantType, OpenId4VciNames.UnsupportedGrantType, "This grant type is not served.", 400);
        return new TokenRequest
        {
            PreAuthorizedCode = Value("pre-authorized_code") ?? throw Invalid("'pre-authorized_code' is missing."),
            TxCode = Value("tx_code"),
            ClientId = Value("client_id"),
            ConfigurationIds = Value("authorization_details") is { } details ? ReadDetails(details) : null,
        };
    }

    /// <summary>Writes the form body.</summary>
    public string ToForm()
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("grant_type", OpenId4VciNames.PreAuthorizedCodeGrant),
            new("pre-authorized_code", PreAuthorizedCode),
        };
        if (TxCode is not null)
            form.Add(new("tx_code", TxCode));
        if (ClientId is not null)
            form.Add(new("client_id", ClientId));
        if (ConfigurationIds is not null)
            form.Add(new("authorization_details", StrictJson.ToText(AuthorizationDetail.ListToJson(ConfigurationIds.Select(id => new AuthorizationDetail(id, []))))));
        return StrictForm.Encode(form);
    }

    private static IReadOnlyList<string> ReadDetails(string text)
    {
        const string error = OpenId4VciNames.InvalidAuthorizationDetails;
        try
        {
            var json = StrictJson.Parse(text, JsonLimits.Default, Bad);
            var details = AuthorizationDetail.ParseList(json, identifiersRequired: false, Bad);
            return details.Count > 0 ? [.. details.Select(d => d.ConfigurationId).Distinct()] : throw new ProtocolException(Bad, error, "No usable authorization details.", 400);
        }
        catch (MalformedDataException e)
        {
            throw new ProtocolException(Bad, error, e.Message, 400);
        }
    }

    private static ProtocolException Invalid(string message) => new(Bad, OpenId4VciNames.InvalidRequest, message, 400);
}
