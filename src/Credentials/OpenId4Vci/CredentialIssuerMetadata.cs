using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>Credential issuer metadata (OpenID4VCI §12.2.4). The signed form is <see cref="SignedIssuerMetadata"/>.</summary>
public sealed record CredentialIssuerMetadata
{
    private const string Code = OpenId4VciCodes.IssuerMetadata;

    /// <summary>The issuer's identifier.</summary>
    public required string CredentialIssuer { get; init; }

    /// <summary>Authorization servers; empty when the issuer is its own.</summary>
    public IReadOnlyList<string> AuthorizationServers { get; init; } = [];

    /// <summary>Where credentials are asked for.</summary>
    public required string CredentialEndpoint { get; init; }

    /// <summary>Where nonces come from; null when proofs carry none.</summary>
    public string? NonceEndpoint { get; init; }

    /// <summary>Where deferred credentials are fetched, if supported.</summary>
    public string? DeferredCredentialEndpoint { get; init; }

    /// <summary>Where the wallet reports what became of a credential, if supported.</summary>
    public string? NotificationEndpoint { get; init; }

    /// <summary>Most proofs in one request; 1 when batches are not supported.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Encryption of requests (§10); null when it is not served.</summary>
    public RequestEncryptionMetadata? RequestEncryption { get; init; }

    /// <summary>Encryption of answers (§10); null when it is not served.</summary>
    public ResponseEncryptionMetadata? ResponseEncryption { get; init; }

    /// <summary>True when requests must be encrypted (§10).</summary>
    public bool RequestEncryptionRequired => RequestEncryption is { IsRequired: true };

    /// <summary>True when responses must be encrypted (§10).</summary>
    public bool ResponseEncryptionRequired => ResponseEncryption is { IsRequired: true };

    /// <summary>Names of the issuer by language.</summary>
    public IReadOnlyList<DisplayText> Display { get; init; } = [];

    /// <summary>What can be issued, by configuration id.</summary>
    public required IReadOnlyDictionary<string, CredentialConfiguration> Configurations { get; init; }

    /// <summary>Where the metadata of an issuer is published (§12.2.2).</summary>
    public static string LocationFor(string credentialIssuer) => ServiceUrl.WellKnown(credentialIssuer, OpenId4VciNames.IssuerWellKnown);

    /// <summary>Reads metadata fetched for <paramref name="credentialIssuer"/>; unknown parameters are ignored.</summary>
    /// <param name="json">The document.</param>
    /// <param name="credentialIssuer">The identifier the document was fetched for; compared character by character.</param>
    /// <param name="allowLoopbackHttp">Whether plain http URLs to this machine are allowed.</param>
    /// <exception cref="MalformedDataException">The document is not well formed or is another issuer's (<see cref="OpenId4VciCodes.IssuerMismatch"/>).</exception>
    public static CredentialIssuerMetadata Parse(JsonElement json, string credentialIssuer, bool allowLoopbackHttp)
    {
        json.RequireObject(Code);
        var named = ServiceUrl.RequireIdentifier(json.RequireText("credential_issuer", Code), allowLoopbackHttp, Code);
        // §12.2.4: simple string comparison, otherwise the data MUST NOT be used.
        if (!string.Equals(named, credentialIssuer, StringComparison.Ordinal))
            throw new MalformedDataException(OpenId4VciCodes.IssuerMismatch, "The metadata belongs to another credential issuer.");
        string? Endpoint(string name) => json.OptionalString(name, Code) is { } url ? ServiceUrl.Require(url, allowLoopbackHttp, Code).OriginalString : null;
        return new CredentialIssuerMetadata
        {
            CredentialIssuer = named,
            AuthorizationServers = [.. json.Texts("authorization_servers", Code).Select(server => ServiceUrl.RequireIdentifier(server, allowLoopbackHttp, Code))],
            CredentialEndpoint = Endpoint("credential_endpoint") ?? throw new MalformedDataException(Code, "'credential_endpoint' is missing."),
            NonceEndpoint = Endpoint("nonce_endpoint"),
            DeferredCredentialEndpoint = Endpoint("deferred_credential_endpoint"),
            NotificationEndpoint = Endpoint("notification_endpoint"),
            BatchSize = ReadBatchSize(json),
            RequestEncryption = RequestEncryptionMetadata.ReadFrom(json),
            ResponseEncryption = ResponseEncryptionMetadata.ReadFrom(json),
            Display = DisplayText.ParseAll(json, Code),
            Configurations = json.RequireObjectMember("credential_configurations_supported", Code).EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => CredentialConfiguration.Parse(entry.Value), StringComparer.Ordinal),
        };
    }

    /// <summary>Writes the document.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["credential_issuer"] = CredentialIssuer };
        json.AddTexts("authorization_servers", AuthorizationServers);
        json["credential_endpoint"] = CredentialEndpoint;
        json.AddText("nonce_endpoint", NonceEndpoint);
        json.AddText("deferred_credential_endpoint", DeferredCredentialEndpoint);
        json.AddText("notification_endpoint", NotificationEndpoint);
        if (RequestEncryption is not null)
            json["credential_request_encryption"] = RequestEncryption.ToJson();
        if (ResponseEncryption is not null)
            json["credential_response_encryption"] = ResponseEncryption.ToJson();
        if (BatchSize > 1)
            json["batch_credential_issuance"] = new JsonObject { ["batch_size"] = BatchSize };
        json.AddList("display", Display.Select(display => display.ToJson()));
        var configurations = new JsonObject();
        foreach (var (id, configuration) in Configurations)
            configurations[id] = configuration.ToJson();
        json["credential_configurations_supported"] = configurations;
        return json;
    }

    private static int ReadBatchSize(JsonElement json)
    {
        if (json.OptionalObject("batch_credential_issuance", Code) is not { } batch)
            return 1;
        // §12.2.4: "It MUST be 2 or greater."
        return batch.OptionalIndex("batch_size", Code) is >= 2 and <= int.MaxValue and var size
            ? (int)size
            : throw new MalformedDataException(Code, "'batch_size' is not an integer of 2 or more.");
    }
}
