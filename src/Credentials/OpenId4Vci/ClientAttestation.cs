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
/// A verified wallet attestation (OpenID4VCI Appendix E, attestation-based client authentication -07 §5.1): a wallet provider vouches for
/// the instance that holds <see cref="InstanceKey"/>. Not verified here: the attestation's own status, which needs the network.
/// </summary>
public sealed record ClientAttestation
{
    /// <summary>The cap on an attestation, in characters: it travels in a header.</summary>
    public const int MaxLength = 16 * 1024;

    private const string Bad = OpenId4VciCodes.WalletAttestation;

    /// <summary>The wallet provider, if named (<c>iss</c>).</summary>
    public string? Issuer { get; init; }

    /// <summary>The <c>client_id</c> (<c>sub</c>): the same for all instances of a wallet (§15.4.4).</summary>
    public required string ClientId { get; init; }

    /// <summary>The key of this instance (<c>cnf</c>).</summary>
    public required PublicKey InstanceKey { get; init; }

    /// <summary>Until when it can be used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The anchor that vouches for the wallet provider.</summary>
    public required TrustAnchor Anchor { get; init; }

    /// <summary>Where the attestation's own status stands, if it has one.</summary>
    public StatusReference? Status { get; init; }

    /// <summary>Makes an attestation, as a wallet provider does.</summary>
    /// <param name="provider">The wallet provider's key.</param>
    /// <param name="chain">Its certificates, leaf first; null: the key is known otherwise.</param>
    /// <param name="issuer">The wallet provider.</param>
    /// <param name="clientId">The wallet.</param>
    /// <param name="instanceKey">The key of the instance.</param>
    /// <param name="now">The time it is made at.</param>
    /// <param name="lifetime">How long it can be used.</param>
    /// <param name="status">Where its status stands.</param>
    public static ValueTask<string> CreateAsync(
        ISigningKey provider, IEnumerable<X509Certificate2>? chain, string issuer, string clientId, PublicKey instanceKey,
        DateTimeOffset now, TimeSpan lifetime, StatusReference? status = null, CancellationToken ct = default)
    {
        var header = new JsonObject { ["typ"] = OpenId4VciNames.ClientAttestationType };
        if (chain is not null) header["x5c"] = X5c.ForHeader(chain);
        var payload = new JsonObject
        {
            ["iss"] = issuer,
            ["sub"] = clientId,
            ["iat"] = NumericDate.From(now),
            ["exp"] = NumericDate.From(now + lifetime),
            ["cnf"] = new JsonObject { ["jwk"] = Jwk.Write(instanceKey) },
        };
        if (status is not null) payload["status"] = status.ToJson();
        return Jws.SignAsync(header, payload, provider, ct);
    }

    /// <summary>Verifies an attestation (-07 §9), all but its own status.</summary>
    /// <param name="jwt">The value of the one header.</param>
    /// <param name="expected">What the authorization server demands.</param>
    /// <exception cref="ProtocolException"><c>invalid_client</c>, HTTP 401.</exception>
    public static ClientAttestation Verify(string jwt, AttestationExpectations expected)
    {
        try
        {
            var token = CompactJws.Parse(jwt, MaxLength);
            token.RequireType(OpenId4VciNames.ClientAttestationType);
            if (!expected.Algorithms.Contains(token.Algorithm)) throw Refused(Bad, "The algorithm of the wallet attestation is not accepted.");
            var payload = token.PayloadObject;
            var issuer = payload.OptionalString("iss", Bad);
            var (anchor, isSigned) = AttestationSigner.Find(token, expected.Trust, TrustPurpose.WalletProvider, issuer, expected.ChainRequired, expected.Now);
            if (anchor is null) throw Refused(OpenId4VciCodes.WalletAttestationSigner, "The signer of the wallet attestation is not trusted.");
            if (!isSigned) throw Refused(Bad, "The signature of the wallet attestation does not verify.");
            return Read(payload, issuer, anchor, expected);
        }
        catch (CredentialException e) when (e is MalformedDataException or NotSupportedCredentialException)
        {
            throw Refused(e.Code, e.Message);
        }
    }

    internal static ProtocolException Refused(string code, string message) => new(code, OpenId4VciNames.InvalidClient, message, 401);

    private static ClientAttestation Read(JsonElement payload, string? issuer, TrustAnchor anchor, AttestationExpectations expected)
    {
        var clientId = payload.RequireText("sub", Bad);
        if (clientId.Length > 256) throw Refused(Bad, "'sub' is too long.");
        var expires = payload.OptionalNumericDate("exp", Bad) ?? throw Refused(Bad, "The wallet attestation has no 'exp'.");
        if (expires <= expected.Now - expected.Skew) throw Refused(Bad, "The wallet attestation has expired.");
        foreach (var name in (ReadOnlySpan<string>)["nbf", "iat"])
        {
            if (payload.OptionalNumericDate(name, Bad) > expected.Now + expected.Skew) throw Refused(Bad, "The wallet attestation is from the future.");
        }

        return new ClientAttestation
        {
            Issuer = issuer,
            ClientId = clientId,
            InstanceKey = Jwk.ParsePublic(payload.RequireObjectMember("cnf", Bad).RequireObjectMember("jwk", Bad)),
            ExpiresAt = expires,
            Anchor = anchor,
            Status = StatusReference.FromClaims(payload),
        };
    }
}
