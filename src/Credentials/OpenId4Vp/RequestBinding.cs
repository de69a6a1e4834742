using Credentials.Jose;
using Credentials.Keys;
using Credentials.Mdoc;

namespace Credentials.OpenId4Vp;

/// <summary>
/// What a presentation is bound to, so that it answers one request and no other. Wallet and verifier work it out alike: key
/// binding JWTs name audience and nonce, an mdoc's device signature is over the transcript.
/// </summary>
public sealed record RequestBinding
{
    private RequestBinding(string audience, string nonce, SessionTranscript transcript) => (Audience, Nonce, Transcript) = (audience, nonce, transcript);

    /// <summary>Whom a key binding JWT is for.</summary>
    public string Audience { get; }

    /// <summary>The nonce of the request.</summary>
    public string Nonce { get; }

    /// <summary>What the device key of an mdoc signs for.</summary>
    public SessionTranscript Transcript { get; }

    /// <summary>The binding of a request that came by link or QR code: its audience is the client identifier (OpenID4VP 1.0 §14.8, B.2.6.1).</summary>
    /// <param name="clientId">The whole client identifier, prefix included.</param>
    /// <param name="nonce">The nonce of the request.</param>
    /// <param name="responseUri">Where the answer goes, as the request has it.</param>
    /// <param name="encryptionKey">The key that the answer is encrypted to; null if it is not encrypted.</param>
    public static RequestBinding ForRedirect(string clientId, string nonce, string responseUri, KeyAgreementPublicKey? encryptionKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        ArgumentException.ThrowIfNullOrEmpty(nonce);
        return new(clientId, nonce, SessionTranscript.ForOpenId4Vp(clientId, nonce, Thumbprint(encryptionKey), responseUri));
    }

    /// <summary>The binding of a request over the Digital Credentials API: its audience is the origin, also where the request is signed (A.4, B.2.6.2).</summary>
    /// <param name="origin">The origin of the verifier, as the platform tells it.</param>
    /// <param name="nonce">The nonce of the request.</param>
    /// <param name="encryptionKey">The key that the answer is encrypted to; null if it is not encrypted.</param>
    public static RequestBinding ForDigitalCredentials(string origin, string nonce, KeyAgreementPublicKey? encryptionKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(origin);
        ArgumentException.ThrowIfNullOrEmpty(nonce);
        return new($"origin:{origin}", nonce, SessionTranscript.ForDigitalCredentials(origin, nonce, Thumbprint(encryptionKey)));
    }

    // B.2.6.1: null where nothing is encrypted. Without the cast, null would become an empty byte string.
    private static ReadOnlyMemory<byte>? Thumbprint(KeyAgreementPublicKey? key) => key is null ? (ReadOnlyMemory<byte>?)null : Jwk.Thumbprint(key);
}
