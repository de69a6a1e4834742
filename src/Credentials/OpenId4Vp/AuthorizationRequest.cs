using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;

namespace Credentials.OpenId4Vp;

/// <summary>
/// The parameters of an authorization request (OpenID4VP 1.0 §5). Reading one checks its form; who sent it is the business of
/// <see cref="RequestVerifier"/>.
/// </summary>
public sealed record AuthorizationRequest
{
    private const string Code = OpenId4VpCodes.RequestMalformed;
    private const int MaxTextLength = 1024;
    private const int MaxEntries = 32;

    /// <summary>Who asks.</summary>
    public required ClientIdentifier ClientId { get; init; }

    /// <summary>How the answer is to be sent: <c>direct_post</c> or <c>direct_post.jwt</c>.</summary>
    public required string ResponseMode { get; init; }

    /// <summary>Where the answer is to be posted.</summary>
    public required Uri ResponseUri { get; init; }

    /// <summary>Binds the presentation to this request.</summary>
    public required string Nonce { get; init; }

    /// <summary>Given back with the answer.</summary>
    public string? State { get; init; }

    /// <summary>What is asked for.</summary>
    public required DcqlQuery DcqlQuery { get; init; }

    /// <summary>What the verifier says about itself.</summary>
    public ClientMetadata? ClientMetadata { get; init; }

    /// <summary>Transactions to authorize; empty if none.</summary>
    public IReadOnlyList<TransactionData> TransactionData { get; init; } = [];

    /// <summary>Attestations about the verifier, not validated; empty if none.</summary>
    public IReadOnlyList<VerifierInfo> VerifierInfo { get; init; } = [];

    /// <summary>Origins that may send the request over the Digital Credentials API (A.2); null if not given.</summary>
    public IReadOnlyList<string>? ExpectedOrigins { get; init; }

    /// <summary>The wallet's nonce, repeated (§5.10).</summary>
    public string? WalletNonce { get; init; }

    /// <summary>True if the answer is to be encrypted.</summary>
    public bool WantsEncryption => ResponseMode == OpenId4VpNames.DirectPostJwt;

    /// <summary>Reads the claims of a request object, or the parameters of an unsigned request. What is not defined is ignored.</summary>
    /// <exception cref="MalformedDataException"><see cref="OpenId4VpCodes.RequestMalformed"/>, or a code of <see cref="DcqlCodes"/>.</exception>
    /// <exception cref="ProtocolException">The request is readable and breaks a rule; <see cref="ProtocolException.Error"/> says which.</exception>
    public static AuthorizationRequest Parse(JsonElement json)
    {
        var clientId = ClientIdentifier.Parse(json.RequireObject(Code).RequireString(OpenId4VpNames.ClientId, Code));
        if (json.RequireString(OpenId4VpNames.ResponseType, Code) != OpenId4VpNames.VpToken)
            throw NotSupported(OpenId4VpErrors.UnsupportedResponseType, "Only the response type vp_token is supported.");
        var mode = json.RequireString(OpenId4VpNames.ResponseMode, Code);
        if (mode is not (OpenId4VpNames.DirectPost or OpenId4VpNames.DirectPostJwt))
            throw NotSupported(OpenId4VpErrors.InvalidRequest, "Only the response modes direct_post and direct_post.jwt are supported.");
        // §5.1: one of the two; a scope stands for a query that both sides know, and we know none.
        if (json.Member(OpenId4VpNames.Scope) is not null) throw NotSupported(OpenId4VpErrors.InvalidRequest, "Queries by scope are not supported.");
        return new AuthorizationRequest
        {
            ClientId = clientId,
            ResponseMode = mode,
            ResponseUri = ReadResponseUri(json, clientId),
            Nonce = UrlSafe(json, OpenId4VpNames.Nonce) ?? throw new MalformedDataException(Code, "The request has no nonce."),
            State = UrlSafe(json, OpenId4VpNames.State),
            DcqlQuery = DcqlQuery.Parse(json.RequireObjectMember(OpenId4VpNames.DcqlQuery, Code)),
            ClientMetadata = json.OptionalObject(OpenId4VpNames.ClientMetadata, Code) is { } metadata ? ClientMetadata.Parse(metadata) : null,
            TransactionData = [.. Entries(json, OpenId4VpNames.TransactionData).Select(entry => OpenId4Vp.TransactionData.Parse(Text(entry)))],
            VerifierInfo = [.. Entries(json, OpenId4VpNames.VerifierInfo).Select(OpenId4Vp.VerifierInfo.Parse)],
            ExpectedOrigins = json.OptionalStringArray(OpenId4VpNames.ExpectedOrigins, Code),
            WalletNonce = json.OptionalString(OpenId4VpNames.WalletNonce, Code),
        };
    }

    private static Uri ReadResponseUri(JsonElement json, ClientIdentifier clientId)
    {
        // §8.2: redirect_uri must not be there with direct_post.
        if (json.Member(OpenId4VpNames.RedirectUri) is not null)
            throw new ProtocolException(Code, OpenId4VpErrors.InvalidRequest, "redirect_uri is not allowed with this response mode.");
        var text = json.OptionalString(OpenId4VpNames.ResponseUri, Code);
        if (clientId.Prefix == ClientIdPrefix.RedirectUri)
        {
            // §5.9.3: the client identifier is the response address, which may therefore be left out.
            if (text is not null && text != clientId.Name) throw ClientMismatch("The response address is not the client identifier.");
            text = clientId.Name;
        }
        // Whether plain http to this machine is called at all is decided where it is called.
        var uri = ServiceUrl.Require(text ?? throw new MalformedDataException(Code, "The request has no response_uri."), allowLoopbackHttp: true, Code);
        // §5.9.3: the client is not otherwise known here, so the host must be the name in its certificate.
        if (clientId.Prefix == ClientIdPrefix.X509SanDns && !uri.Host.Equals(clientId.Name, StringComparison.OrdinalIgnoreCase))
            throw ClientMismatch("The response address is not on the client's host.");
        return uri;
    }

    // §5.2: values of nonce and state
    internal static string? UrlSafe(JsonElement json, string name)
    {
        var text = json.OptionalString(name, Code);
        if (text is not null && (text.Length is 0 or > MaxTextLength || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~')))
            throw new MalformedDataException(Code, $"{name} is empty, too long or not URL-safe.");
        return text;
    }

    internal static IEnumerable<JsonElement> Entries(JsonElement json, string name)
    {
        if (json.OptionalArray(name, Code) is not { } array) return [];
        if (array.GetArrayLength() is 0 or > MaxEntries) throw new MalformedDataException(Code, $"{name} is empty or too long.");
        return array.EnumerateArray();
    }

    internal static string Text(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.String ? entry.GetString()! : throw OpenId4Vp.TransactionData.Invalid("An entry is not a string.");

    internal static ProtocolException NotSupported(string error, string message) => new(OpenId4VpCodes.RequestNotSupported, error, message);

    private static ProtocolException ClientMismatch(string message) =>
        new(OpenId4VpCodes.ClientIdMismatch, OpenId4VpErrors.InvalidRequest, message);

    /// <summary>The wire form, as the claims of a request object without <c>aud</c> and times.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            [OpenId4VpNames.ClientId] = ClientId.Full,
            [OpenId4VpNames.ResponseType] = OpenId4VpNames.VpToken,
            [OpenId4VpNames.ResponseMode] = ResponseMode,
            [OpenId4VpNames.ResponseUri] = ResponseUri.OriginalString,
            [OpenId4VpNames.Nonce] = Nonce,
        };
        if (State is not null) json[OpenId4VpNames.State] = State;
        json[OpenId4VpNames.DcqlQuery] = DcqlQuery.ToJson();
        if (ClientMetadata is not null) json[OpenId4VpNames.ClientMetadata] = ClientMetadata.ToJson();
        if (TransactionData.Count > 0) json[OpenId4VpNames.TransactionData] = new JsonArray([.. TransactionData.Select(entry => (JsonNode)entry.Encoded)]);
        if (VerifierInfo.Count > 0) json[OpenId4VpNames.VerifierInfo] = new JsonArray([.. VerifierInfo.Select(info => info.ToJson())]);
        if (ExpectedOrigins is not null) json[OpenId4VpNames.ExpectedOrigins] = new JsonArray([.. ExpectedOrigins.Select(origin => (JsonNode)origin)]);
        if (WalletNonce is not null) json[OpenId4VpNames.WalletNonce] = WalletNonce;
        return json;
    }
}
