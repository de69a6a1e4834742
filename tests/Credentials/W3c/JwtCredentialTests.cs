using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

/// <summary>VC-JOSE-COSE §3.1, §4 and §5.1: credentials as JWTs, whose keys belong to their issuer.</summary>
public class JwtCredentialTests
{
    private static async Task<string> SignAsync(JsonObject? payload = null, Action<JsonObject>? header = null, ISigningKey? key = null)
    {
        var complete = new JsonObject { ["typ"] = "vc+jwt", ["cty"] = "vc", ["kid"] = DidKey.VerificationMethodOf(Issuer) };
        header?.Invoke(complete);
        return await Jws.SignAsync(complete, payload ?? Diploma(), key ?? IssuerKey, Ct);
    }

    private static TrustStore Trusting(params TrustAnchor[] anchors) => TrustStore.Create(anchors);

    [Fact]
    public async Task What_is_issued_is_accepted_whole()
    {
        var report = await AcceptAsync(await IssueAsync());

        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal((W3cFormats.Jwt, DiplomaType, Issuer), (verified.Format, verified.Type, verified.Issuer));
        Assert.Equal(new DateTimeOffset(2036, 2, 19, 15, 0, 0, TimeSpan.Zero), verified.ExpiresAt);
        Assert.Equal(2026, verified.Claims.GetProperty("credentialSubject").GetProperty("degree").GetProperty("year").GetInt32());
        Assert.Equal(Issuer, verified.Anchor!.Issuer);
        AssertHas(report, W3cChecks.HolderBinding, CheckOutcome.NotApplicable, SdJwtCodes.BindingNotRequested);
        AssertHas(report, W3cChecks.Status, CheckOutcome.NotApplicable, StatusListCodes.Absent);
        AssertHas(report, W3cChecks.Digests, CheckOutcome.NotApplicable);
        AssertHas(report, W3cChecks.Schema, CheckOutcome.NotApplicable, W3cCodes.SchemaAbsent);
    }

    [Fact]
    public async Task An_issuer_does_not_sign_what_breaks_the_data_model()
    {
        Assert.Equal(W3cCodes.Subject, (await Assert.ThrowsAsync<MalformedDataException>(() => IssueAsync(Diploma(d => d.Remove("credentialSubject"))))).Code);
        Assert.Equal(W3cCodes.Version, (await Assert.ThrowsAsync<MalformedDataException>(() => IssueAsync(DiplomaV1()))).Code);
        foreach (var claim in new[] { "iss", "iat", "exp", "nbf", "vc", "vp", "cnf" })
            await Assert.ThrowsAsync<ArgumentException>(() => IssueAsync(Diploma(d => d[claim] = "x")));
        var large = Diploma(d => d["credentialSubject"]!["photo"] = new string('x', 256 * 1024));
        Assert.Equal(W3cCodes.TooLarge, (await Assert.ThrowsAsync<MalformedDataException>(() => IssueAsync(large))).Code);
    }

    [Fact]
    public async Task A_signature_of_another_key_is_refused()
    {
        await RefuseOnlyAsync(await SignAsync(key: OtherKey), W3cChecks.IssuerSignature, W3cCodes.SignatureInvalid);
        await AcceptAsync(await SignAsync());
    }

    [Theory]
    [InlineData("bad+typ", W3cCodes.MediaType)]
    [InlineData("JWT", W3cCodes.MediaType)]
    [InlineData("vp+jwt", W3cCodes.MediaType)]
    [InlineData("VC+JWT", W3cCodes.MediaType)]
    [InlineData("vc+ld+jwt", W3cCodes.MediaType)]
    [InlineData("vc+sd-jwt", W3cCodes.MediaType)]
    [InlineData(null, W3cCodes.MediaType)]
    [InlineData("vc+jwt", null)]
    public async Task The_type_of_the_JWT_is_that_of_a_credential(string? type, string? code)
    {
        var jwt = await SignAsync(header: h =>
        {
            if (type is null) h.Remove("typ");
            else h["typ"] = type;
        });
        if (code is null) await AcceptAsync(jwt);
        else await RefuseOnlyAsync(jwt, W3cChecks.Format, code);
    }

    [Theory]
    [InlineData("bad+cty", W3cCodes.MediaType)]
    [InlineData("vp", W3cCodes.MediaType)]
    [InlineData("application/vc", null)]
    [InlineData("vc", null)]
    [InlineData(null, null)]
    public async Task The_content_type_is_that_of_a_credential_if_there_is_one(string? type, string? code)
    {
        var jwt = await SignAsync(header: h =>
        {
            if (type is null) h.Remove("cty");
            else h["cty"] = type;
        });
        if (code is null) await AcceptAsync(jwt);
        else await RefuseOnlyAsync(jwt, W3cChecks.Format, code);
    }

    [Theory]
    [InlineData("vc")]
    [InlineData("vp")]
    public async Task The_claims_vc_and_vp_have_no_place_in_a_JWT_of_data_model_2(string claim) =>
        await RefuseOnlyAsync(await SignAsync(Diploma(d => d[claim] = "oops")), W3cChecks.Format, W3cCodes.JwtClaim);

    [Fact]
    public async Task A_document_that_breaks_the_data_model_is_refused_though_it_is_signed()
    {
        await RefuseOnlyAsync(await SignAsync(Diploma(d => d["type"] = DiplomaType)), W3cChecks.DataModel, W3cCodes.Type);
        await RefuseOnlyAsync(await SignAsync(DiplomaV1()), W3cChecks.DataModel, W3cCodes.Version, Expected with { AcceptsDataModelV1 = true });
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a credential")]
    [InlineData("a.b.c")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\u00e9.\u00e9.\u00e9")]
    public async Task What_is_no_credential_at_all_is_refused(string text)
    {
        var report = await W3cVerifier.VerifyCredentialAsync(text, Expected, Ct);
        Assert.False(report.IsAccepted);
        Assert.Equal(CheckOutcome.Failed, report.Checks[0].Outcome);
        Assert.All(report.Checks.Skip(1), check => Assert.Equal(W3cChecks.Format, check.BlockedBy));
    }

    [Theory]
    [Trait("Row", "LDP-14")]
    [InlineData("null", W3cChecks.DataModel, W3cCodes.Proof)]
    [InlineData("[]", W3cChecks.DataModel, W3cCodes.Proof)]
    [InlineData(null, W3cChecks.Format, W3cCodes.NotSecured)]
    public async Task A_document_that_nothing_secures_is_refused(string? proof, string check, string code)
    {
        var document = Diploma(d =>
        {
            if (proof is not null) d["proof"] = StrictJson.ToNode(StrictJson.Parse(proof));
            // A proof of something inside is none of the whole.
            d["credentialSubject"]!["proof"] = new JsonObject { ["type"] = "DataIntegrityProof" };
        });
        await RefuseOnlyAsync(document.ToJsonString(), check, code);
        await RefuseOnlyAsync(await Jws.SignAsync([], StrictJson.ToUtf8(document), IssuerKey, Ct), W3cChecks.Format, W3cCodes.MediaType);
    }

    [Fact]
    public async Task An_envelope_is_opened_once()
    {
        static string Envelope(string url, string type = "EnvelopedVerifiableCredential") => new JsonObject
        {
            ["@context"] = "https://www.w3.org/ns/credentials/v2",
            ["type"] = type,
            ["id"] = url,
        }.ToJsonString();
        var jwt = await IssueAsync();
        await AcceptAsync(Envelope($"data:application/vc+jwt,{jwt}"));
        await AcceptAsync(Envelope($"data:application/jwt,{jwt}"));
        await RefuseOnlyAsync(Envelope($"data:application/vc+sd-jwt,{jwt}"), W3cChecks.Format, W3cCodes.Enveloped);
        await RefuseOnlyAsync(Envelope($"data:application/vp+jwt,{jwt}"), W3cChecks.Format, W3cCodes.Enveloped);
        var inner = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Envelope($"data:application/vc+jwt,{jwt}")));
        await RefuseOnlyAsync(Envelope($"data:application/vc;base64,{inner}"), W3cChecks.Format, W3cCodes.Enveloped);
        await RefuseOnlyAsync(Envelope($"data:application/vc+jwt,{jwt}", "EnvelopedVerifiablePresentation"), W3cChecks.Format, W3cCodes.NotSecured);
    }

    [Theory]
    [InlineData("validFrom", "2026-11-02T09:01:00Z", null)] // clocks may be a minute apart
    [InlineData("validFrom", "2026-11-02T09:01:01Z", W3cCodes.NotYetValid)]
    [InlineData("validUntil", "2026-11-02T08:59:00Z", null)]
    [InlineData("validUntil", "2026-11-02T08:58:59Z", W3cCodes.Expired)]
    [InlineData("validUntil", "99999-01-01T00:00:00Z", null)]
    [InlineData("validFrom", "99999-01-01T00:00:00Z", W3cCodes.NotYetValid, "validUntil")]
    [InlineData("validFrom", "-0500-01-01T00:00:00Z", null)]
    public async Task Validity_is_checked_now(string name, string time, string? code, string? without = null)
    {
        var jwt = await SignAsync(Diploma(d =>
        {
            d[name] = time;
            if (without is not null) d.Remove(without);
        }));
        if (code is null) await AcceptAsync(jwt);
        else await RefuseOnlyAsync(jwt, W3cChecks.Validity, code);
    }

    [Theory]
    [InlineData("iat", 60, null)]
    [InlineData("iat", 61, W3cCodes.SignedInFuture)]
    [InlineData("nbf", 61, W3cCodes.NotYetValid)]
    [InlineData("exp", -60, null)]
    [InlineData("exp", -61, W3cCodes.SignatureExpired)]
    public async Task The_times_of_the_signature_are_checked_too(string claim, int seconds, string? code)
    {
        var jwt = await SignAsync(Diploma(d => d[claim] = Now.AddSeconds(seconds).ToUnixTimeSeconds()));
        if (code is null) await AcceptAsync(jwt);
        else await RefuseOnlyAsync(jwt, W3cChecks.Validity, code);
        await RefuseOnlyAsync(await SignAsync(Diploma(d => d[claim] = "2010-01-01T19:23:24Z")), W3cChecks.Validity, W3cCodes.TimeMalformed);
    }

    [Fact]
    public async Task Types_and_contexts_are_those_that_were_asked_for()
    {
        var jwt = await IssueAsync();
        await AcceptAsync(jwt, Expected with { Types = ["Other", DiplomaType] });
        await RefuseOnlyAsync(jwt, W3cChecks.Type, W3cCodes.TypeNotExpected, Expected with { Types = ["Other"] });
        await RefuseOnlyAsync(jwt, W3cChecks.Type, W3cCodes.TypeNotExpected, Expected with { Types = [] });

        string[] known = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"];
        await AcceptAsync(jwt, Expected with { Contexts = known });
        await RefuseOnlyAsync(jwt, W3cChecks.Type, W3cCodes.ContextNotExpected, Expected with { Contexts = known[..1] });
        var inline = await IssueAsync(Diploma(d => d["@context"]!.AsArray().Add(new JsonObject { ["degree"] = "https://evil.example/#mark" })));
        await RefuseOnlyAsync(inline, W3cChecks.Type, W3cCodes.ContextNotExpected, Expected with { Contexts = known });
    }

    [Fact]
    public async Task A_schema_is_checked_where_the_verifier_can()
    {
        var jwt = await IssueAsync(Diploma(d => d["credentialSchema"] = new JsonObject { ["id"] = "https://agency.example/degree.json", ["type"] = "JsonSchema" }));
        AssertHas(await AcceptAsync(jwt), W3cChecks.Schema, CheckOutcome.NotApplicable, W3cCodes.SchemaNotChecked);
        string? Check(System.Text.Json.JsonElement schema, System.Text.Json.JsonElement credential) =>
            schema.GetProperty("id").GetString() == "https://agency.example/degree.json" && credential.GetProperty("credentialSubject").TryGetProperty("degree", out _)
                ? null
                : "test.schema";
        AssertHas(await AcceptAsync(jwt, Expected with { Schema = Check }), W3cChecks.Schema, CheckOutcome.Passed);
        await RefuseOnlyAsync(jwt, W3cChecks.Schema, "test.schema", Expected with { Schema = (_, _) => "test.schema" });
    }

    [Fact]
    public async Task A_query_is_asked_last()
    {
        var jwt = await IssueAsync();
        AssertHas(await AcceptAsync(jwt, Expected with { Query = claims => claims.TryGetProperty("credentialSubject", out _) ? null : "x.y" }), W3cChecks.Query, CheckOutcome.Passed);
        await RefuseOnlyAsync(jwt, W3cChecks.Query, "dcql.claim_missing", Expected with { Query = _ => "dcql.claim_missing" });
    }

    [Fact]
    [Trait("Row", "DID-09")]
    public async Task Nobody_is_trusted_unless_named()
    {
        var jwt = await IssueAsync();
        await RefuseOnlyAsync(jwt, W3cChecks.IssuerKey, TrustCodes.NoAnchors, Expected with { Trust = TrustStore.Empty });
        var others = Trusting(TrustAnchor.ForControlledIdentifier(Stranger, TrustPurpose.CredentialIssuer));
        await RefuseOnlyAsync(jwt, W3cChecks.IssuerKey, TrustCodes.UnknownIssuer, Expected with { Trust = others });
        var verifierOnly = Trusting(TrustAnchor.ForControlledIdentifier(Issuer, TrustPurpose.Verifier));
        await RefuseOnlyAsync(jwt, W3cChecks.IssuerKey, TrustCodes.NoAnchors, Expected with { Trust = verifierOnly });
    }

    [Fact]
    public async Task An_issuer_is_trusted_for_its_types()
    {
        var jwt = await IssueAsync(Diploma(d => d["type"]!.AsArray().Add("MayorCredential")));
        W3cExpectations For(params string[] types) => Expected with { Trust = Trusting(TrustAnchor.ForControlledIdentifier(Issuer, TrustPurpose.CredentialIssuer, types)) };

        await AcceptAsync(jwt, For(DiplomaType, "MayorCredential"));
        // Not asked for any type, the credential counts with all that it has.
        await RefuseOnlyAsync(jwt, W3cChecks.IssuerKey, TrustCodes.NotForType, For(DiplomaType));
        await RefuseOnlyAsync(jwt, W3cChecks.IssuerKey, TrustCodes.NotForType, For(DiplomaType) with { Types = ["MayorCredential"] });
        Assert.True((await AcceptAsync(jwt, For(DiplomaType) with { Types = [DiplomaType] })).TryGetVerified(out var verified));
        Assert.Equal(DiplomaType, verified.Type);
    }

    [Fact]
    [Trait("Row", "LDP-08")]
    public async Task A_key_of_another_controller_is_refused()
    {
        // A stranger signs with a key that is really the stranger's, and names it.
        var jwt = await SignAsync(header: h => h["kid"] = DidKey.VerificationMethodOf(Stranger), key: OtherKey);
        await RefuseOnlyAsync(jwt, W3cChecks.IssuerKey, W3cCodes.IssuerMismatch);
        await RefuseOnlyAsync(await SignAsync(header: h => h.Remove("kid")), W3cChecks.IssuerKey, W3cCodes.IssuerKeyMissing);
        await RefuseOnlyAsync(await SignAsync(header: h => h["kid"] = "#other"), W3cChecks.IssuerKey, DidCodes.MethodMissing);
        await AcceptAsync(await SignAsync(header: h => h["kid"] = "#" + Issuer["did:key:".Length..]));
    }

    [Fact]
    public async Task An_issuer_claim_says_the_same_as_the_document()
    {
        await AcceptAsync(await SignAsync(Diploma(d => d["iss"] = Issuer)));
        await AcceptAsync(await SignAsync(Diploma(d => d["issuer"] = new JsonObject { ["id"] = Issuer, ["name"] = "University" }), h => h["iss"] = Issuer));
        await RefuseOnlyAsync(await SignAsync(Diploma(d => d["iss"] = Stranger)), W3cChecks.IssuerKey, W3cCodes.IssuerMismatch);
        await RefuseOnlyAsync(await SignAsync(header: h => h["iss"] = Stranger), W3cChecks.IssuerKey, W3cCodes.IssuerMismatch);
        await RefuseOnlyAsync(await SignAsync(header: h => h["iss"] = 1), W3cChecks.IssuerKey, W3cCodes.IssuerMismatch);
    }

    [Fact]
    public async Task Keys_in_the_header_are_never_used()
    {
        var jwt = await SignAsync(header: h =>
        {
            h["jwk"] = Jwk.Write(OtherKey.PublicKey);
            h["jku"] = "https://evil.example/jwks";
        }, key: OtherKey);
        await RefuseOnlyAsync(jwt, W3cChecks.IssuerSignature, W3cCodes.SignatureInvalid);
    }

    [Fact]
    public async Task A_key_that_the_document_lists_for_something_else_is_refused()
    {
        var document = ControlledIdentifierDocument.Create("did:web:university.example",
        [
            ("sign", IssuerKey.PublicKey, [VerificationRelationship.AssertionMethod]),
            ("login", OtherKey.PublicKey, [VerificationRelationship.Authentication]),
        ]);
        var expected = Expected with
        {
            Identifiers = new DidResolver(DidMethods.None) { AtHand = [document] },
            Trust = Trusting(TrustAnchor.ForControlledIdentifier(document.Id, TrustPurpose.CredentialIssuer)),
        };
        var diploma = Diploma(d => d["issuer"] = document.Id);
        await AcceptAsync(await SignAsync(diploma, h => h["kid"] = document.Id + "#sign"), expected);
        await RefuseOnlyAsync(await SignAsync(diploma, h => h["kid"] = document.Id + "#login", OtherKey), W3cChecks.IssuerKey, DidCodes.Relationship, expected);
    }

    [Theory]
    [InlineData("sign")]
    [InlineData("thumbprint")]
    [InlineData(null)]
    public async Task An_https_issuer_may_name_its_key_by_a_hint(string? kid)
    {
        const string Id = "https://university.example/issuers/1";
        var document = ControlledIdentifierDocument.Create(Id,
        [
            ("other", OtherKey.PublicKey, [VerificationRelationship.AssertionMethod]),
            ("sign", IssuerKey.PublicKey, [VerificationRelationship.AssertionMethod]),
        ]);
        var expected = Expected with
        {
            Identifiers = new DidResolver(DidMethods.None) { AtHand = [document] },
            Trust = Trusting(TrustAnchor.ForControlledIdentifier(Id, TrustPurpose.CredentialIssuer)),
        };
        var diploma = Diploma(d => d["issuer"] = Id);
        void Header(JsonObject header)
        {
            header.Remove("kid");
            if (kid is not null) header["kid"] = kid == "thumbprint" ? Jwk.Thumbprint(IssuerKey.PublicKey) : kid;
        }

        await AcceptAsync(await SignAsync(diploma, Header), expected);
        await RefuseOnlyAsync(await SignAsync(diploma, h => h["kid"] = "unknown"), W3cChecks.IssuerKey, W3cCodes.IssuerKeyMissing, expected);
        // The hint names the other key.
        await RefuseOnlyAsync(await SignAsync(diploma, h => h["kid"] = "other"), W3cChecks.IssuerSignature, W3cCodes.SignatureInvalid, expected);
    }

    [Fact]
    public async Task Without_a_way_to_find_keys_a_trusted_identifier_stays_undecided()
    {
        var jwt = await IssueAsync();
        await RefuseOnlyAsync(jwt, W3cChecks.IssuerKey, W3cCodes.IssuerKeyNotFetched, Expected with { Identifiers = null }, CheckOutcome.Indeterminate);
        var off = Expected with { Identifiers = new DidResolver(DidMethods.Jwk) };
        await RefuseOnlyAsync(jwt, W3cChecks.IssuerKey, DidCodes.MethodNotSupported, off);
    }

    [Fact]
    public async Task A_pinned_key_is_the_only_way_for_the_issuer_that_it_belongs_to()
    {
        var pinned = Expected with { Trust = Trusting(TrustAnchor.ForKey(OtherKey.PublicKey, TrustPurpose.CredentialIssuer, issuer: Issuer)) };
        await AcceptAsync(await SignAsync(key: OtherKey), pinned);
        // The key of the DID itself is not the one that was pinned.
        await RefuseOnlyAsync(await SignAsync(), W3cChecks.IssuerSignature, W3cCodes.SignatureInvalid, pinned);
        await RefuseOnlyAsync(await SignAsync(Diploma(d => d["issuer"] = Stranger), key: OtherKey), W3cChecks.IssuerKey, TrustCodes.UnknownIssuer, pinned);

        var anyIssuer = Expected with { Trust = Trusting(TrustAnchor.ForKey(IssuerKey.PublicKey, TrustPurpose.CredentialIssuer, [DiplomaType])) };
        await AcceptAsync(await SignAsync(), anyIssuer);
        await RefuseOnlyAsync(await SignAsync(Diploma(d => d["type"]!.AsArray().Add("MayorCredential"))), W3cChecks.IssuerKey, TrustCodes.NotForType, anyIssuer);
    }

    [Fact]
    public async Task A_chain_in_the_header_must_name_the_issuer()
    {
        const string Url = "https://university.example/issuers/1";
        using var authority = new NamingAuthority(Now);
        var named = authority.Issue(IssuerKey, dns: "university.example", uri: null);
        var byUri = authority.Issue(IssuerKey, dns: null, uri: Issuer);
        var nameless = authority.Issue(IssuerKey, dns: null, uri: null);
        var expected = Expected with { Trust = Trusting(TrustAnchor.ForCertificate(authority.Root, TrustPurpose.CredentialIssuer, [DiplomaType])) };
        async Task<string> Signed(System.Security.Cryptography.X509Certificates.X509Certificate2 leaf, string issuer) => await W3cIssuer.IssueJwtAsync(
            Content(Diploma(d => d["issuer"] = issuer)) with { KeyId = null, Certificates = [leaf] }, IssuerKey, Ct);

        await AcceptAsync(await Signed(named, Url), expected);
        await AcceptAsync(await Signed(byUri, Issuer), expected);
        await RefuseOnlyAsync(await Signed(named, "https://university.example.evil.example/"), W3cChecks.IssuerKey, W3cCodes.IssuerMismatch, expected);
        await RefuseOnlyAsync(await Signed(named, "did:web:university.example"), W3cChecks.IssuerKey, W3cCodes.IssuerMismatch, expected);
        await RefuseOnlyAsync(await Signed(nameless, Url), W3cChecks.IssuerKey, W3cCodes.IssuerMismatch, expected);
        var notForType = Expected with { Trust = Trusting(TrustAnchor.ForCertificate(authority.Root, TrustPurpose.CredentialIssuer, ["Other"])) };
        await RefuseOnlyAsync(await Signed(named, Url), W3cChecks.IssuerKey, TrustCodes.NotForType, notForType);

        // An issuer that is configured by name cannot be stood in for by a chain.
        var both = Expected with { Trust = expected.Trust.With(Expected.Trust) };
        await RefuseOnlyAsync(await Signed(byUri, Issuer), W3cChecks.IssuerKey, W3cCodes.IssuerKeyMissing, both);
    }

    [Fact]
    public async Task A_credential_has_256_KiB_at_most()
    {
        async Task<string> Sized(int length)
        {
            var empty = await SignAsync(Diploma(d => d["credentialSubject"]!["x"] = ""));
            var jwt = await SignAsync(Diploma(d => d["credentialSubject"]!["x"] = new string('x', (length - empty.Length) * 3 / 4)));
            return jwt;
        }

        var large = await Sized(256 * 1024);
        Assert.InRange(large.Length, 256 * 1024 - 4, 256 * 1024);
        await AcceptAsync(large);
        await RefuseOnlyAsync(await Sized(256 * 1024 + 8), W3cChecks.Format, W3cCodes.TooLarge);
        await RefuseOnlyAsync(large, W3cChecks.Format, W3cCodes.TooLarge, Expected with { Limits = new W3cLimits(MaxCredentialLength: 1000) });
    }
}
