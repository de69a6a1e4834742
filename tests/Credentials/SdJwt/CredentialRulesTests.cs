using System.Text.Json.Nodes;
using Credentials.Http;
using Credentials.SdJwt;
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
        await AcceptAsync(text, Expected with { Types = [General] });
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
        await RefuseOnlyAsync(await BindAsync(await SdJwtAsync(Payload(("aud", "x")))), "validity", SdJwtCodes.AudienceMismatch, Bound);
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
    }
}
