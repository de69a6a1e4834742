using System.Text.Json.Nodes;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.OpenId4Vci;

public sealed class AttestationTests : IDisposable
{
    private const string Server = "https://as.example";
    private const string Wallet = "https://wallet.example";
    private static readonly DateTimeOffset s_now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly CertificateAuthority _authority = CertificateAuthority.Create("Wallet Provider Root", "KR", s_now);
    private readonly SoftwareSigningKey _provider = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly SoftwareSigningKey _instance = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly System.Security.Cryptography.X509Certificates.X509Certificate2 _certificate;

    public AttestationTests() => _certificate = _authority.IssueStatusSigner("Wallet Provider", _provider, s_now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AttestationExpectations Expected => new()
    {
        Trust = TrustStore.Create([TrustAnchor.ForCertificate(_authority.Certificate, TrustPurpose.WalletProvider | TrustPurpose.KeyAttester)]),
        Algorithms = ["ES256"],
        Now = s_now,
        ChainRequired = true,
    };

    private PopExpectations Pop => new() { AuthorizationServer = Server, Algorithms = ["ES256"], ChallengeRequired = true, Now = s_now };

    public void Dispose()
    {
        _authority.Dispose();
        _provider.Dispose();
        _instance.Dispose();
        _certificate.Dispose();
    }

    private async Task<string> AttestationAsync(Action<JsonObject, JsonObject>? change = null, ISigningKey? signer = null)
    {
        var header = new JsonObject { ["typ"] = "oauth-client-attestation+jwt", ["x5c"] = X5c.ForHeader([_certificate]) };
        var payload = new JsonObject
        {
            ["iss"] = "https://provider.example",
            ["sub"] = Wallet,
            ["exp"] = s_now.ToUnixTimeSeconds() + 3600,
            ["cnf"] = new JsonObject { ["jwk"] = Jwk.Write(_instance.PublicKey) },
        };
        change?.Invoke(header, payload);
        return await Jws.SignAsync(header, payload, signer ?? _provider, Ct);
    }

    private async Task<string> KeysAsync(Action<JsonObject, JsonObject>? change = null, ISigningKey? signer = null)
    {
        var header = new JsonObject { ["typ"] = "key-attestation+jwt", ["x5c"] = X5c.ForHeader([_certificate]) };
        var payload = new JsonObject
        {
            ["iat"] = s_now.ToUnixTimeSeconds(),
            ["exp"] = s_now.ToUnixTimeSeconds() + 3600,
            ["attested_keys"] = new JsonArray(Jwk.Write(_instance.PublicKey)),
            ["key_storage"] = new JsonArray("iso_18045_high"),
        };
        change?.Invoke(header, payload);
        return await Jws.SignAsync(header, payload, signer ?? _provider, Ct);
    }

    [Fact]
    public async Task A_wallet_attestation_and_its_proof_are_verified_as_they_were_made()
    {
        var jwt = await ClientAttestation.CreateAsync(
            _provider, [_certificate, _authority.Certificate], "https://provider.example", Wallet, _instance.PublicKey, s_now, TimeSpan.FromHours(1), new StatusReference("https://s.example/1", 7), Ct);
        var attestation = ClientAttestation.Verify(jwt, Expected);
        Assert.Equal((Wallet, _instance.PublicKey, 7), (attestation.ClientId, attestation.InstanceKey, attestation.Status!.Index));
        var pop = ClientAttestationPop.Verify(await ClientAttestationPop.CreateAsync(_instance, Wallet, Server, "c1", s_now, Ct), attestation, Pop);
        Assert.Equal("c1", pop.Challenge);
        Assert.NotEqual(pop.ReplayHash, (pop with { Id = "other" }).ReplayHash);
        // Without a chain the key must be known itself, and not where chains are demanded.
        var bare = await ClientAttestation.CreateAsync(_provider, null, "https://provider.example", Wallet, _instance.PublicKey, s_now, TimeSpan.FromHours(1), ct: Ct);
        var pinned = Expected with { ChainRequired = false, Trust = TrustStore.Create([TrustAnchor.ForKey(_provider.PublicKey, TrustPurpose.WalletProvider)]) };
        Assert.Equal(Wallet, ClientAttestation.Verify(bare, pinned).ClientId);
        Assert.Throws<ProtocolException>(() => ClientAttestation.Verify(bare, pinned with { ChainRequired = true }));
    }

    [Fact]
    [Trait("Row", "ATT-01")]
    [Trait("Row", "ATT-09")]
    public async Task A_wallet_attestation_with_one_thing_wrong_is_refused()
    {
        using var stranger = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var foreign = CertificateAuthority.Create("Unknown Root", "KR", s_now);
        using var foreignLeaf = foreign.IssueStatusSigner("Unknown", stranger, s_now);
        var jwts = new[]
        {
            await AttestationAsync(signer: stranger),
            await AttestationAsync((_, payload) => payload["exp"] = s_now.ToUnixTimeSeconds() - 60),
            await AttestationAsync((_, payload) => payload.Remove("exp")),
            await AttestationAsync((_, payload) => payload["nbf"] = s_now.ToUnixTimeSeconds() + 61),
            await AttestationAsync((_, payload) => payload.Remove("sub")),
            await AttestationAsync((_, payload) => payload["sub"] = ""),
            await AttestationAsync((_, payload) => payload.Remove("cnf")),
            await AttestationAsync((_, payload) => payload["cnf"]!["jwk"] = _instance.ExportPrivateJwk()),
            await AttestationAsync((_, payload) => payload["status"] = "x"),
            await AttestationAsync((header, _) => header["typ"] = "jwt"),
            await AttestationAsync((header, _) => header["x5c"] = X5c.ForHeader([foreignLeaf]), stranger),
            await AttestationAsync((header, _) => header["x5c"] = X5c.ToJson([_authority.Certificate]), _authority.Key),
            await AttestationAsync((header, _) => header["x5c"] = X5c.ToJson([_certificate, _authority.Certificate])),
            await AttestationAsync((header, _) => header.Remove("x5c")),
            new string('a', ClientAttestation.MaxLength + 1),
        };
        Assert.All(jwts, jwt =>
        {
            var refused = Assert.Throws<ProtocolException>(() => ClientAttestation.Verify(jwt, Expected));
            Assert.Equal(("invalid_client", 401), (refused.Error, refused.HttpStatus));
        });
        Assert.Throws<ProtocolException>(() => ClientAttestation.Verify(AttestationAsync().Result, Expected with { Trust = TrustStore.Empty }));
        // A root for credentials says nothing about wallets.
        var otherPurpose = TrustStore.Create([TrustAnchor.ForCertificate(_authority.Certificate, TrustPurpose.CredentialIssuer)]);
        Assert.Throws<ProtocolException>(() => ClientAttestation.Verify(AttestationAsync().Result, Expected with { Trust = otherPurpose }));
        Assert.Equal(Wallet, ClientAttestation.Verify(await AttestationAsync((_, payload) => payload.Remove("iss")), Expected).ClientId);
    }

    [Fact]
    [Trait("Row", "ATT-02")]
    public async Task A_proof_of_possession_with_one_thing_wrong_is_refused()
    {
        var attestation = ClientAttestation.Verify(await AttestationAsync(), Expected);
        async Task<string> PopAsync(Action<JsonObject> change, ISigningKey? key = null, string type = "oauth-client-attestation-pop+jwt")
        {
            var payload = new JsonObject { ["iss"] = Wallet, ["aud"] = Server, ["jti"] = "1", ["iat"] = s_now.ToUnixTimeSeconds(), ["challenge"] = "c" };
            change(payload);
            return await Jws.SignAsync(new JsonObject { ["typ"] = type }, payload, key ?? _instance, Ct);
        }

        var jwts = new[]
        {
            await PopAsync(_ => { }, _provider),
            await PopAsync(_ => { }, type: "jwt"),
            await PopAsync(payload => payload["iss"] = "https://other.example"),
            await PopAsync(payload => payload["aud"] = "https://as.example/"),
            await PopAsync(payload => payload["aud"] = new JsonArray(Server, "https://other.example")),
            await PopAsync(payload => payload.Remove("jti")),
            await PopAsync(payload => payload.Remove("iat")),
            await PopAsync(payload => payload["iat"] = s_now.ToUnixTimeSeconds() - 301),
            await PopAsync(payload => payload["iat"] = s_now.ToUnixTimeSeconds() + 61),
        };
        Assert.All(jwts, jwt => Assert.Equal("invalid_client", Assert.Throws<ProtocolException>(() => ClientAttestationPop.Verify(jwt, attestation, Pop)).Error));
        var without = await PopAsync(payload => payload.Remove("challenge"));
        Assert.Equal("use_attestation_challenge", Assert.Throws<ProtocolException>(() => ClientAttestationPop.Verify(without, attestation, Pop)).Error);
        Assert.Null(ClientAttestationPop.Verify(without, attestation, Pop with { ChallengeRequired = false }).Challenge);
        Assert.Equal("1", ClientAttestationPop.Verify(await PopAsync(payload => payload["aud"] = new JsonArray(Server)), attestation, Pop).Id);
    }

    [Fact]
    [Trait("Row", "ATT-05")]
    [Trait("Row", "ATT-10")]
    public async Task A_key_attestation_with_one_thing_wrong_is_refused()
    {
        using var stranger = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var jwts = new[]
        {
            await KeysAsync(signer: stranger),
            await KeysAsync((header, _) => header["typ"] = "jwt"),
            await KeysAsync((header, _) => header.Remove("x5c")),
            await KeysAsync((_, payload) => payload.Remove("iat")),
            await KeysAsync((_, payload) => payload.Remove("exp")),
            await KeysAsync((_, payload) => payload["exp"] = s_now.ToUnixTimeSeconds() - 60),
            await KeysAsync((_, payload) => payload["iat"] = s_now.ToUnixTimeSeconds() + 61),
            await KeysAsync((_, payload) => payload["attested_keys"] = new JsonArray()),
            await KeysAsync((_, payload) => payload.Remove("attested_keys")),
            await KeysAsync((_, payload) => payload["attested_keys"] = new JsonArray(Jwk.Write(_instance.PublicKey), Jwk.Write(_instance.PublicKey))),
            await KeysAsync((_, payload) => payload["attested_keys"] = new JsonArray(_instance.ExportPrivateJwk())),
            await KeysAsync((_, payload) => payload["attested_keys"] = new JsonArray([.. Enumerable.Repeat(0, 101).Select(_ => (JsonNode)Jwk.Write(_instance.PublicKey))])),
            await KeysAsync((_, payload) => payload["key_storage"] = new JsonArray()),
            await KeysAsync((_, payload) => payload["key_storage"] = "iso_18045_high"),
        };
        Assert.All(jwts, jwt => Assert.Equal("invalid_proof", Assert.Throws<ProtocolException>(() => KeyAttestation.Verify(jwt, Expected, expiryRequired: true)).Error));
        Assert.Null(KeyAttestation.Verify(await KeysAsync((_, payload) => payload.Remove("exp")), Expected, expiryRequired: false).ExpiresAt);
    }

    [Theory]
    [InlineData("iso_18045_moderate", null, false)]
    [InlineData("iso_18045_high", null, true)]
    [InlineData("iso_18045_high", "iso_18045_high", false)]
    [InlineData(null, null, true)]
    [Trait("Row", "ATT-08")]
    public async Task A_key_attestation_asserts_what_the_credential_asks_for(string? storage, string? user, bool accepted)
    {
        var expected = Expected with { KeyStorage = storage is null ? [] : [storage, "other"], UserAuthentication = user is null ? [] : [user] };
        var jwt = await KeysAsync();
        if (accepted)
            Assert.Equal([_instance.PublicKey], KeyAttestation.Verify(jwt, expected, expiryRequired: true).Keys);
        else
            Assert.Equal(OpenId4VciCodes.KeyAttestationLevel, Assert.Throws<ProtocolException>(() => KeyAttestation.Verify(jwt, expected, expiryRequired: true)).Code);
    }

    [Fact]
    [Trait("Row", "ATT-05")]
    public async Task A_key_proof_is_made_with_an_attested_key()
    {
        using var second = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var stranger = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var attestation = await KeyAttestation.CreateAsync(
            _provider, [_certificate], [_instance.PublicKey, second.PublicKey], "n", ["iso_18045_high"], [], s_now, TimeSpan.FromHours(1), ct: Ct);
        var expected = new KeyProofExpectations
        {
            CredentialIssuer = Server,
            ClientId = null,
            Algorithms = ["ES256"],
            NonceRequired = true,
            Now = s_now,
            Attestation = Expected,
        };
        var proof = KeyProof.Verify(await KeyProof.CreateAsync(second, Server, "n", null, s_now, attestation, Ct), expected);
        Assert.Equal([_instance.PublicKey, second.PublicKey], proof.Attestation!.Keys);
        async Task<string> ByKeyIdAsync(string kid, ISigningKey key) => await Jws.SignAsync(
            new JsonObject { ["typ"] = "openid4vci-proof+jwt", ["kid"] = kid, ["key_attestation"] = attestation },
            new JsonObject { ["aud"] = Server, ["iat"] = s_now.ToUnixTimeSeconds(), ["nonce"] = "n" }, key, Ct);
        Assert.Equal(second.PublicKey, KeyProof.Verify(await ByKeyIdAsync("1", second), expected).HolderKey);
        foreach (var jwt in new[]
        {
            await KeyProof.CreateAsync(stranger, Server, "n", null, s_now, attestation, Ct),
            await KeyProof.CreateAsync(second, Server, "n", null, s_now, ct: Ct),
            await ByKeyIdAsync("0", second),
            await ByKeyIdAsync("2", second),
            await ByKeyIdAsync("-1", second),
        })
        {
            Assert.Equal("invalid_proof", Assert.Throws<ProtocolException>(() => KeyProof.Verify(jwt, expected)).Error);
        }
    }

    [Fact]
    [Trait("Row", "VCC-22")]
    public async Task Signed_metadata_is_read_only_from_a_trusted_signer_for_this_issuer()
    {
        var metadata = new CredentialIssuerMetadata
        {
            CredentialIssuer = "https://a.example",
            CredentialEndpoint = "https://a.example/c",
            Configurations = new Dictionary<string, CredentialConfiguration>(),
        };
        var trust = TrustStore.Create([TrustAnchor.ForCertificate(_authority.Certificate, TrustPurpose.CredentialIssuer)]);
        var jwt = await SignedIssuerMetadata.CreateAsync(metadata, _provider, [_certificate], s_now, TimeSpan.FromHours(1), Ct);
        Assert.Equal("https://a.example/c", SignedIssuerMetadata.Verify(jwt, "https://a.example", trust, s_now, false).CredentialEndpoint);
        Assert.Throws<MalformedDataException>(() => SignedIssuerMetadata.Verify(jwt, "https://b.example", trust, s_now, false));
        Assert.Throws<MalformedDataException>(() => SignedIssuerMetadata.Verify(jwt, "https://a.example", TrustStore.Empty, s_now, false));
        Assert.Throws<MalformedDataException>(() => SignedIssuerMetadata.Verify(jwt, "https://a.example", trust, s_now.AddHours(2), false));
        Assert.Throws<MalformedDataException>(() => SignedIssuerMetadata.Verify(jwt[..^4] + "AAAA", "https://a.example", trust, s_now, false));
        async Task<string> ChangedAsync(Action<JsonObject> change)
        {
            var payload = metadata.ToJson();
            payload["sub"] = "https://a.example";
            payload["iat"] = s_now.ToUnixTimeSeconds();
            change(payload);
            return await Jws.SignAsync(new JsonObject { ["typ"] = "openidvci-issuer-metadata+jwt", ["x5c"] = X5c.ForHeader([_certificate]) }, payload, _provider, Ct);
        }

        foreach (var change in new Action<JsonObject>[] { p => p["sub"] = "https://b.example", p => p.Remove("sub"), p => p.Remove("iat"), p => p["iat"] = s_now.ToUnixTimeSeconds() + 61 })
        {
            var changed = await ChangedAsync(change);
            Assert.Throws<MalformedDataException>(() => SignedIssuerMetadata.Verify(changed, "https://a.example", trust, s_now, false));
        }
    }
}
