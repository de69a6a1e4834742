using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.Tests.Http;
using Credentials.Tests.X509;
using Credentials.Trust;
using Credentials.X509;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>Whose signature an SD-JWT VC carries (SD-JWT VC §2.5), and that only the right one is accepted.</summary>
public class IssuerKeyTests
{
    private static readonly SdJwtExpectations _chained = Expected with { Trust = RootTrust };

    private static JsonObject Header(params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var header = new JsonObject { ["typ"] = "dc+sd-jwt" };
        foreach (var (name, value) in more) header[name] = value;
        return header;
    }

    private static JsonArray Chain(params X509Certificate2[] certificates) => X5c.ToJson(certificates);

    private static async Task<string> SignedAsync(JsonObject header, JsonObject? payload = null, ISigningKey? key = null) =>
        Join(await SignAsync(payload ?? Payload(), header, key));

    [Fact]
    public async Task Verify_accepts_a_pinned_key_and_a_chain_below_a_root()
    {
        await AcceptAsync(await SignedAsync(Header()));
        var report = await VerifyAsync(await SignedAsync(Header(("x5c", Chain(IssuerCertificate)))), _chained);

        Assert.True(report.TryGetVerified(out var verified), Describe(report));
        Assert.Equal(Authority.Certificate, verified.Anchor!.Certificate);
        Assert.Equal(HolderKey.PublicKey, verified.HolderKey);
        Assert.Equal(Vct, verified.Type);
        Assert.Equal(Now.AddDays(30), verified.ExpiresAt);
    }

    [Theory]
    [Trait("Row", "JOS-01")]
    [InlineData("\"none\"")]
    [InlineData("\"None\"")]
    [InlineData("\"nOnE\"")]
    [InlineData("[\"ES256\"]")]
    [InlineData("256")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Verify_refuses_an_issuer_jwt_without_a_real_algorithm(string? alg)
    {
        var good = await SignedAsync(Header());
        await AcceptAsync(good);
        var header = Header();
        if (alg is not null) header["alg"] = Node(alg);
        var parts = good.Split('.');
        parts[0] = StrictBase64Url.Encode(StrictJson.ToUtf8(header));

        await RefuseAsync(string.Join('.', parts), "format", JoseCodes.JwsAlgorithm);
        await RefuseAsync($"{parts[0]}.{parts[1]}.~", "format", JoseCodes.JwsMalformed);
    }

    [Fact]
    [Trait("Row", "JOS-02")]
    public async Task Verify_refuses_a_mac_keyed_with_the_issuers_public_key()
    {
        await AcceptAsync(await SignedAsync(Header()));
        byte[] point = [4, .. IssuerKey.PublicKey.X, .. IssuerKey.PublicKey.Y];
        var spki = IssuerCertificate.PublicKey.ExportSubjectPublicKeyInfo();
        var pem = PemEncoding.WriteString("PUBLIC KEY", spki);
        byte[][] secrets =
        [
            spki, point, StrictJson.ToUtf8(Jwk.Write(IssuerKey.PublicKey)),
            Encoding.ASCII.GetBytes(pem), Encoding.ASCII.GetBytes(" \n" + pem), Encoding.ASCII.GetBytes("ecdsa-sha2-nistp256 " + Convert.ToBase64String(point)),
        ];

        foreach (var secret in secrets)
            await RefuseAsync(Join(Hs256(Header(), Payload(), secret)), "format", JoseCodes.JwsAlgorithm);
    }

    [Theory]
    [Trait("Row", "JOS-03")]
    [InlineData("ES384", "ES256")]
    [InlineData("ES512", "ES256")]
    [InlineData("EdDSA", "ES256")]
    [InlineData("ES256", "ES384")]
    [InlineData("ES256", "EdDSA")]
    public async Task Verify_refuses_an_algorithm_that_is_not_the_keys(string keyAlgorithm, string named)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(keyAlgorithm)!);
        var expected = Expected with { Trust = TrustStore.Create([TrustAnchor.ForKey(key.PublicKey, TrustPurpose.CredentialIssuer)]) };
        await AcceptAsync(await SignedAsync(Header(), key: key), expected);

        var header = Header(("alg", named));
        var input = $"{StrictBase64Url.Encode(StrictJson.ToUtf8(header))}.{StrictBase64Url.Encode(StrictJson.ToUtf8(Payload()))}";
        var signature = await key.SignAsync(Encoding.ASCII.GetBytes(input), TestContext.Current.CancellationToken);
        await RefuseAsync($"{input}.{StrictBase64Url.Encode(signature)}~", "issuer_signature", SdJwtCodes.SignatureInvalid, expected);
    }

    [Theory]
    [Trait("Row", "JOS-05")]
    [Trait("Row", "JOS-06")]
    [InlineData("jwk")]
    [InlineData("jku")]
    [InlineData("x5u")]
    public async Task Verify_never_takes_a_key_from_the_header(string name)
    {
        JsonNode value = name == "jwk" ? Jwk.Write(OtherKey.PublicKey) : "http://169.254.169.254/keys.json";
        await AcceptAsync(await SignedAsync(Header((name, value.DeepClone()))));

        await RefuseAsync(await SignedAsync(Header((name, value.DeepClone())), key: OtherKey), "issuer_signature", SdJwtCodes.SignatureInvalid);
        await RefuseAsync(await SignedAsync(Header((name, value.DeepClone())), key: OtherKey), "issuer_key", SdJwtCodes.IssuerKeyMissing, _chained);
    }

    [Theory]
    [Trait("Row", "JOS-07")]
    [InlineData("../../dev/null")]
    [InlineData("'; DROP TABLE keys; --")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("a\0b")]
    public async Task A_key_id_is_a_label_and_nothing_else(string kid)
    {
        await AcceptAsync(await SignedAsync(Header(("kid", kid))));
        await RefuseAsync(await SignedAsync(Header(("kid", kid)), key: OtherKey), "issuer_signature", SdJwtCodes.SignatureInvalid);
        await RefuseAsync(await SignedAsync(Header(("kid", new string('k', 1 << 20)))), "format", SdJwtCodes.TooLarge);
    }

    [Theory]
    [Trait("Row", "JOS-08")]
    [Trait("Row", "JOS-09")]
    [Trait("Row", "JOS-10")]
    [InlineData("""{"crit":["exp"],"exp":1}""")]
    [InlineData("""{"crit":[]}""")]
    [InlineData("""{"crit":"exp"}""")]
    [InlineData("""{"crit":["absent"]}""")]
    [InlineData("""{"crit":["alg"]}""")]
    [InlineData("""{"crit":["b64"],"b64":false}""")]
    [InlineData("""{"b64":false}""")]
    public async Task Verify_refuses_critical_header_parameters(string parameters)
    {
        await AcceptAsync(await SignedAsync(Header()));
        var header = Node(parameters)!.AsObject();
        header["typ"] = "dc+sd-jwt";

        await RefuseAsync(await SignedAsync(header), "format", JoseCodes.JwsCritical);
    }

    [Theory]
    [Trait("Row", "JOS-11")]
    [InlineData("JWT")]
    [InlineData("jwt")]
    [InlineData("kb+jwt")]
    [InlineData("vc+sd-jwt")]
    [InlineData("DC+SD-JWT")]
    [InlineData("application/dc+sd-jwt")]
    [InlineData("openid4vci-proof+jwt")]
    [InlineData("oauth-authz-req+jwt")]
    [InlineData("statuslist+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData(null)]
    public async Task Verify_refuses_another_kind_of_jwt(string? typ)
    {
        await AcceptAsync(await SignedAsync(Header()));
        await RefuseOnlyAsync(await SignedAsync(typ is null ? [] : new JsonObject { ["typ"] = typ }), "type", SdJwtCodes.HeaderType);
    }

    [Fact]
    [Trait("Row", "JOS-11")]
    public async Task Verify_accepts_the_older_typ_only_where_the_profile_says_so()
    {
        var text = await SignedAsync(new JsonObject { ["typ"] = "vc+sd-jwt" });

        await AcceptAsync(text, Expected with { Profile = SdJwtProfile.VerifiableCredentialOrLegacy });
        await RefuseAsync(text, "type", SdJwtCodes.HeaderType);
    }

    [Fact]
    [Trait("Row", "JOS-23")]
    public async Task Verify_refuses_a_chain_with_the_anchor_the_wrong_order_or_the_wrong_form()
    {
        await AcceptAsync(await SignedAsync(Header(("x5c", Chain(IssuerCertificate)))), _chained);
        var root = Authority.Certificate;

        await RefuseAsync(await SignedAsync(Header(("x5c", Chain(IssuerCertificate, root)))), "issuer_key", X509Codes.AnchorIncluded, _chained);
        await RefuseAsync(await SignedAsync(Header(("x5c", Chain(root, IssuerCertificate)))), "issuer_key", X509Codes.LeafIsCa, _chained);
        await RefuseAsync(await SignedAsync(Header(("x5c", Chain(IssuerCertificate)[0]!.DeepClone()))), "issuer_key", X509Codes.Malformed, _chained);
        await RefuseAsync(await SignedAsync(Header(("x5c", new JsonArray(IssuerCertificate.ExportCertificatePem())))), "issuer_key", X509Codes.Malformed, _chained);
        await RefuseAsync(await SignedAsync(Header(("x5c", new JsonArray()))), "issuer_key", X509Codes.Malformed, _chained);
        var spaced = Chain(IssuerCertificate)[0]!.GetValue<string>().Insert(8, "\n");
        await RefuseAsync(await SignedAsync(Header(("x5c", new JsonArray(spaced)))), "issuer_key", X509Codes.Malformed, _chained);
        var many = Enumerable.Repeat(IssuerCertificate, X5c.MaxCertificates + 1).ToArray();
        await RefuseAsync(await SignedAsync(Header(("x5c", Chain(many)))), "issuer_key", X509Codes.TooMany, _chained);
    }

    [Fact]
    [Trait("Row", "JOS-23")]
    public async Task Verify_refuses_a_self_signed_signer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Self", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        using var self = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(100));
        using var signer = SoftwareSigningKey.FromPkcs8Pem(key.ExportPkcs8PrivateKeyPem());

        await RefuseAsync(await SignedAsync(Header(("x5c", Chain(self))), key: signer), "issuer_key", X509Codes.SelfSigned, _chained);
    }

    [Fact]
    [Trait("Row", "JOS-24")]
    public async Task Verify_refuses_a_signature_of_another_key_than_the_certificates()
    {
        var text = await SignedAsync(Header(("x5c", Chain(IssuerCertificate))), key: OtherKey);

        await RefuseOnlyAsync(text, "issuer_signature", SdJwtCodes.SignatureInvalid, _chained);
    }

    [Fact]
    [Trait("Row", "JOS-24")]
    public async Task Verify_refuses_a_key_id_that_names_another_pinned_key_than_the_certificates()
    {
        var trust = RootTrust.With(TrustStore.Create([TrustAnchor.ForKey(OtherKey.PublicKey, TrustPurpose.CredentialIssuer, issuer: "https://other.example")]));
        var expected = Expected with { Trust = trust };
        await AcceptAsync(await SignedAsync(Header(("x5c", Chain(IssuerCertificate)), ("kid", Jwk.Thumbprint(IssuerKey.PublicKey)))), expected);

        var text = await SignedAsync(Header(("x5c", Chain(IssuerCertificate)), ("kid", Jwk.Thumbprint(OtherKey.PublicKey))));
        await RefuseOnlyAsync(text, "issuer_key", SdJwtCodes.IssuerMismatch, expected);
    }

    [Theory]
    [Trait("Row", "JOS-22")]
    [Trait("Row", "JOS-24")]
    [InlineData("\"https://issuer.example\"", true)]
    [InlineData("\"https://issuer.example/tenant\"", true)]
    [InlineData("\"https://ISSUER.example\"", true)]
    [InlineData(null, true)]
    [InlineData("\"https://other.example\"", false)]
    [InlineData("\"https://issuer.example.other.example\"", false)]
    [InlineData("\"issuer.example\"", false)]
    [InlineData("7", false)]
    [InlineData("null", false)]
    [InlineData("[\"https://issuer.example\"]", false)]
    public async Task Verify_wants_the_issuer_that_the_certificate_names(string? iss, bool accepted)
    {
        var leaf = Authority.IssueAccessCertificate("Named issuer", IssuerKey, ["issuer.example"], Now);
        var payload = Payload();
        if (iss is not null) payload["iss"] = Node(iss);
        var text = await SignedAsync(Header(("x5c", Chain(leaf))), payload);

        if (accepted) await AcceptAsync(text, _chained);
        else await RefuseAsync(text, "issuer_key", SdJwtCodes.IssuerMismatch, _chained);
    }

    [Theory]
    [Trait("Row", "X5-14")]
    [InlineData("*.example", false)]
    [InlineData("issuer.example.", false)]
    [InlineData("issuer.example\0.evil.example", false)]
    [InlineData("evil.example", false)]
    [InlineData("Issuer.example", true)]
    public async Task Verify_wants_exactly_the_host_of_iss_in_the_certificate(string inCertificate, bool accepted)
    {
        var (text, expected) = await NamedAsync(SubjectAlternativeNamesTests.Dns(inCertificate));

        if (accepted) await AcceptAsync(text, expected);
        else await RefuseAsync(text, "issuer_key", SdJwtCodes.IssuerMismatch, expected);
    }

    [Fact]
    [Trait("Row", "X5-14")]
    public async Task Verify_refuses_a_certificate_whose_names_cannot_be_read()
    {
        foreach (var value in SubjectAlternativeNamesTests.Malformed)
        {
            var (text, expected) = await NamedAsync(SubjectAlternativeNamesTests.Raw(value));
            var report = await VerifyAsync(text, expected);
            Assert.False(report.IsAccepted);
            Assert.Contains(report.Checks, c => c is { Id: "issuer_key", Outcome: CheckOutcome.Failed, Code: X509Codes.Malformed or X509Codes.Chain });
        }
    }

    /// <summary>A credential of https://issuer.example, with a certificate that has these names.</summary>
    private static async Task<(string Text, SdJwtExpectations Expected)> NamedAsync(X509Extension names)
    {
        var root = TestPki.Root("Named");
        var leaf = root.Leaf(new TestPki.Options { Extra = names });
        using var key = SoftwareSigningKey.FromPkcs8Pem(leaf.Key.ExportPkcs8PrivateKeyPem());
        var text = await SignedAsync(Header(("x5c", Chain(leaf.Certificate))), Payload(("iss", "https://issuer.example")), key);
        return (text, Expected with { Trust = TrustStore.Create([TrustAnchor.ForCertificate(root.Certificate, TrustPurpose.CredentialIssuer)]) });
    }

    [Fact]
    [Trait("Row", "JOS-25")]
    [Trait("Row", "SVC-10")]
    public async Task An_issuer_with_a_pinned_key_is_verified_with_that_key_whatever_the_header_offers()
    {
        const string Issuer = "https://issuer.example";
        var trust = RootTrust.With(TrustStore.Create([TrustAnchor.ForKey(OtherKey.PublicKey, TrustPurpose.CredentialIssuer, issuer: Issuer)]));
        var expected = Expected with { Trust = trust };
        var payload = Payload(("iss", Issuer));
        var good = await SignedAsync(Header(), payload, OtherKey);
        var report = await VerifyAsync(good, expected);
        Assert.True(report.TryGetVerified(out var verified), Describe(report));
        Assert.Equal(OtherKey.PublicKey, verified.Anchor!.Key);

        await RefuseAsync(await SignedAsync(Header(("x5c", Chain(IssuerCertificate))), payload), "issuer_signature", SdJwtCodes.SignatureInvalid, expected);
        await RefuseAsync(await SignedAsync(Header(("x5c", Chain(IssuerCertificate))), Payload(("iss", "https://third.example")), OtherKey),
            "issuer_signature", SdJwtCodes.SignatureInvalid, expected);
    }

    [Fact]
    [Trait("Row", "TRU-01")]
    [Trait("Row", "SVC-02")]
    public async Task Verify_refuses_an_issuer_that_is_unknown_or_trusted_for_something_else()
    {
        var pinned = await SignedAsync(Header());
        var chained = await SignedAsync(Header(("x5c", Chain(IssuerCertificate))));
        await AcceptAsync(pinned);
        await AcceptAsync(chained, _chained);

        await RefuseAsync(pinned, "issuer_key", TrustCodes.NoAnchors, Expected with { Trust = TrustStore.Empty });
        await RefuseAsync(chained, "issuer_key", TrustCodes.NoAnchors, Expected with { Trust = TrustStore.Empty });
        await RefuseAsync(pinned, "issuer_key", TrustCodes.NoAnchors, Pinned(TrustPurpose.Verifier | TrustPurpose.StatusSigner));
        await RefuseAsync(chained, "issuer_key", TrustCodes.NoAnchors, Rooted(TrustPurpose.Verifier | TrustPurpose.StatusSigner));
        await RefuseAsync(pinned, "issuer_key", TrustCodes.NotForType, Pinned(TrustPurpose.CredentialIssuer, "urn:other"));
        await RefuseOnlyAsync(chained, "issuer_key", TrustCodes.NotForType, Rooted(TrustPurpose.CredentialIssuer, "urn:other"));
        await AcceptAsync(pinned, Pinned(TrustPurpose.CredentialIssuer, "urn:other", Vct));
        await AcceptAsync(chained, Rooted(TrustPurpose.CredentialIssuer, "urn:other", Vct));

        using var stranger = CertificateAuthority.Create("Stranger", "KR", Now);
        var strangersRoot = TrustStore.Create([TrustAnchor.ForCertificate(stranger.Certificate, TrustPurpose.CredentialIssuer)]);
        await RefuseOnlyAsync(chained, "issuer_key", X509Codes.Untrusted, Expected with { Trust = strangersRoot });

        static SdJwtExpectations Pinned(TrustPurpose purpose, params string[] types) => Expected with
        {
            Trust = TrustStore.Create([TrustAnchor.ForKey(IssuerKey.PublicKey, purpose, types.Length == 0 ? null : types)]),
        };
        static SdJwtExpectations Rooted(TrustPurpose purpose, params string[] types) => Expected with
        {
            Trust = TrustStore.Create([TrustAnchor.ForCertificate(Authority.Certificate, purpose, types.Length == 0 ? null : types)]),
        };
    }

    [Fact]
    [Trait("Row", "SVC-02")]
    public async Task A_chain_that_is_trusted_for_another_of_its_types_counts_for_that_one()
    {
        const string General = "urn:example:identity";
        var text = await SignedAsync(Header(("x5c", Chain(IssuerCertificate))), Payload(("aka_vcts", new JsonArray(General))));
        var expected = Expected with
        {
            Types = [Vct, General],
            Trust = TrustStore.Create([TrustAnchor.ForCertificate(Authority.Certificate, TrustPurpose.CredentialIssuer, [General])]),
        };

        var report = await VerifyAsync(text, expected);
        Assert.True(report.TryGetVerified(out var verified), Describe(report));
        Assert.Equal(General, verified.Type);
        await RefuseAsync(text, "issuer_key", TrustCodes.NotForType, expected with { Types = [Vct] });
    }

    [Fact]
    public async Task A_chain_that_is_not_trusted_is_said_before_that_it_names_another_issuer()
    {
        var leaf = Authority.IssueAccessCertificate("Named issuer", IssuerKey, ["issuer.example"], Now);
        var text = await SignedAsync(Header(("x5c", Chain(leaf))), Payload(("iss", "https://other.example")));
        await RefuseOnlyAsync(text, "issuer_key", SdJwtCodes.IssuerMismatch, _chained);

        using var stranger = CertificateAuthority.Create("Stranger", "KR", Now);
        await RefuseOnlyAsync(text, "issuer_key", X509Codes.Untrusted,
            Expected with { Trust = TrustStore.Create([TrustAnchor.ForCertificate(stranger.Certificate, TrustPurpose.CredentialIssuer)]) });
    }

    [Fact]
    [Trait("Row", "MDI-24")]
    public async Task A_revoked_certificate_of_the_issuer_is_asked_for_last()
    {
        byte[]? list = null;
        using var http = FetchExtensions.ToLoopback();
        await using var server = await LocalServer.StartAsync(context => context.Response.Body.WriteAsync(list!).AsTask());
        using var authority = CertificateAuthority.Create("Agency", "KR", Now, new CertificateContacts(RevocationList: new Uri(server.Url, "/crl")));
        using var leaf = authority.IssueDocumentSigner("Signer", IssuerKey, Now);
        var text = await SignedAsync(Header(("x5c", Chain(leaf))));
        SdJwtExpectations Asking() => Expected with
        {
            Trust = TrustStore.Create([TrustAnchor.ForCertificate(authority.Certificate, TrustPurpose.CredentialIssuer)]),
            Revocation = new SignerRevocation(new CrlClient(http), new CrlPolicy()),
        };

        Assert.False((await VerifyAsync(text, Asking() with { Types = ["urn:another"] })).IsAccepted);
        Assert.Empty(server.Requests);
        list = authority.IssueCrl([], 1, Now, Now.AddDays(7));
        await AcceptAsync(text, Asking());
        list = authority.IssueCrl([new RevokedCertificate(leaf.SerialNumberBytes, Now)], 2, Now, Now.AddDays(7));
        await RefuseOnlyAsync(text, "issuer_key", CrlCodes.Revoked, Asking());
    }

    [Fact]
    public async Task A_pinned_key_of_one_issuer_does_not_speak_for_another()
    {
        var expected = Expected with
        {
            Trust = TrustStore.Create([TrustAnchor.ForKey(IssuerKey.PublicKey, TrustPurpose.CredentialIssuer, issuer: "https://issuer.example")]),
        };
        await AcceptAsync(await SignedAsync(Header(), Payload(("iss", "https://issuer.example"))), expected);

        await RefuseAsync(await SignedAsync(Header(), Payload(("iss", "https://other.example"))), "issuer_key", TrustCodes.UnknownIssuer, expected);
        await RefuseAsync(await SignedAsync(Header(), Payload()), "issuer_key", TrustCodes.UnknownIssuer, expected);
    }

    [Fact]
    [Trait("Row", "SDJ-29")]
    public async Task Verify_refuses_an_issuer_jwt_with_any_bit_flipped()
    {
        var text = await SignedAsync(Header(("x5c", Chain(IssuerCertificate))));
        await AcceptAsync(text, _chained);
        var accepted = new List<int>();
        var random = new byte[text.Length];
        RandomNumberGenerator.Fill(random);

        // The tilde at the end is no part of the JWT.
        for (var i = 0; i < text.Length - 1; i++)
        {
            var flipped = text.ToCharArray();
            flipped[i] = (char)(flipped[i] ^ (1 << (random[i] % 7)));
            if ((await VerifyAsync(new string(flipped), _chained)).IsAccepted) accepted.Add(i);
        }

        Assert.Empty(accepted);
    }
}
