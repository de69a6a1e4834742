using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vp;

/// <summary>
/// The link or QR code that brings a request to a wallet (OpenID4VP 1.0 §5.4, §13): by reference, by value, or with the
/// parameters of an unsigned request. Exactly one of <see cref="Location"/>, <see cref="RequestObject"/> and
/// <see cref="Unsigned"/> is there.
/// </summary>
public sealed record RequestUri
{
    /// <summary>The longest link that is read: what fits a QR code, generously.</summary>
    public const int MaxLength = 4096;

    private const string Code = OpenId4VpCodes.LinkMalformed;

    // Parameters whose value is JSON text (§5.1)
    private static readonly string[] s_json =
    [
        OpenId4VpNames.DcqlQuery, OpenId4VpNames.ClientMetadata, OpenId4VpNames.TransactionData,
        OpenId4VpNames.VerifierInfo, OpenId4VpNames.ExpectedOrigins,
    ];

    private RequestUri(ClientIdentifier clientId) => ClientId = clientId;

    /// <summary>Who the link says is asking; the request object must say the same.</summary>
    public ClientIdentifier ClientId { get; }

    /// <summary>Where the request object is to be fetched.</summary>
    public Uri? Location { get; private init; }

    /// <summary>True if the request object may be fetched by POST, with a nonce (§5.10).</summary>
    public bool UsePost { get; private init; }

    /// <summary>The request object itself.</summary>
    public string? RequestObject { get; private init; }

    /// <summary>The unsigned request.</summary>
    public AuthorizationRequest? Unsigned { get; private init; }

    /// <summary>A link to a request object.</summary>
    public static RequestUri ByReference(ClientIdentifier clientId, Uri location, bool usePost = false) =>
        new(clientId) { Location = location, UsePost = usePost };

    /// <summary>A link that carries a request object.</summary>
    public static RequestUri ByValue(ClientIdentifier clientId, string requestObject) => new(clientId) { RequestObject = requestObject };

    /// <summary>A link that carries an unsigned request.</summary>
    public static RequestUri Plain(AuthorizationRequest request) => new(request.ClientId) { Unsigned = request };

    /// <summary>
    /// Reads the text of a link or QR code. Nothing is fetched. Parameters beside <c>request</c> or <c>request_uri</c> are not used
    /// (§5.10.1).
    /// </summary>
    /// <exception cref="MalformedDataException"><see cref="OpenId4VpCodes.LinkMalformed"/>, or what <see cref="AuthorizationRequest.Parse"/> says.</exception>
    /// <exception cref="ProtocolException">The request breaks a rule.</exception>
    public static RequestUri Parse(string text)
    {
        var parameters = StrictForm.Parse(Encoding.ASCII.GetBytes(Query(text)), Code);
        var clientId = ClientIdentifier.Parse(parameters.GetValueOrDefault(OpenId4VpNames.ClientId) ?? throw Malformed("The link has no client_id."));
        var location = parameters.GetValueOrDefault(OpenId4VpNames.RequestUri);
        var value = parameters.GetValueOrDefault(OpenId4VpNames.Request);
        var method = parameters.GetValueOrDefault(OpenId4VpNames.RequestUriMethod);
        if (method is not null && location is null) throw Invalid(OpenId4VpErrors.InvalidRequest, "request_uri_method without request_uri.");
        if (method is not (null or OpenId4VpNames.Get or OpenId4VpNames.Post))
            throw Invalid(OpenId4VpErrors.InvalidRequestUriMethod, "request_uri_method is neither get nor post.");
        return (location, value) switch
        {
            (not null, not null) => throw Invalid(OpenId4VpErrors.InvalidRequest, "request and request_uri exclude each other."),
            (not null, null) => ByReference(clientId, ServiceUrl.Require(location, allowLoopbackHttp: true, Code), method == OpenId4VpNames.Post),
            (null, not null) => ByValue(clientId, value),
            _ => Plain(ParseUnsigned(parameters)),
        };
    }

    private static AuthorizationRequest ParseUnsigned(IReadOnlyDictionary<string, string> parameters)
    {
        var json = new JsonObject();
        foreach (var (name, value) in parameters)
            json[name] = s_json.Contains(name) ? StrictJson.ToNode(StrictJson.Parse(value, code: Code)) : value;
        return AuthorizationRequest.Parse(StrictJson.ToElement(json));
    }

    /// <summary>What stands behind the question mark; the scheme is one of ours and nothing else hides before or after it.</summary>
    private static string Query(string text)
    {
        if (text.Length > MaxLength || text.Any(c => c is <= ' ' or > '~' or '#')) throw Malformed("The link is too long or has characters that no link has.");
        var colon = text.IndexOf(':');
        var question = text.IndexOf('?');
        if (colon < 0 || question < colon) throw Malformed("The link has no parameters.");
        var scheme = text.AsSpan(0, colon);
        if (!scheme.Equals(OpenId4VpNames.Scheme, StringComparison.OrdinalIgnoreCase) && !scheme.Equals(OpenId4VpNames.HaipScheme, StringComparison.OrdinalIgnoreCase))
            throw Malformed("The link is of another scheme.");
        foreach (var c in text.AsSpan()[(colon + 1)..question])
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('/' or '.' or '-')) throw Malformed("The link is not a request.");
        return text[(question + 1)..];
    }

    /// <summary>The link's text.</summary>
    public override string ToString()
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { [OpenId4VpNames.ClientId] = ClientId.Full };
        if (Location is not null) parameters[OpenId4VpNames.RequestUri] = Location.OriginalString;
        if (UsePost) parameters[OpenId4VpNames.RequestUriMethod] = OpenId4VpNames.Post;
        if (RequestObject is not null) parameters[OpenId4VpNames.Request] = RequestObject;
        foreach (var (name, value) in Unsigned?.ToJson() ?? [])
            parameters[name] = value!.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : StrictJson.ToText(value);
        return $"{OpenId4VpNames.Scheme}://?{StrictForm.Encode(parameters)}";
    }

    private static MalformedDataException Malformed(string message) => new(Code, message);

    private static ProtocolException Invalid(string error, string message) => new(Code, error, message);
}
