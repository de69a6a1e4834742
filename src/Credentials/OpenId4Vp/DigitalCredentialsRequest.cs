using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;

namespace Credentials.OpenId4Vp;

/// <summary>
/// The parameters of a request over the Digital Credentials API (OpenID4VP 1.0 A.2). It has no state and no address for the answer: the
/// platform brings the answer back to the origin that asked.
/// </summary>
public sealed record DigitalCredentialsRequest
{
    private const string Code = OpenId4VpCodes.RequestMalformed;

    /// <summary>How the answer is to come: <c>dc_api</c> or <c>dc_api.jwt</c>.</summary>
    public required string ResponseMode { get; init; }

    /// <summary>Binds the presentation to this request.</summary>
    public required string Nonce { get; init; }

    /// <summary>What is asked for.</summary>
    public required DcqlQuery DcqlQuery { get; init; }

    /// <summary>What the verifier says about itself.</summary>
    public ClientMetadata? ClientMetadata { get; init; }

    /// <summary>Transactions to authorize; empty if none.</summary>
    public IReadOnlyList<TransactionData> TransactionData { get; init; } = [];

    /// <summary>Attestations about the verifier, not validated; empty if none. Where several sign, each signer has its own.</summary>
    public IReadOnlyList<VerifierInfo> VerifierInfo { get; init; } = [];

    /// <summary>The origins that may send the request; for signed ones. Unsigned ones are the origin's that sends them.</summary>
    public IReadOnlyList<string> ExpectedOrigins { get; init; } = [];

    /// <summary>True if the answer is to be encrypted.</summary>
    public bool WantsEncryption => ResponseMode == OpenId4VpNames.DcApiJwt;

    /// <summary>Reads the parameters. What is not defined for this API is ignored (A.2), <c>client_id</c> too: who asks, the signature says.</summary>
    /// <param name="json">The claims of a signed request, or the members of an unsigned one.</param>
    /// <exception cref="MalformedDataException"><see cref="OpenId4VpCodes.RequestMalformed"/>, or a code of <see cref="DcqlCodes"/>.</exception>
    /// <exception cref="ProtocolException">The request is readable and breaks a rule.</exception>
    public static DigitalCredentialsRequest Parse(JsonElement json)
    {
        json.RequireObject(Code);
        if (json.RequireString(OpenId4VpNames.ResponseType, Code) != OpenId4VpNames.VpToken)
            throw AuthorizationRequest.NotSupported(OpenId4VpErrors.UnsupportedResponseType, "Only the response type vp_token is supported.");
        var mode = json.RequireString(OpenId4VpNames.ResponseMode, Code);
        if (mode is not (OpenId4VpNames.DcApi or OpenId4VpNames.DcApiJwt))
            throw AuthorizationRequest.NotSupported(OpenId4VpErrors.InvalidRequest, "Only dc_api and dc_api.jwt are response modes of this API.");
        return new DigitalCredentialsRequest
        {
            ResponseMode = mode,
            Nonce = AuthorizationRequest.UrlSafe(json, OpenId4VpNames.Nonce) ?? throw new MalformedDataException(Code, "The request has no nonce."),
            DcqlQuery = DcqlQuery.Parse(json.RequireObjectMember(OpenId4VpNames.DcqlQuery, Code)),
            ClientMetadata = json.OptionalObject(OpenId4VpNames.ClientMetadata, Code) is { } metadata ? ClientMetadata.Parse(metadata) : null,
            TransactionData = [.. AuthorizationRequest.Entries(json, OpenId4VpNames.TransactionData)
                .Select(entry => OpenId4Vp.TransactionData.Parse(AuthorizationRequest.Text(entry)))],
            VerifierInfo = [.. AuthorizationRequest.Entries(json, OpenId4VpNames.VerifierInfo).Select(OpenId4Vp.VerifierInfo.Parse)],
            ExpectedOrigins = json.OptionalStringArray(OpenId4VpNames.ExpectedOrigins, Code) ?? [],
        };
    }

    /// <summary>The members of an unsigned request; a signed one has <c>expected_origins</c> and, with one signer, <c>client_id</c> besides.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            [OpenId4VpNames.ResponseType] = OpenId4VpNames.VpToken,
            [OpenId4VpNames.ResponseMode] = ResponseMode,
            [OpenId4VpNames.Nonce] = Nonce,
            [OpenId4VpNames.DcqlQuery] = DcqlQuery.ToJson(),
        };
        if (ClientMetadata is not null) json[OpenId4VpNames.ClientMetadata] = ClientMetadata.ToJson();
        if (TransactionData.Count > 0) json[OpenId4VpNames.TransactionData] = new JsonArray([.. TransactionData.Select(entry => (JsonNode)entry.Encoded)]);
        if (VerifierInfo.Count > 0) json[OpenId4VpNames.VerifierInfo] = new JsonArray([.. VerifierInfo.Select(info => info.ToJson())]);
        return json;
    }

    /// <summary>The <c>data</c> of a request with one signature (A.3.2.1).</summary>
    /// <param name="signer">Who signs.</param>
    /// <param name="now">The time of signing.</param>
    /// <param name="lifetime">How long it may be answered.</param>
    /// <param name="cancellationToken">Stops before signing.</param>
    /// <exception cref="ArgumentException">No origin is named.</exception>
    public async ValueTask<JsonObject> SignAsync(
        ClientSigner signer, DateTimeOffset now, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        var payload = SignedPayload(now, lifetime);
        payload[OpenId4VpNames.ClientId] = signer.ClientId.Full;
        return new JsonObject { [OpenId4VpNames.Request] = await Jose.Jws.SignAsync(signer.Header(), payload, signer.Key, cancellationToken).ConfigureAwait(false) };
    }

    /// <summary>The <c>data</c> of a request that several identities of one verifier sign (A.3.2.2): each header has its client identifier and verifier information.</summary>
    /// <inheritdoc cref="SignAsync"/>
    /// <param name="signers">All of them.</param>
    public async ValueTask<JsonObject> SignByAllAsync(
        IReadOnlyList<ClientSigner> signers, DateTimeOffset now, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(signers.Count);
        var payload = SignedPayload(now, lifetime);
        payload.Remove(OpenId4VpNames.VerifierInfo);
        var bytes = StrictJson.ToUtf8(payload);
        var signatures = new JsonArray();
        foreach (var signer in signers)
        {
            var header = signer.Header();
            header[OpenId4VpNames.ClientId] = signer.ClientId.Full;
            if (VerifierInfo.Count > 0) header[OpenId4VpNames.VerifierInfo] = new JsonArray([.. VerifierInfo.Select(info => info.ToJson())]);
            var parts = (await Jose.Jws.SignAsync(header, bytes, signer.Key, cancellationToken).ConfigureAwait(false)).Split('.');
            signatures.Add((JsonNode)new JsonObject { [OpenId4VpNames.Protected] = parts[0], [OpenId4VpNames.Signature] = parts[2] });
        }
        return new JsonObject
        {
            [OpenId4VpNames.Request] = new JsonObject { [OpenId4VpNames.Payload] = StrictBase64Url.Encode(bytes), [OpenId4VpNames.Signatures] = signatures },
        };
    }

    private JsonObject SignedPayload(DateTimeOffset now, TimeSpan lifetime)
    {
        if (ExpectedOrigins.Count == 0) throw new ArgumentException("A signed request names the origins that may send it.", nameof(now));
        var payload = ToJson();
        payload[OpenId4VpNames.ExpectedOrigins] = new JsonArray([.. ExpectedOrigins.Select(origin => (JsonNode)origin)]);
        payload[OpenId4VpNames.Aud] = OpenId4VpNames.StaticAudience;
        payload[OpenId4VpNames.Iat] = NumericDate.From(now);
        payload[OpenId4VpNames.Exp] = NumericDate.From(now + lifetime);
        return payload;
    }
}
