using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.Trust;
using static Credentials.Tests.OpenId4Vp.PresentationParties;

namespace Credentials.Tests.OpenId4Vp;

/// <summary>Verifiers known by a DID or by an attestation (OpenID4VP 1.0 §5.9.3, §12).</summary>
public sealed class ClientIdentityTests : IDisposable
{
    private const string Attester = "https://attester.example";

    private readonly PresentationParties _parties = new();
    private readonly SoftwareSigningKey _attesterKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public void Dispose()
    {
        _parties.Dispose();
        _attesterKey.Dispose();
    }

    private string JwkDid => DidJwk.Create(_parties.VerifierKey.PublicKey);

    private string KeyDid => DidKey.Create(_parties.VerifierKey.PublicKey);

    private TrustStore AttesterTrust => TrustStore.Create([TrustAnchor.ForKey(_attesterKey.PublicKey, TrustPurpose.Verifier, issuer: Attester)]);

    private static TrustStore Trusting(string did, TrustPurpose purpose = TrustPurpose.Verifier) =>
        TrustStore.Create([TrustAnchor.ForControlledIdentifier(did, purpose)]);

    private static RequestExpectations Expected(TrustStore trust, DidResolver? dids) => new(trust, Now) { Dids = dids };

    private static DidResolver Resolver => new(DidMethods.Key | DidMethods.Jwk);

    private static async Task<VerifiedRequest> VerifyAsync(string text, ClientIdentifier clientId, RequestExpectations expected) =>
        await RequestVerifier.VerifyAsync(text, RequestUri.ByValue(clientId, text), expected, TestContext.Current.CancellationToken);

    private async Task<string> SignAsync(ClientSigner signer, string? address = null)
    {
        var request = _parties.Request() with { ClientId = signer.ClientId };
        if (address is not null) request = request with { ResponseUri = new Uri(address) };
        return await RequestObject.SignAsync(request, signer, Now, TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
    }

    private static async Task AssertRefusedAsync(string code, Func<Task> act, string error = OpenId4VpErrors.InvalidRequest)
    {
        var e = await Assert.ThrowsAsync<ProtocolException>(act);
        Assert.Equal((code, error), (e.Code, e.Error));
    }

    private VerifierAttestation Attestation(string subject = "verifier.example", IReadOnlyList<string>? addresses = null, DateTimeOffset? end = null, PublicKey? key = null) =>
        new(Attester, subject, key ?? _parties.VerifierKey.PublicKey, end ?? Now.AddDays(30), addresses);

    private async Task<ClientSigner> AttestedAsync(VerifierAttestation attestation, ISigningKey? key = null) =>
        ClientSigner.ForAttestation(await attestation.IssueAsync(key ?? _attesterKey, Now, TestContext.Current.CancellationToken), _parties.VerifierKey);

    [Fact]
    public async Task A_verifier_signs_with_the_key_of_its_did()
    {
        foreach (var (did, method) in new[] { (JwkDid, DidJwk.VerificationMethodOf(JwkDid)), (KeyDid, DidKey.VerificationMethodOf(KeyDid)) })
        {
            var signer = ClientSigner.ForDid(did, method, _parties.VerifierKey);
            var verified = await VerifyAsync(await SignAsync(signer), signer.ClientId, Expected(Trusting(did), Resolver));
            Assert.Equal((true, did), (verified.IsTrusted, verified.VerifierName));
            Assert.Equal($"decentralized_identifier:{did}", verified.Binding.Audience);
        }
    }

    [Fact]
    public async Task A_did_web_is_read_from_its_document_and_only_if_it_is_trusted()
    {
        const string did = "did:web:verifier.example";
        var document = ControlledIdentifierDocument.Parse(StrictJson.ToUtf8(new JsonObject
        {
            ["@context"] = new JsonArray("https://www.w3.org/ns/did/v1"),
            ["id"] = did,
            ["verificationMethod"] = new JsonArray(new JsonObject
            {
                ["id"] = $"{did}#1",
                ["type"] = "JsonWebKey",
                ["controller"] = did,
                ["publicKeyJwk"] = Jwk.Write(_parties.VerifierKey.PublicKey),
            }),
            ["assertionMethod"] = new JsonArray($"{did}#1"),
        }), did);
        var signer = ClientSigner.ForDid(did, $"{did}#1", _parties.VerifierKey);
        var text = await SignAsync(signer);
        var resolver = new DidResolver(DidMethods.Key) { AtHand = [document] };

        Assert.True((await VerifyAsync(text, signer.ClientId, Expected(Trusting(did), resolver))).IsTrusted);
        await AssertRefusedAsync(OpenId4VpCodes.VerifierUntrusted, () => VerifyAsync(text, signer.ClientId, Expected(TrustStore.Empty, resolver)), OpenId4VpErrors.InvalidClient);
    }

    [Fact]
    [Trait("Row", "VPW-01")]
    [Trait("Row", "VPW-02")]
    public async Task A_did_of_somebody_else_or_a_key_of_another_document_is_refused()
    {
        using var other = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var otherDid = DidJwk.Create(other.PublicKey);
        var clientId = ClientIdentifier.ForDid(JwkDid);
        var method = DidJwk.VerificationMethodOf(JwkDid);
        var good = await SignAsync(ClientSigner.ForDid(JwkDid, method, _parties.VerifierKey));
        var wrongKey = await SignAsync(ClientSigner.ForDid(JwkDid, method, other));
        var otherMethod = await SignAsync(ClientSigner.ForDid(JwkDid, DidJwk.VerificationMethodOf(otherDid), other));
        var noSuchKey = await SignAsync(ClientSigner.ForDid(JwkDid, JwkDid + "#1", _parties.VerifierKey));
        var byCertificate = await _parties.ForgeAsync(claims => claims["client_id"] = clientId.Full);

        await AssertRefusedAsync(OpenId4VpCodes.RequestSignature, () => VerifyAsync(wrongKey, clientId, Expected(Trusting(JwkDid), Resolver)));
        await AssertRefusedAsync(OpenId4VpCodes.RequestSignature, () => VerifyAsync(otherMethod, clientId, Expected(Trusting(JwkDid), Resolver)));
        await AssertRefusedAsync(OpenId4VpCodes.RequestSignature, () => VerifyAsync(byCertificate, clientId, Expected(Trusting(JwkDid), Resolver)));
        Assert.Equal(DidCodes.MethodMissing, (await Assert.ThrowsAsync<MalformedDataException>(() => VerifyAsync(noSuchKey, clientId, Expected(Trusting(JwkDid), Resolver)))).Code);
        await AssertRefusedAsync(OpenId4VpCodes.ClientIdPrefix, () => VerifyAsync(good, clientId, Expected(Trusting(JwkDid), null)));
        await AssertRefusedAsync(OpenId4VpCodes.ClientIdPrefix, () => VerifyAsync(good, clientId, Expected(Trusting(JwkDid), Resolver) with { Profile = RequestProfile.Haip }));
        await AssertRefusedAsync(OpenId4VpCodes.VerifierUntrusted, () => VerifyAsync(good, clientId, Expected(Trusting(JwkDid, TrustPurpose.CredentialIssuer), Resolver)), OpenId4VpErrors.InvalidClient);
        Assert.Throws<ProtocolException>(() => RequestVerifier.Verify(good, RequestUri.ByValue(clientId, good), Expected(Trusting(JwkDid), Resolver)));
        foreach (var none in new[] { "decentralized_identifier:", "decentralized_identifier:verifier.example", "decentralized_identifier:did:", "did:jwk:abc", "origin:https://verifier.example" })
            Assert.Throws<ProtocolException>(() => ClientIdentifier.Parse(none));
        var unsigned = _parties.Request() with { ClientId = clientId };
        Assert.Throws<ProtocolException>(() => RequestVerifier.VerifyUnsigned(unsigned, Expected(Trusting(JwkDid), Resolver)));
    }

    [Fact]
    public async Task A_verifier_is_known_by_what_a_trusted_party_attests()
    {
        var signer = await AttestedAsync(Attestation(addresses: ["https://verifier.example/response/1"]));
        var text = await SignAsync(signer);
        var verified = RequestVerifier.Verify(text, RequestUri.ByValue(signer.ClientId, text), Expected(AttesterTrust, null));
        Assert.Equal(("verifier.example", "verifier_attestation:verifier.example"), (verified.VerifierName, verified.Request.ClientId.Full));
    }

    [Fact]
    [Trait("Row", "VPW-06")]
    [Trait("Row", "VPW-22")]
    public async Task An_attestation_that_does_not_hold_is_refused()
    {
        using var other = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var attestation = Attestation(addresses: ["https://verifier.example/response/1"]);
        var signer = await AttestedAsync(attestation);
        var good = await SignAsync(signer);
        Task<VerifiedRequest> Check(string text, TrustStore? trust = null) => VerifyAsync(text, signer.ClientId, Expected(trust ?? AttesterTrust, null));

        await Check(good);
        var elsewhere = await SignAsync(signer, "https://verifier.example/response/2");
        await AssertRefusedAsync(OpenId4VpCodes.VerifierAttestation, () => Check(elsewhere));
        var ended = await SignAsync(await AttestedAsync(Attestation(end: Now.AddMinutes(-2))));
        await AssertRefusedAsync(OpenId4VpCodes.VerifierAttestation, () => Check(ended));
        var forged = await SignAsync(await AttestedAsync(attestation, other));
        await AssertRefusedAsync(OpenId4VpCodes.VerifierUntrusted, () => Check(forged), OpenId4VpErrors.InvalidClient);
        // A key that is trusted for another issuer, or for anybody, attests nothing for this one; nor does a verifier's own certificate.
        foreach (var trust in new[]
        {
            TrustStore.Empty, _parties.VerifierTrust, TrustStore.Create([TrustAnchor.ForKey(_attesterKey.PublicKey, TrustPurpose.Verifier)]),
            TrustStore.Create([TrustAnchor.ForKey(_attesterKey.PublicKey, TrustPurpose.Verifier, issuer: "https://other.example")]),
            TrustStore.Create([TrustAnchor.ForKey(_attesterKey.PublicKey, TrustPurpose.CredentialIssuer, issuer: Attester)]),
        })
            await AssertRefusedAsync(OpenId4VpCodes.VerifierUntrusted, () => Check(good, trust), OpenId4VpErrors.InvalidClient);

        // Somebody who copied the attestation has not its key, and cannot be another subject.
        var copied = await _parties.ForgeAsync(
            claims => claims["client_id"] = signer.ClientId.Full,
            header =>
            {
                header.Remove("x5c");
                header["jwt"] = CompactJws.Parse(good).Header.GetProperty("jwt").GetString();
            },
            other);
        await AssertRefusedAsync(OpenId4VpCodes.RequestSignature, () => Check(copied));
        var otherSubject = await AttestedAsync(Attestation("other.example"));
        var asOther = await RequestObject.SignAsync(_parties.Request() with { ClientId = otherSubject.ClientId }, otherSubject, Now, TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await AssertRefusedAsync(OpenId4VpCodes.ClientIdMismatch, () => Check(asOther));
        var none = await _parties.ForgeAsync(claims => claims["client_id"] = signer.ClientId.Full);
        await AssertRefusedAsync(OpenId4VpCodes.VerifierAttestation, () => Check(none));
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("sub")]
    [InlineData("exp")]
    [InlineData("cnf")]
    [InlineData("typ")]
    public async Task An_attestation_without_a_required_part_is_none(string missing)
    {
        var jws = CompactJws.Parse(await Attestation().IssueAsync(_attesterKey, Now, TestContext.Current.CancellationToken));
        var claims = (JsonObject)StrictJson.ToNode(jws.PayloadObject)!;
        claims.Remove(missing);
        var text = await Jws.SignAsync(new JsonObject { ["typ"] = missing == "typ" ? "jwt" : "verifier-attestation+jwt" }, claims, _attesterKey, TestContext.Current.CancellationToken);
        Assert.Throws<MalformedDataException>(() => VerifierAttestation.ParseUnverified(text));
    }
}
