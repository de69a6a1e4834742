using System.Security.Cryptography.X509Certificates;
using Credentials.Http;
using Credentials.Tests.Http;
using Credentials.X509;
using Microsoft.AspNetCore.Http;
using static Credentials.Tests.X509.IacaFactory;

namespace Credentials.Tests.X509;

public sealed class CrlClientTests : IAsyncLifetime
{
    private static readonly CrlPolicy s_online = new();
    private static readonly CrlPolicy s_eachTime = new(CrlMode.Online, TimeSpan.Zero);

    private readonly OutboundHttp _http = FetchExtensions.ToLoopback();
    private readonly TestPki _root = Root();
    private readonly CrlClient _client;
    private LocalServer _server = null!;
    private RequestDelegate _answer = _ => Task.CompletedTask;

    public CrlClientTests() => _client = new CrlClient(_http);

    private string Uri => new Uri(_server.Url, "/iaca.crl").AbsoluteUri;

    private int Fetches => _server.Requests.Count;

    public async ValueTask InitializeAsync() => _server = await LocalServer.StartAsync(context => _answer(context));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private void Publish(TestCrl list) => Publish(list.Encode());

    private void Publish(byte[] der) => _answer = context => context.Response.Body.WriteAsync(der).AsTask();

    private TestCrl Listing(params TestPki[] revoked) => new(_root) { Serials = [.. revoked.Select(r => r.Certificate.SerialNumberBytes.ToArray())] };

    private TestPki NewSigner(params string[] uris) => _root.Leaf(new TestPki.Options
    {
        Extra = uris.Length == 0 ? null : CertificateRevocationListBuilder.BuildCrlDistributionPointExtension(uris, false),
    });

    private Task<CrlResult> CheckAsync(TestPki signer, CrlPolicy? policy = null, DateTimeOffset? now = null, TestPki? anchor = null) =>
        _client.CheckAsync([signer.Certificate], (anchor ?? _root).Certificate, policy ?? s_online, now ?? Now, TestContext.Current.CancellationToken);

    [Fact]
    [Trait("Row", "MDI-24")]
    [Trait("Row", "X5-15")]
    public async Task A_signer_on_the_list_is_revoked_and_another_is_not()
    {
        TestPki revoked = NewSigner(Uri), good = NewSigner(Uri);
        Publish(Listing(revoked));
        Assert.Equal(new CrlResult(CrlOutcome.Revoked, CrlCodes.Revoked), await CheckAsync(revoked));
        Assert.Equal(new CrlResult(CrlOutcome.Valid), await CheckAsync(good));
        Assert.Equal(1, Fetches);
    }

    [Fact]
    [Trait("Row", "MDI-24")]
    public async Task A_root_on_its_own_list_takes_its_signers_along()
    {
        Publish(Listing(_root));
        Assert.Equal(CrlOutcome.Revoked, (await CheckAsync(NewSigner(Uri))).Outcome);
    }

    [Fact]
    [Trait("Row", "MDI-24")]
    public async Task Every_certificate_of_a_chain_is_checked()
    {
        X509Extension point = CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([Uri], false);
        TestPki root = Root(pathLength: null);
        TestPki between = root.Intermediate(usage: X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, extra: point);
        TestPki leaf = between.Leaf(new TestPki.Options { Extra = CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([Uri + "?leaf"], false) });
        async Task<CrlResult> Check(TestCrl ofRoot, TestCrl ofBetween)
        {
            _answer = context => context.Response.Body.WriteAsync((context.Request.QueryString.HasValue ? ofBetween : ofRoot).Encode()).AsTask();
            return await new CrlClient(_http).CheckAsync([leaf.Certificate, between.Certificate], root.Certificate, s_online, Now, TestContext.Current.CancellationToken);
        }
        byte[][] Serial(TestPki of) => [of.Certificate.SerialNumberBytes.ToArray()];
        Assert.Equal(CrlOutcome.Valid, (await Check(new(root), new(between))).Outcome);
        Assert.Equal(CrlOutcome.Revoked, (await Check(new(root) { Serials = Serial(between) }, new(between))).Outcome);
        Assert.Equal(CrlOutcome.Revoked, (await Check(new(root), new(between) { Serials = Serial(leaf) })).Outcome);
        Assert.Equal(CrlOutcome.Valid, (await Check(new(root) { Serials = Serial(leaf) }, new(between))).Outcome); // another authority's number
        Assert.Equal(new CrlResult(CrlOutcome.Unknown, CrlCodes.Issuer), await Check(new(root), new(root)));
    }

    [Fact]
    [Trait("Row", "MDI-24")]
    [Trait("Row", "X5-15")]
    public async Task What_cannot_be_checked_is_unknown_with_its_reason()
    {
        TestPki signer = NewSigner(Uri), stranger = Root("C=KR, CN=Stranger");
        (TestCrl List, string Code)[] lists =
        [
            (Listing() with { NextUpdate = Now.AddSeconds(-1) }, CrlCodes.Expired),
            (Listing() with { SignedBy = stranger }, CrlCodes.SignatureInvalid),
            (new TestCrl(stranger), CrlCodes.Issuer),
            (Listing() with { Extensions = [new("2.5.29.27", true, [2, 1, 1])] }, CrlCodes.NotSupported),
        ];
        foreach ((TestCrl list, string code) in lists)
        {
            Publish(list);
            CrlResult result = await new CrlClient(_http).CheckAsync([signer.Certificate], _root.Certificate, s_online, Now, TestContext.Current.CancellationToken);
            Assert.Equal(new CrlResult(CrlOutcome.Unknown, code), result);
        }
        _answer = LocalServer.Body("gone", "text/plain", 404);
        Assert.Equal(CrlCodes.Unreachable, (await CheckAsync(signer)).Code);
        Publish([1, 2, 3]);
        Assert.Equal(CrlCodes.Malformed, (await CheckAsync(NewSigner(Uri + "?2"))).Code);
    }

    [Fact]
    [Trait("Row", "MDI-24")]
    public async Task A_list_without_end_is_cut_off()
    {
        _answer = async context =>
        {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 1024; i++) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        };
        Assert.Equal(new CrlResult(CrlOutcome.Unknown, CrlCodes.Unreachable), await CheckAsync(NewSigner(Uri)));
    }

    [Fact]
    [Trait("Row", "MDI-24")]
    [Trait("Row", "X5-10")]
    public async Task Only_http_is_asked_and_no_private_address()
    {
        Assert.Equal(new CrlResult(CrlOutcome.NoList, CrlCodes.NotPublished), await CheckAsync(NewSigner()));
        Assert.Equal(CrlCodes.NoDistributionPoint, (await CheckAsync(NewSigner("example.com"))).Code); // as in ISO/IEC 18013-5 Annex D
        Assert.Equal(CrlCodes.SchemeRefused, (await CheckAsync(NewSigner("ldap://crl.example/iaca"))).Code);
        Assert.Equal(CrlCodes.SchemeRefused, (await CheckAsync(NewSigner("ftp://crl.example/iaca.crl"))).Code);
        Assert.Equal(CrlCodes.Unreachable, (await CheckAsync(NewSigner("http://169.254.169.254/latest"))).Code);
        Assert.Equal(CrlCodes.Unreachable, (await CheckAsync(NewSigner("https://169.254.169.254/latest"))).Code);
        Publish(Listing());
        Assert.Equal(CrlOutcome.Valid, (await CheckAsync(NewSigner("ldap://crl.example/iaca", Uri))).Outcome); // the second works
    }

    [Fact]
    [Trait("Row", "MDI-24")]
    public async Task Offline_only_a_copy_at_hand_counts()
    {
        CrlPolicy offline = new(CrlMode.Offline);
        TestPki signer = NewSigner(Uri);
        Publish(Listing(signer));
        Assert.Equal(new CrlResult(CrlOutcome.Unknown, CrlCodes.Unreachable), await CheckAsync(signer, offline));
        Assert.Equal(0, Fetches);
        await CheckAsync(signer);
        Assert.Equal(CrlOutcome.Revoked, (await CheckAsync(signer, offline)).Outcome);
        Assert.Equal(new CrlResult(CrlOutcome.Unknown, CrlCodes.Expired), await CheckAsync(signer, offline, Now.AddDays(8)));
        Assert.Equal(1, Fetches);
    }

    [Fact]
    [Trait("Row", "MDI-24")]
    public async Task A_list_that_cannot_be_had_is_not_hidden_by_one_that_is_not_published()
    {
        TestPki root = Root(pathLength: null);
        X509Extension point = CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([Uri], false);
        TestPki between = root.Intermediate(usage: X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, extra: point);
        TestPki silent = between.Leaf(new TestPki.Options());
        async Task<CrlResult> Check() => await new CrlClient(_http).CheckAsync([silent.Certificate, between.Certificate], root.Certificate, s_online, Now, TestContext.Current.CancellationToken);
        _answer = LocalServer.Body("gone", "text/plain", 404);
        Assert.Equal(new CrlResult(CrlOutcome.Unknown, CrlCodes.Unreachable), await Check());
        Publish(new TestCrl(root));
        Assert.Equal(new CrlResult(CrlOutcome.NoList, CrlCodes.NotPublished), await Check());
    }

    [Fact]
    public async Task A_list_is_kept_until_its_next_update()
    {
        TestPki signer = NewSigner(Uri);
        Publish(Listing());
        Assert.Equal(CrlOutcome.Valid, (await CheckAsync(signer)).Outcome);
        Publish(Listing(signer) with { ThisUpdate = Now, NextUpdate = Now.AddDays(30) });
        Assert.Equal(CrlOutcome.Valid, (await CheckAsync(signer, now: Now.AddDays(7))).Outcome);
        Assert.Equal(1, Fetches);
        Assert.Equal(CrlOutcome.Revoked, (await CheckAsync(signer, now: Now.AddDays(7).AddSeconds(1))).Outcome);
        Assert.Equal(2, Fetches);
    }

    [Fact]
    public async Task A_policy_may_ask_for_a_newer_copy_and_an_older_one_undoes_nothing()
    {
        TestPki signer = NewSigner(Uri);
        TestCrl old = Listing(), young = Listing(signer) with { ThisUpdate = Now };
        Publish(old);
        Assert.Equal(CrlOutcome.Valid, (await CheckAsync(signer, s_eachTime)).Outcome);
        Publish(young);
        Assert.Equal(CrlOutcome.Revoked, (await CheckAsync(signer, s_eachTime)).Outcome);
        Publish(old);
        Assert.Equal(CrlOutcome.Revoked, (await CheckAsync(signer, s_eachTime)).Outcome);
        _answer = LocalServer.Body("", "text/plain", 500);
        Assert.Equal(CrlOutcome.Revoked, (await CheckAsync(signer, s_eachTime)).Outcome);
        Assert.Equal(4, Fetches);
    }

    [Fact]
    public async Task A_failure_is_remembered_for_a_moment()
    {
        TestPki signer = NewSigner(Uri);
        _answer = LocalServer.Body("", "text/plain", 500);
        Assert.Equal(CrlCodes.Unreachable, (await CheckAsync(signer)).Code);
        Publish(Listing());
        Assert.Equal(CrlCodes.Unreachable, (await CheckAsync(signer, now: Now.AddSeconds(29))).Code);
        Assert.Equal(1, Fetches);
        Assert.Equal(CrlOutcome.Valid, (await CheckAsync(signer, now: Now.AddSeconds(30))).Outcome);
    }

    [Fact]
    public async Task Where_the_unknown_passes_nobody_waits_for_a_server_that_hangs_and_what_it_sends_late_is_kept()
    {
        TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        byte[] list = Listing().Encode();
        _answer = async context =>
        {
            await released.Task;
            await context.Response.Body.WriteAsync(list);
        };
        TestPki signer = NewSigner(Uri);
        Assert.Equal(new CrlResult(CrlOutcome.Unknown, CrlCodes.Unreachable), await CheckAsync(signer, s_online with { FailOpen = true }));
        Task<CrlResult> patient = CheckAsync(signer);
        Assert.False(patient.IsCompleted);
        released.SetResult();
        Assert.Equal(CrlOutcome.Valid, (await patient).Outcome);
        Assert.Equal(1, Fetches);
    }

    [Fact]
    public async Task One_url_may_serve_two_authorities_only_if_it_is_theirs()
    {
        TestPki twin = Root();
        Publish(Listing());
        Assert.Equal(CrlOutcome.Valid, (await CheckAsync(NewSigner(Uri))).Outcome);
        Assert.Equal(CrlCodes.SignatureInvalid, (await CheckAsync(NewSigner(Uri), anchor: twin)).Code);
    }

    [Fact]
    public async Task Lists_take_no_more_memory_than_given()
    {
        CrlClient small = new(_http, maxCacheBytes: 5000); // two empty lists
        Publish(Listing());
        foreach (string query in new[] { "?1", "?2", "?3", "?3", "?1" })
            await small.CheckAsync([NewSigner(Uri + query).Certificate], _root.Certificate, s_online, Now, TestContext.Current.CancellationToken);
        Assert.Equal(4, Fetches);
    }

    [Fact]
    public async Task A_policy_says_what_becomes_of_the_unknown()
    {
        CrlPolicy skip = new(CrlMode.Skip), open = s_online with { FailOpen = true };
        CrlResult unknown = await CheckAsync(NewSigner("example.com")), skipped = await CheckAsync(NewSigner(Uri), skip);
        Assert.Equal(CheckOutcome.Indeterminate, s_online.OutcomeOf(unknown));
        Assert.Equal(CheckOutcome.NotApplicable, open.OutcomeOf(unknown));
        Assert.Equal((CheckOutcome.NotApplicable, CrlCodes.NotRequested), (skip.OutcomeOf(skipped), skipped.Code));
        Assert.Equal(0, Fetches);
        foreach (CrlPolicy policy in new[] { s_online, open })
        {
            Assert.Equal(CheckOutcome.Passed, policy.OutcomeOf(new CrlResult(CrlOutcome.Valid)));
            Assert.Equal(CheckOutcome.NotApplicable, policy.OutcomeOf(new CrlResult(CrlOutcome.NoList, CrlCodes.NotPublished)));
            Assert.Equal(CheckOutcome.Failed, policy.OutcomeOf(new CrlResult(CrlOutcome.Revoked, CrlCodes.Revoked)));
        }
    }
}
