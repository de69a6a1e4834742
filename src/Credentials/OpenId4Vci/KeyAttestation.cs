using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.OpenId4Vci;

/// <summary>
/// A verified key attestation (OpenID4VCI Appendix D.1): a wallet provider or key storage vouches for keys and how they are kept. Not
/// verified here: its nonce, which the caller knows, and its own status, which needs the network.
/// </summary>
public sealed record KeyAttestation
{
    private const string Bad = OpenId4VciCodes.KeyAttestation;

    /// <summary>The attested keys, all different.</summary>
    public required IReadOnlyList<PublicKey> Keys { get; init; }

    /// <summary>The <c>kid</c> of each key; null where it has none.</summary>
    public required IReadOnlyList<string?> KeyIds { get; init; }

    /// <summary>The nonce in it; whether it is a current one, the caller decides.</summary>
    public string? Nonce { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Until when it can be used; null: no end is said.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The anchor that vouches for the signer.</summary>
    public required TrustAnchor Anchor { get; init; }

    /// <summary>Where the attestation's own status stands, if it has one.</summary>
    public StatusReference? Status { get; init; }

    /// <summary>Makes an attestation, as a wallet provider does.</summary>
    /// <param name="attester">The signer's key.</param>
    /// <param name="chain">Its certificates, leaf first; null: the key is known otherwise.</param>
    /// <param name="keys">The keys to vouch for.</param>
    /// <param name="nonce">The credential issuer's nonce, if it has a nonce endpoint.</param>
    /// <param name="keyStorage">Asserted resistance of the key storage (Appendix D.2); none: nothing is asserted.</param>
    /// <param name="userAuthentication">Asserted resistance of the user authentication.</param>
    /// <param name="now">The time it is made at.</param>
    /// <param name="lifetime">How long it can be used; null: no end is said, which goes with the proof type <c>attestation</c> only.</param>
    /// <param name="status">Where its status stands.</param>
    public static ValueTask<string> CreateAsync(
        ISigningKey attester, IEnumerable<X509Certificate2>? chain, IEnumerable<PublicKey> keys, string? nonce,
        IEnumerable<string> keyStorage, IEnumerable<string> userAuthentication, DateTimeOffset now, TimeSpan? lifetime,
        StatusReference? status = null, CancellationToken ct = default)
    {
        var header = new JsonObject { ["typ"] = OpenId4VciNames.KeyAttestationType };
        if (chain is not null) header["x5c"] = X5c.ForHeader(chain);
        var payload = new JsonObject { ["iat"] = NumericDate.From(now) };
        if (lifetime is { } time) payload["exp"] = NumericDate.From(now + time);
        payload.AddList("attested_keys", keys.Select(Jwk.Write));
        payload.AddTexts("key_storage", keyStorage);
        payload.AddTexts("user_authentication", userAuthentication);
        payload.AddText("nonce", nonce);
        if (status is not null) payload["status"] = status.ToJson();
        return Jws.SignAsync(header, payload, attester, ct);
    }

    /// <summary>Verifies an attestation, all but nonce and status.</summary>
    /// <param name="jwt">The attestation.</param>
    /// <param name="expected">What the credential issuer demands.</param>
    /// <param name="expiryRequired">True inside a proof of type <c>jwt</c> (Appendix D.1).</param>
    /// <exception cref="ProtocolException"><c>invalid_proof</c>.</exception>
    public static KeyAttestation Verify(string jwt, AttestationExpectations expected, bool expiryRequired)
    {
        try
        {
            var token = CompactJws.Parse(jwt);
            token.RequireType(OpenId4VciNames.KeyAttestationType);
            if (!expected.Algorithms.Contains(token.Algorithm)) throw Refused(Bad, "The algorithm of the key attestation is not accepted.");
            var payload = token.PayloadObject;
            var issuer = payload.OptionalString("iss", Bad);
            var (anchor, isSigned) = AttestationSigner.Find(token, expected.Trust, TrustPurpose.KeyAttester, issuer, expected.ChainRequired, expected.Now);
            if (anchor is null) throw Refused(OpenId4VciCodes.KeyAttestationSigner, "The signer of the key attestation is not trusted.");
            if (!isSigned) throw Refused(Bad, "The signature of the key attestation does not verify.");
            return Read(payload, anchor, expected, expiryRequired);
        }
        catch (CredentialException e) when (e is MalformedDataException or NotSupportedCredentialException)
        {
            throw Refused(e.Code, e.Message);
        }
    }

    /// <summary>The attested key that a <c>kid</c> means: the key's own, or its place in the list as in the example of Appendix F.1.</summary>
    internal PublicKey? Find(string keyId)
    {
        for (var i = 0; i < Keys.Count; i++)
        {
            if (KeyIds[i] == keyId) return Keys[i];
        }

        return int.TryParse(keyId, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var place) && place < Keys.Count && KeyIds[place] is null
            ? Keys[place]
            : null;
    }

    private static KeyAttestation Read(JsonElement payload, TrustAnchor anchor, AttestationExpectations expected, bool expiryRequired)
    {
        var issuedAt = payload.OptionalNumericDate("iat", Bad) ?? throw Refused(Bad, "The key attestation has no 'iat'.");
        if (issuedAt > expected.Now + expected.Skew) throw Refused(Bad, "The key attestation is from the future.");
        var expires = payload.OptionalNumericDate("exp", Bad);
        if (expires is null && expiryRequired) throw Refused(Bad, "The key attestation has no 'exp'.");
        if (expires <= expected.Now - expected.Skew) throw Refused(Bad, "The key attestation has expired.");
        RequireLevel(payload, "key_storage", expected.KeyStorage);
        RequireLevel(payload, "user_authentication", expected.UserAuthentication);
        var keys = payload.RequireArray("attested_keys", Bad);
        if (keys.GetArrayLength() is 0 || keys.GetArrayLength() > expected.MaxKeys) throw Refused(Bad, "'attested_keys' has none, or too many.");
        IReadOnlyList<PublicKey> attested = [.. keys.EnumerateArray().Select(Jwk.ParsePublic)];
        if (attested.DistinctBy(Jwk.Thumbprint).Count() != attested.Count) throw Refused(Bad, "A key is attested twice.");
        return new KeyAttestation
        {
            Keys = attested,
            KeyIds = [.. keys.EnumerateArray().Select(jwk => jwk.OptionalString(JoseNames.Kid, Bad))],
            Nonce = payload.OptionalString("nonce", Bad),
            IssuedAt = issuedAt,
            ExpiresAt = expires,
            Anchor = anchor,
            Status = StatusReference.FromClaims(payload),
        };
    }

    private static void RequireLevel(JsonElement payload, string name, IReadOnlyCollection<string> accepted)
    {
        var asserted = payload.Texts(name, Bad);
        if (accepted.Count > 0 && !asserted.Any(accepted.Contains))
            throw Refused(OpenId4VciCodes.KeyAttestationLevel, $"'{name}' asserts none of the levels that this credential asks for.");
    }

    private static ProtocolException Refused(string code, string message) => new(code, OpenId4VciNames.InvalidProof, message, 400);
}
