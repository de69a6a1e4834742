using Credentials.Trust;

namespace Credentials.OpenId4Vp;

/// <summary>A request that a wallet may show to its holder and answer. Comes only from <see cref="RequestVerifier"/>.</summary>
public sealed class VerifiedRequest
{
    internal VerifiedRequest(AuthorizationRequest request, ResponseEncryption? encryption, TrustAnchor? anchor, string? verifierName)
    {
        Request = request;
        Encryption = encryption;
        Anchor = anchor;
        VerifierName = verifierName;
    }

    /// <summary>What is asked for.</summary>
    public AuthorizationRequest Request { get; }

    /// <summary>How the answer is encrypted; null if the verifier asked for a plain one, which is to be shown.</summary>
    public ResponseEncryption? Encryption { get; }

    /// <summary>What every presentation of the answer is bound to.</summary>
    public RequestBinding Binding =>
        RequestBinding.ForRedirect(Request.ClientId.Full, Request.Nonce, Request.ResponseUri.OriginalString, Encryption?.Key);

    /// <summary>The authority that vouches for the verifier; null for an unsigned request.</summary>
    public TrustAnchor? Anchor { get; }

    /// <summary>True if the request is signed with a certificate below <see cref="Anchor"/>. If false, nobody vouches for the verifier:
    /// only the address that gets the answer is known.</summary>
    public bool IsTrusted => Anchor is not null;

    /// <summary>The name in the verifier's certificate; null for an unsigned request. A name that the verifier gives itself is in
    /// <see cref="ClientMetadata.UnverifiedClientName"/>.</summary>
    public string? VerifierName { get; }

    /// <summary>The form to post to <see cref="AuthorizationRequest.ResponseUri"/>. An error is never encrypted, so that a wallet that
    /// cannot encrypt can still send it (OpenID4VP 1.0 §8.3.1).</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>> ToFormAsync(AuthorizationResponse response) =>
        Encryption is null || response.VpToken is null ? response.ToForm() : await Encryption.EncryptAsync(response).ConfigureAwait(false);
}
