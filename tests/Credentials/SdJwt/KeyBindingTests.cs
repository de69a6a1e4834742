using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>The key binding JWT (RFC 9901 §4.3 and §7.3). Each test starts from a presentation that is accepted.</summary>
public class KeyBindingTests
{
    private static readonly string _name = B64("""["salt-1","given_name","Ana"]""");
    private static readonly string _family = B64("""["salt-2","family_name","Kim"]""");

    /// <summary>An SD-JWT whose correctly bound twin has been accepted.</summary>
    private static async Task<string> GoodAsync()
    {
        var text = await SdJwtAsync(Payload(("_sd", Sd(_name, _family))), _name, _family);
        await AcceptAsync(await BindAsync(text), Bound);
        return text;
    }

    [Fact]
    [Trait("Row", "KBJ-01")]
    [Trait("Row", "KBJ-02")]
    public async Task Verify_refuses_a_presentation_whose_key_binding_is_missing_or_cut_off()
    {
        var text = await GoodAsync();
        await RefuseOnlyAsync(text, "kb_signature", SdJwtCodes.BindingMissing, Bound);

        // The request decides: the same text is fine where no binding was asked for, and so is one that has it anyway.
        await AcceptAsync(text);
        await AcceptAsync(await BindAsync(text, claims => claims["nonce"] = "whatever"));
    }

    [Fact]
    public async Task Checks_of_a_key_binding_nobody_asked_for_do_not_apply()
    {
        var report = await VerifyAsync(await GoodAsync());

        Assert.All(report.Checks.Where(check => check.Id.StartsWith("kb_", StringComparison.Ordinal) || check.Id == "holder_key"), check =>
            Assert.Equal((CheckOutcome.NotApplicable, SdJwtCodes.BindingNotRequested), (check.Outcome, check.Code)));
    }

    [Fact]
    [Trait("Row", "KBJ-03")]
    public async Task Verify_refuses_key_binding_for_a_credential_without_a_holder_key()
    {
        await GoodAsync();
        var payload = Payload();
        payload.Remove("cnf");

        await RefuseOnlyAsync(await BindAsync(await SdJwtAsync(payload)), "holder_key", SdJwtCodes.HolderKeyMissing, Bound);
    }

    [Fact]
    [Trait("Row", "KBJ-04")]
    public async Task Verify_refuses_key_binding_by_another_key()
    {
        var text = await GoodAsync();
        await RefuseOnlyAsync(await BindAsync(text, key: OtherKey), "kb_signature", SdJwtCodes.BindingSignatureInvalid, Bound);
        await RefuseOnlyAsync(await BindAsync(text, key: IssuerKey), "kb_signature", SdJwtCodes.BindingSignatureInvalid, Bound);
    }

    [Theory]
    [Trait("Row", "KBJ-05")]
    [InlineData("""{"kid":"did:example:1"}""")]
    [InlineData("""{"jku":"https://keys.example"}""")]
    [InlineData("""{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}""")]
    [InlineData("""{"jwk":HOLDER,"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}""")]
    [InlineData("""{"jwk":HOLDER,"kid":"1"}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"HOLDER\"")]
    [InlineData("[HOLDER]")]
    public async Task Verify_refuses_other_confirmation_methods(string cnf)
    {
        await GoodAsync();
        var holder = StrictJson.ToText(Jwk.Write(HolderKey.PublicKey));
        var filled = cnf == "\"HOLDER\"" ? "\"key\"" : cnf.Replace("HOLDER", holder, StringComparison.Ordinal);
        var text = await BindAsync(await SdJwtAsync(Payload(("cnf", Node(filled)))));

        await RefuseOnlyAsync(text, "holder_key", SdJwtCodes.HolderKeyUnsupported, Bound);
    }

    [Theory]
    [Trait("Row", "JOS-14")]
    [Trait("Row", "JOS-15")]
    [Trait("Row", "JOS-16")]
    [Trait("Row", "JOS-18")]
    [InlineData("d", "\"AAAA\"", JoseCodes.JwkPrivate)]
    [InlineData("k", "\"AAAA\"", JoseCodes.JwkPrivate)]
    [InlineData("kty", "\"oct\"", JoseCodes.JwkNotSupported)]
    [InlineData("kty", "\"RSA\"", JoseCodes.JwkNotSupported)]
    [InlineData("crv", "\"P-224\"", JoseCodes.JwkNotSupported)]
    [InlineData("use", "\"enc\"", JoseCodes.JwkUse)]
    [InlineData("key_ops", "[\"sign\"]", JoseCodes.JwkUse)]
    [InlineData("alg", "\"ES384\"", JoseCodes.JwkUse)]
    [InlineData("x", "\"AAAA\"", KeyCodes.Invalid)]
    [InlineData("y", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"", KeyCodes.Invalid)]
    public async Task Verify_refuses_a_holder_key_that_cannot_be_one(string member, string value, string code)
    {
        await GoodAsync();
        var jwk = Jwk.Write(HolderKey.PublicKey);
        jwk[member] = Node(value);
        var text = await BindAsync(await SdJwtAsync(Payload(("cnf", new JsonObject { ["jwk"] = jwk }))));

        await RefuseOnlyAsync(text, "holder_key", code, Bound);
    }

    [Theory]
    [Trait("Row", "KBJ-06")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    public async Task Verify_accepts_a_holder_key_with_the_required_members_only(string algorithm)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(algorithm)!);
        var text = await SdJwtAsync(Payload(("cnf", new JsonObject { ["jwk"] = Jwk.Write(key.PublicKey) })));

        await AcceptAsync(await BindAsync(text, key: key), Bound);
    }

    [Theory]
    [Trait("Row", "KBJ-07")]
    [Trait("Row", "JOS-21")]
    [InlineData("\"https://other.example\"")]
    [InlineData("\"Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk\"")]
    [InlineData("\"x509_san_dns:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk\"")]
    [InlineData("\"origin:https://verifier.example\"")]
    [InlineData("\"X509_HASH:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk\"")]
    [InlineData("\"x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk/\"")]
    [InlineData("[\"x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk\"]")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Verify_refuses_another_audience(string? audience)
    {
        var text = await GoodAsync();
        await RefuseOnlyAsync(await BindAsync(text, Set("aud", audience)), "kb_audience", SdJwtCodes.BindingAudience, Bound);
    }

    [Theory]
    [Trait("Row", "KBJ-08")]
    [InlineData("\"n-older\"")]
    [InlineData("\"N-0S6_WzA2Mj\"")]
    [InlineData("\"\"")]
    [InlineData("7")]
    [InlineData("[\"n-0S6_WzA2Mj\"]")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Verify_refuses_another_nonce(string? nonce)
    {
        var text = await GoodAsync();
        await RefuseOnlyAsync(await BindAsync(text, Set("nonce", nonce)), "kb_nonce", SdJwtCodes.BindingNonce, Bound);
    }

    [Theory]
    [Trait("Row", "KBJ-09")]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    [InlineData(-31_536_000, false)]
    [InlineData(31_536_000, false)]
    public async Task Verify_wants_the_holder_to_have_signed_just_now(int seconds, bool accepted)
    {
        var text = await BindAsync(await GoodAsync(), claims => claims["iat"] = Now.ToUnixTimeSeconds() + seconds);

        if (accepted) await AcceptAsync(text, Bound);
        else await RefuseOnlyAsync(text, "kb_time", SdJwtCodes.BindingTime, Bound);
    }

    [Theory]
    [Trait("Row", "KBJ-09")]
    [Trait("Row", "JSN-08")]
    [InlineData("iat", null)]
    [InlineData("iat", "\"1793610000\"")]
    [InlineData("iat", "1e400")]
    [InlineData("iat", "1e18")]
    [InlineData("iat", "-1")]
    [InlineData("iat", "null")]
    [InlineData("exp", "1")]
    [InlineData("exp", "\"later\"")]
    [InlineData("nbf", "2000000000")]
    public async Task Verify_refuses_a_key_binding_whose_times_are_missing_or_over(string name, string? value)
    {
        var text = await GoodAsync();
        await RefuseOnlyAsync(await BindAsync(text, Set(name, value)), "kb_time", SdJwtCodes.BindingTime, Bound);
    }

    [Theory]
    [Trait("Row", "KBJ-09")]
    [InlineData("exp", -60, true)]
    [InlineData("exp", -61, false)]
    [InlineData("nbf", 60, true)]
    [InlineData("nbf", 61, false)]
    public async Task Other_times_of_a_key_binding_count_with_a_minute_of_skew(string name, int seconds, bool accepted)
    {
        var text = await BindAsync(await GoodAsync(), claims => claims[name] = Now.ToUnixTimeSeconds() + seconds);

        if (accepted) await AcceptAsync(text, Bound);
        else await RefuseOnlyAsync(text, "kb_time", SdJwtCodes.BindingTime, Bound);
    }

    [Fact]
    [Trait("Row", "KBJ-10")]
    public async Task Verify_refuses_a_hash_of_anything_but_the_presentation()
    {
        var text = await GoodAsync();
        var jwt = text[..text.IndexOf('~', StringComparison.Ordinal)];
        foreach (var hash in new JsonNode?[]
        {
            Digest("other"), Digest(jwt), Digest(jwt + "~"), Digest(text.TrimEnd('~')), DisclosureHash.Sha512.Digest(text),
            Digest(await BindAsync(text)), Digest(text) + "=", Digest(text).ToUpperInvariant(), "", 7, null,
        })
        {
            await RefuseOnlyAsync(await BindAsync(text, claims => claims["sd_hash"] = hash?.DeepClone()), "kb_sd_hash", SdJwtCodes.BindingSdHash, Bound);
        }

        await RefuseOnlyAsync(await BindAsync(text, claims => claims.Remove("sd_hash")), "kb_sd_hash", SdJwtCodes.BindingSdHash, Bound);
    }

    [Fact]
    [Trait("Row", "SDJ-19")]
    public async Task A_hash_by_an_algorithm_that_nobody_knows_is_left_open()
    {
        await GoodAsync();
        var report = await RefuseAsync(await BindAsync(await SdJwtAsync(Payload(("_sd_alg", "md5")))), "digests", SdJwtCodes.HashUnsupported, Bound);
        Assert.Equal("digests", report.Checks.Single(check => check.Id == "kb_sd_hash").BlockedBy);
    }

    [Fact]
    [Trait("Row", "KBJ-11")]
    public async Task Verify_refuses_a_disclosure_removed_added_or_moved_after_signing()
    {
        var jwt = await SignAsync(Payload(("_sd", Sd(_name, _family))));
        var both = Join(jwt, _name, _family);
        var bound = await BindAsync(both);
        await AcceptAsync(bound, Bound);
        var keyBinding = bound[both.Length..];

        await RefuseOnlyAsync(Join(jwt, _name) + keyBinding, "kb_sd_hash", SdJwtCodes.BindingSdHash, Bound);
        await RefuseOnlyAsync(Join(jwt, _family, _name) + keyBinding, "kb_sd_hash", SdJwtCodes.BindingSdHash, Bound);
        var one = Join(jwt, _name);
        var boundToOne = (await BindAsync(one))[one.Length..];
        await RefuseOnlyAsync(both + boundToOne, "kb_sd_hash", SdJwtCodes.BindingSdHash, Bound);
    }

    [Fact]
    [Trait("Row", "KBJ-12")]
    public async Task Verify_refuses_the_key_binding_of_another_credential_of_the_same_holder()
    {
        var first = await GoodAsync();
        var second = await SdJwtAsync(Payload(("given_name", "Eva")));
        await AcceptAsync(await BindAsync(second), Bound);

        await RefuseOnlyAsync(second + (await BindAsync(first))[first.Length..], "kb_sd_hash", SdJwtCodes.BindingSdHash, Bound);
    }

    [Theory]
    [Trait("Row", "KBJ-13")]
    [Trait("Row", "JOS-11")]
    [InlineData(null)]
    [InlineData("JWT")]
    [InlineData("jwt")]
    [InlineData("KB+JWT")]
    [InlineData("dc+sd-jwt")]
    [InlineData("openid4vci-proof+jwt")]
    [InlineData("application/kb+jwt")]
    public async Task Verify_refuses_a_key_binding_of_another_type(string? typ)
    {
        var text = await GoodAsync();
        await RefuseOnlyAsync(await BindAsync(text, typ: typ), "kb_signature", SdJwtCodes.BindingType, Bound);
    }

    [Fact]
    [Trait("Row", "KBJ-13")]
    [Trait("Row", "JOS-01")]
    [Trait("Row", "JOS-02")]
    [Trait("Row", "JOS-08")]
    public async Task Verify_refuses_a_key_binding_without_a_real_signature()
    {
        var text = await GoodAsync();
        var header = new JsonObject { ["typ"] = "kb+jwt" };
        var mac = Hs256(header, KeyBindingClaims(text), StrictJson.ToUtf8(Jwk.Write(HolderKey.PublicKey)));
        await RefuseAsync(text + mac, "kb_signature", JoseCodes.JwsAlgorithm, Bound);

        var none = B64("""{"typ":"kb+jwt","alg":"none"}""") + "." + StrictBase64Url.Encode(StrictJson.ToUtf8(KeyBindingClaims(text)));
        await RefuseAsync(text + none + ".AAAA", "kb_signature", JoseCodes.JwsAlgorithm, Bound);
        await RefuseAsync(text + none + ".", "kb_signature", JoseCodes.JwsMalformed, Bound);

        var critical = await Jws.SignAsync(new JsonObject { ["typ"] = "kb+jwt", ["crit"] = new JsonArray("x"), ["x"] = 1 }, KeyBindingClaims(text), HolderKey, TestContext.Current.CancellationToken);
        await RefuseAsync(text + critical, "kb_signature", JoseCodes.JwsCritical, Bound);
    }

    [Fact]
    [Trait("Row", "JOS-05")]
    public async Task Verify_never_takes_the_holders_key_from_the_header()
    {
        var text = await GoodAsync();
        var header = new JsonObject { ["typ"] = "kb+jwt", ["jwk"] = Jwk.Write(OtherKey.PublicKey) };
        var keyBinding = await Jws.SignAsync(header, KeyBindingClaims(text), OtherKey, TestContext.Current.CancellationToken);

        await RefuseOnlyAsync(text + keyBinding, "kb_signature", SdJwtCodes.BindingSignatureInvalid, Bound);
    }

    [Fact]
    [Trait("Row", "KBJ-14")]
    public async Task Verify_wants_the_hashes_of_exactly_the_transaction_data_of_the_request()
    {
        const string First = "eyJ0eXBlIjoiYSJ9", Second = "eyJ0eXBlIjoiYiJ9";
        var text = await GoodAsync();
        var one = With(new ExpectedTransactionData(First));
        var two = With(new ExpectedTransactionData(First), new ExpectedTransactionData(Second));
        var strong = With(new ExpectedTransactionData(First, ["sha-512", "sha-384"]));
        var mixed = With(new ExpectedTransactionData(First, ["sha-384"]), new ExpectedTransactionData(Second));
        var common = With(new ExpectedTransactionData(First, ["sha-384"]), new ExpectedTransactionData(Second, ["sha-512", "sha-384"]));
        var hash = Digest(First);
        string[] strongHashes = [DisclosureHash.Sha384.Digest(First), DisclosureHash.Sha384.Digest(Second)];

        await AcceptAsync(await BindAsync(text, Hashes(null, hash)), one);
        await AcceptAsync(await BindAsync(text, Hashes("sha-256", hash)), one);
        await AcceptAsync(await BindAsync(text, Hashes(null, Digest(Second), hash)), two);
        await AcceptAsync(await BindAsync(text, Hashes("sha-384", DisclosureHash.Sha384.Digest(First))), strong);
        await AcceptAsync(await BindAsync(text, Hashes("sha-384", strongHashes)), common);

        await RefuseMismatchAsync(_ => { }, one);
        await RefuseMismatchAsync(Hashes(null), one);
        await RefuseMismatchAsync(Hashes(null, Digest(Second)), one);
        await RefuseMismatchAsync(Hashes(null, hash, Digest(Second)), one);
        await RefuseMismatchAsync(Hashes(null, hash, hash), one);
        await RefuseMismatchAsync(Hashes(null, hash), two);
        await RefuseMismatchAsync(Hashes("sha-512", DisclosureHash.Sha512.Digest(First)), one);
        await RefuseMismatchAsync(Hashes(null, hash), strong);
        await RefuseMismatchAsync(Hashes("sha-256", hash), strong);
        await RefuseMismatchAsync(Hashes(null, DisclosureHash.Sha512.Digest(First)), strong);
        await RefuseMismatchAsync(Hashes("md5", hash), one);
        // One algorithm has to do for all of them.
        await RefuseMismatchAsync(Hashes("sha-384", strongHashes), mixed);
        await RefuseMismatchAsync(Hashes(null, hash, Digest(Second)), mixed);
        await RefuseMismatchAsync(Hashes("sha-512", DisclosureHash.Sha512.Digest(First), DisclosureHash.Sha512.Digest(Second)), common);
        await RefuseMismatchAsync(claims => claims["transaction_data_hashes"] = hash, one);
        await RefuseMismatchAsync(Hashes(null, hash), Bound);

        async Task RefuseMismatchAsync(Action<JsonObject> change, SdJwtExpectations expected) =>
            await RefuseOnlyAsync(await BindAsync(text, change), "transaction_data", SdJwtCodes.TransactionDataMismatch, expected);

        static SdJwtExpectations With(params ExpectedTransactionData[] data) =>
            Bound with { KeyBinding = Bound.KeyBinding with { TransactionData = data } };

        static Action<JsonObject> Hashes(string? algorithm, params string[] hashes) => claims =>
        {
            claims["transaction_data_hashes"] = new JsonArray([.. hashes.Select(h => (JsonNode)h)]);
            if (algorithm is not null) claims["transaction_data_hashes_alg"] = algorithm;
        };
    }

    private static Action<JsonObject> Set(string name, string? value) => claims =>
    {
        if (value is null) claims.Remove(name);
        else claims[name] = Node(value);
    };
}
