using System.Text.Json.Nodes;
using Credentials.Trust;

namespace Credentials.OpenId4Vp;

/// <summary>A request over the Digital Credentials API that a wallet may show and answer. Comes only from <see cref="DigitalCredentialsRequestVerifier"/>.</summary>
public sealed class VerifiedDigitalCredentialsRequest
{
    internal VerifiedDigitalCredentialsRequest(
        DigitalCredentialsRequest request, ClientIdentifier? clientId, string origin, ResponseEncryption? encryption, RequestSigner? signer) =>
        (Request, ClientId, Origin, Encryption, Anchor, VerifierName) = (request, clientId, origin, encryption, signer?.Anchor, signer?.Name);

    /// <summary>What is asked for.</summary>
    public DigitalCredentialsRequest Request { get; }

    /// <summary>Who signed; null for an unsigned request.</summary>
    public ClientIdentifier? ClientId { get; }

    /// <summary>The origin that asks: for an unsigned request all that is known of the verifier.</summary>
    public string Origin { get; }

    /// <summary>How the answer is encrypted; null if the verifier asked for a plain one.</summary>
    public ResponseEncryption? Encryption { get; }

    /// <summary>The authority that vouches for the verifier; null for an unsigned request.</summary>
    public TrustAnchor? Anchor { get; }

    /// <summary>The name that <see cref="Anchor"/> vouches for; null for an unsigned request.</summary>
    public string? VerifierName { get; }

    /// <summary>What every presentation of the answer is bound to: the origin, whether or not the request is signed (A.4).</summary>
    public RequestBinding Binding => RequestBinding.ForDigitalCredentials(Origin, Request.Nonce, Encryption?.Key);

    /// <summary>The <c>data</c> of the answer (A.4). An error is never encrypted.</summary>
    public async ValueTask<JsonObject> ToDataAsync(AuthorizationResponse response)
    {
        if (Encryption is null || response.VpToken is null) return response.ToJson();
        var form = await Encryption.EncryptAsync(response).ConfigureAwait(false);
        return new JsonObject(form.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)JsonValue.Create(field.Value))));
    }
}
