using System.Text;
using System.Text.Json.Nodes;
using Credentials.Http;
using Credentials.SdJwt;
using Credentials.SdJwt.TypeMetadata;
using Credentials.StatusLists;
using Credentials.Trust;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>Type, time, audience, status and query of an SD-JWT VC.</summary>
public class CredentialRulesTests
{
    [Theory]
    [Trait("Row", "SVC-01")]
    [InlineData("urn:example:licence:2", SdJwtCodes.TypeNotExpected)]
    [InlineData("urn:example:Licence:1", SdJwtCodes.TypeNotExpected)]
    [InlineData("", SdJwtCodes.TypeMalformed)]
    [InlineData(null, SdJwtCodes.TypeMissing)]
    public async Task Verify_refuses_a_type_that_is_missing_or_was_not_asked_for(string? vct, string code)
    {
        var expected = Expected with { Types = [Vct] };
        await AcceptAsync(await SdJwtAsync(Payload()), expected);
        var payload = Payload();
        payload.Remove("vct");
        if (vct is not null) payload["vct"] = vct;

        await RefuseOnlyAsync(await SdJwtAsync(payload), "type", code, expected);
    }

    [Fact]
    [Trait("Row", "SVC-01")]
    [Trait("Row", "SDJ-24")]
    public async Task Verify_refuses_a_type_that_is_disclosed()
    {
        var type = B64($"""["salt-1","vct","{Vct}"]""");
        var payload = Payload(("_sd", Sd(type)));
        payload.Remove("vct");
        var report = await RefuseAsync(await SdJwtAsync(payload, type), "type", SdJwtCodes.TypeMissing);

        Assert.Equal(SdJwtCodes.ProtectedClaimDisclosed, report.Checks.Single(check => check.Id == "disclosures").Code);
    }

    [Fact]
    [Trait("Row", "SVC-01")]
    [Trait("Row", "SVC-02")]
    public async Task Another_type_counts_only_if_it_was_asked_for_and_the_issuer_is_trusted_for_it()
    {
        const string General = "urn:example:identity";
        var text = await SdJwtAsync(Payload(("aka_vcts", new JsonArray(General))));
        Assert.True((await VerifyAsync(text, Expected with { Types = [General] })).TryGetVerified(out var verified));
        Assert.Equal(General, verified.Type);
        await RefuseAsync(text, "type", SdJwtCodes.TypeNotExpected, Expected with { Types = ["urn:example:other"] });

        var onlyItsOwn = TrustStore.Create([TrustAnchor.ForKey(IssuerKey.PublicKey, TrustPurpose.CredentialIssuer, [Vct])]);
        await AcceptAsync(text, Expected with { Types = [Vct], Trust = onlyItsOwn });
        await RefuseAsync(text, "issuer_key", TrustCodes.NotForType, Expected with { Types = [General], Trust = onlyItsOwn });
    }

    [Theory]
    [Trait("Row", "SVC-01")]
    [InlineData("[]")]
    [InlineData("\"urn:example:identity\"")]
    [InlineData("[1]")]
    [InlineData("[\"urn:example:licence:1\"]")]
    public async Task Verify_refuses_malformed_other_types(string others)
    {
        await AcceptAsync(await SdJwtAsync(Payload(("aka_vcts", new JsonArray("urn:example:identity")))));
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("aka_vcts", Node(others)))), "type", SdJwtCodes.TypeMalformed);
    }

    [Theory]
    [Trait("Row", "JOS-20")]
    [InlineData("exp", -59, null)]
    [InlineData("exp", -60, null)]
    [InlineData("exp", -61, SdJwtCodes.Expired)]
    [InlineData("nbf", 59, null)]
    [InlineData("nbf", 60, null)]
    [InlineData("nbf", 61, SdJwtCodes.NotYetValid)]
    [InlineData("iat", 60, null)]
    [InlineData("iat", 61, SdJwtCodes.IssuedInFuture)]
    public async Task Times_count_with_a_minute_of_skew(string name, int seconds, string? code)
    {
        var text = await SdJwtAsync(Payload((name, Now.ToUnixTimeSeconds() + seconds)));

        if (code is null) await AcceptAsync(text);
        else await RefuseOnlyAsync(text, "validity", code);
    }

    [Theory]
    [Trait("Row", "JSN-08")]
    [InlineData("1e400")]
    [InlineData("1e18")]
    [InlineData("-1")]
    [InlineData("\"1893456000\"")]
    [InlineData("null")]
    public async Task Verify_refuses_times_that_are_none(string value)
    {
        await AcceptAsync(await SdJwtAsync(Payload(("exp", Node("1893456000.5")))));
        foreach (var name in new[] { "exp", "nbf", "iat" })
            await RefuseOnlyAsync(await SdJwtAsync(Payload((name, Node(value)))), "validity", SdJwtCodes.TimeMalformed);
    }

    [Fact]
    public async Task A_credential_for_another_audience_is_refused()
    {
        await AcceptAsync(await BindAsync(await SdJwtAsync(Payload(("aud", new JsonArray("x", Audience))))), Bound);
        await AcceptAsync(await BindAsync(await SdJwtAsync(Payload(("aud", new JsonArray(1, Audience))))), Bound);
        foreach (var other in new JsonNode[] { "x", new JsonArray("x"), new JsonArray(1, "x"), 7 })
            await RefuseOnlyAsync(await BindAsync(await SdJwtAsync(Payload(("aud", other)))), "validity", SdJwtCodes.AudienceMismatch, Bound);
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("aud", Audience))), "validity", SdJwtCodes.AudienceMismatch);
    }

    [Theory]
    [Trait("Row", "SVC-12")]
    [InlineData("null", CheckOutcome.Failed)]
    [InlineData("{}", CheckOutcome.Failed)]
    [InlineData("""{"status_list":{"idx":1}}""", CheckOutcome.Failed)]
    [InlineData("""{"status_list":{"uri":"https://status.example/1"}}""", CheckOutcome.Failed)]
    [InlineData("""{"something_new":{"a":1}}""", CheckOutcome.Indeterminate)]
    public async Task A_status_that_cannot_be_used_never_counts_as_none(string status, CheckOutcome outcome)
    {
        await AcceptAsync(await SdJwtAsync(Payload()));
        var report = await VerifyAsync(await SdJwtAsync(Payload(("status", Node(status)))));

        Assert.False(report.IsAccepted);
        Assert.Equal(outcome, report.Checks.Single(check => check.Id == "status").Outcome);
    }

    [Fact]
    [Trait("Row", "TSL-19")]
    public async Task No_status_is_asked_for_about_a_credential_that_is_not_valid()
    {
        var asked = 0;
        using var server = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        server.Start();
        var accepting = CountAsync();
        var port = ((System.Net.IPEndPoint)server.LocalEndpoint).Port;
        var status = new StatusReference($"http://127.0.0.1:{port}/list", 1).ToJson();
        using var http = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true });
        var expected = Bound with { Status = new StatusPolicy(StatusMode.Online), StatusClient = new StatusListClient(http) };
        var good = await SdJwtAsync(Payload(("status", status)));

        foreach (var text in new[]
        {
            await BindAsync(Join(await SignAsync(Payload(("status", status.DeepClone())), key: OtherKey))),
            await BindAsync(await SdJwtAsync(Payload(("status", status.DeepClone()), ("exp", 1)))),
            await BindAsync(await SdJwtAsync(Payload(("status", status.DeepClone())), B64("""["salt","stray",1]"""))),
            await BindAsync(good, key: OtherKey),
            await BindAsync(good, claims => claims["nonce"] = "another"),
        })
        {
            var report = await VerifyAsync(text, expected);
            Assert.NotNull(report.Checks.Single(check => check.Id == "status").BlockedBy);
        }

        Assert.Equal(0, Volatile.Read(ref asked));

        // The good twin is asked about; nothing useful answers, so its status stays open.
        var open = await VerifyAsync(await BindAsync(good), expected);
        Assert.Equal(CheckOutcome.Indeterminate, open.Checks.Single(check => check.Id == "status").Outcome);
        Assert.True(Volatile.Read(ref asked) > 0);
        server.Stop();
        await accepting;

        async Task CountAsync()
        {
            try
            {
                while (true)
                {
                    using var connection = await server.AcceptTcpClientAsync();
                    Interlocked.Increment(ref asked);
                }
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                // The listener was stopped.
            }
        }
    }

    [Fact]
    public async Task The_query_sees_the_processed_claims_and_decides()
    {
        var text = await IssueAsync();
        await AcceptAsync(text, Expected with { Query = claims => claims.TryGetProperty("given_name", out _) ? null : "dcql.claim_missing" });
        await RefuseOnlyAsync(text, "query", "dcql.claim_missing", Expected with { Query = _ => "dcql.claim_missing" });

        // It never sees claims that were not put together as they should be.
        var stray = await VerifyAsync(text + B64("""["salt-9","admin",true]""") + "~", Expected with { Query = _ => throw new InvalidOperationException() });
        Assert.Equal("disclosures", stray.Checks.Single(check => check.Id == "query").BlockedBy);
    }

    [Fact]
    public async Task A_plain_SD_JWT_needs_no_type()
    {
        var payload = Payload();
        payload.Remove("vct");
        var text = Join(await SignAsync(payload, new JsonObject { ["typ"] = "example+sd-jwt" }));

        var report = await VerifyAsync(text, Expected with { Profile = SdJwtProfile.Plain("example+sd-jwt") });
        Assert.True(report.TryGetVerified(out var verified), Describe(report));
        Assert.Equal("", verified.Type);
        await RefuseAsync(text, "type", SdJwtCodes.HeaderType);
    }

    [Fact]
    public async Task What_fails_names_the_rule_that_was_broken()
    {
        var good = await IssueAsync();
        var json = SdJwtCredential.Parse(good).As(SdJwtSerialization.FlattenedJson).ToString();
        var confirming = Bound with { KeyBinding = Bound.KeyBinding with { TransactionData = [new ExpectedTransactionData("eyJhIjoxfQ")] } };
        var described = new TypeMetadataClient([Encoding.UTF8.GetBytes($$"""{"vct":"{{Vct}}","claims":[{"path":["nickname"],"mandatory":true}]}""")], null);
        var withoutHolder = Payload();
        withoutHolder.Remove("cnf");
        (string Check, string Section, string Text, SdJwtExpectations Expected)[] broken =
        [
            ("format", "RFC 9901 §4", "~", Expected),
            ("format", "RFC 9901 §7.2", await BindAsync(good), Expected with { KeyBinding = KeyBindingExpectation.FromIssuer }),
            ("format", "SD-JWT VC §2.2", json, Expected),
            ("issuer_key", "SD-JWT VC §2.5", good, Expected with { Trust = TrustStore.Empty }),
            ("issuer_signature", "RFC 9901 §7.1", await IssueAsync(key: OtherKey), Expected),
            ("validity", "RFC 9901 §7.1", good, Expected with { Now = Now.AddYears(1) }),
            ("digests", "RFC 9901 §7.1", await SdJwtAsync(Payload(("_sd", "x"))), Expected),
            ("disclosures", "RFC 9901 §7.1", good + good.Split('~')[1] + "~", Expected),
            ("holder_key", "HAIP 1.0 §6.1", await BindAsync(await SdJwtAsync(withoutHolder)), Bound),
            ("kb_nonce", "RFC 9901 §7.3", await BindAsync(good, claims => claims["nonce"] = "another"), Bound),
            ("transaction_data", "OpenID4VP 1.0 §B.3.3.1", await BindAsync(good), confirming),
            ("type", "SD-JWT VC §5.6", good, Expected with { TypeMetadata = described }),
            ("query", "OpenID4VP 1.0 §6", good, Expected with { Query = _ => "dcql.claim_missing" }),
        ];
        foreach (var (check, section, text, expected) in broken)
            Assert.Equal(section, (await VerifyAsync(text, expected)).Checks.Single(one => one.Id == check && one.Outcome == CheckOutcome.Failed).Section);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    [InlineData(-1, false)]
    public async Task The_clock_skew_is_a_minute_at_most(int seconds, bool allowed)
    {
        SdJwtExpectations With(int skew) => Expected with { ClockSkew = TimeSpan.FromSeconds(skew) };
        if (!allowed)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => With(seconds));
            return;
        }

        await AcceptAsync(await SdJwtAsync(Payload(("exp", Now.ToUnixTimeSeconds() - seconds))), With(seconds));
        await RefuseOnlyAsync(await SdJwtAsync(Payload(("exp", Now.ToUnixTimeSeconds() - seconds - 1))), "validity", SdJwtCodes.Expired, With(seconds));
    }
}
