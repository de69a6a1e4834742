using System.Text;
using Credentials.Http;
using Credentials.Tests.Shared;
using Credentials.Tests.X509;
using Credentials.X509;
using Microsoft.AspNetCore.Http;
using static Credentials.Tests.X509.IacaFactory;

namespace Credentials.Tests.Http;

/// <summary>Copies on disk: bounded, sealed with the time of their fetch, and never more than an answer from the network.</summary>
public sealed class KeptDocumentsTests : IDisposable
{
    private static readonly byte[] s_key = [.. Enumerable.Range(1, 32).Select(n => (byte)n)];
    private static readonly DateTimeOffset s_now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_copy_comes_back_as_it_was_also_in_another_process_and_under_its_own_url_and_types_only()
    {
        var rule = new FetchRule("application/x", "text/y") { MaxBytes = 1000 };
        Open().Keep(Url(1), rule, Answer("hello", ("ETag", "\"1\""), ("Cache-Control", "max-age=60"), ("Set-Cookie", "x")), s_now);

        var kept = Assert.Single(Open().Find(Url(1), rule));

        Assert.Equal(("hello", "text/y", "\"1\"", s_now), (Text(kept), kept.Document.ContentType, kept.Document.ETag, kept.FetchedAt));
        Assert.Equal(["Cache-Control", "ETag"], kept.Document.Headers.Keys.Order());
        Assert.Empty(Open().Find(Url(2), rule));
        Assert.Empty(Open().Find(Url(1), new FetchRule("application/x")));
    }

    [Fact]
    public void What_was_sealed_with_another_key_or_changed_is_deleted_and_as_good_as_none()
    {
        var rule = FetchRule.Json;
        Open().Keep(Url(1), rule, Answer("hello"), s_now);
        var file = Assert.Single(Directory.GetFiles(_folder.FullPath));
        var content = File.ReadAllBytes(file);
        foreach (var at in new[] { 0, 31, 32, 40, content.Length - 1 })
        {
            var changed = content.ToArray();
            changed[at] ^= 0x20;
            File.WriteAllBytes(file, changed);
            Assert.Empty(Open().Find(Url(1), rule));
            Assert.False(File.Exists(file));
        }
        File.WriteAllBytes(file, content);
        Assert.Single(Open().Find(Url(1), rule));
        Assert.Empty(new KeptDocuments(_folder.FullPath, new byte[32]).Find(Url(1), rule));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void A_change_is_written_at_once_and_a_confirmation_once_a_minute()
    {
        var kept = Open();
        kept.Keep(Url(1), FetchRule.Json, Answer("valid"), s_now);
        kept.Keep(Url(1), FetchRule.Json, Answer("revoked"), s_now.AddSeconds(1));
        kept.Keep(Url(1), FetchRule.Json, Answer("revoked"), s_now.AddSeconds(60));
        Assert.Equal(("revoked", s_now.AddSeconds(1)), Of(Assert.Single(kept.Find(Url(1), FetchRule.Json))));
        kept.Keep(Url(1), FetchRule.Json, Answer("revoked"), s_now.AddSeconds(61));
        Assert.Equal(("revoked", s_now.AddSeconds(61)), Of(Assert.Single(kept.Find(Url(1), FetchRule.Json))));

        static (string, DateTimeOffset) Of(KeptDocument one) => (Text(one), one.FetchedAt);
    }

    [Fact]
    public void Disk_is_bounded_and_what_was_asked_for_longest_ago_makes_room()
    {
        var kept = Open(maxBytes: 10_000);
        for (var i = 0; i < 20; i++)
            kept.Keep(Url(i), FetchRule.Json, Answer(new string('x', 1000)), s_now.AddMinutes(i));

        Assert.True(Directory.GetFiles(_folder.FullPath).Sum(file => new FileInfo(file).Length) <= 10_000);
        Assert.Empty(kept.Find(Url(0), FetchRule.Json));
        Assert.All(Enumerable.Range(14, 6), i => Assert.Single(kept.Find(Url(i), FetchRule.Json)));
        kept.Keep(Url(99), FetchRule.Json, Answer(new string('x', 10_000)), s_now.AddHours(1));
        Assert.Empty(kept.Find(Url(99), FetchRule.Json));
        Assert.Single(kept.Find(Url(19), FetchRule.Json));
    }

    [Fact]
    public void A_folder_that_goes_away_costs_the_copies_and_nothing_else()
    {
        var kept = new KeptDocuments(_folder.Combine("offline"), s_key);
        Directory.Delete(_folder.Combine("offline"));
        kept.Keep(Url(1), FetchRule.Json, Answer("hello"), s_now);
        Assert.Empty(kept.Find(Url(1), FetchRule.Json));
    }

    [Fact]
    public async Task Refreshing_confirms_by_entity_tag_keeps_the_good_copy_beside_a_new_one_and_forgets_what_nobody_asks_for()
    {
        var (body, asked) = ("old", new List<string?>());
        await using var server = await LocalServer.StartAsync(async http =>
        {
            asked.Add(http.Request.Headers.IfNoneMatch);
            http.Response.Headers.ETag = $"\"{body}\"";
            if (http.Request.Headers.IfNoneMatch == $"\"{body}\"")
            {
                http.Response.StatusCode = 304;
                return;
            }
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(body, Ct);
        });
        using var outbound = FetchExtensions.ToLoopback();
        var url = new Uri(server.Url, "/x");
        var kept = Open();
        kept.Keep(url, FetchRule.Json, await outbound.GetAsync(url, FetchRule.Json, cancellationToken: Ct), s_now);

        Assert.Equal((0, 0), await kept.RefreshAsync(outbound, TimeSpan.FromMinutes(10), s_now.AddMinutes(9), Ct));
        Assert.Equal((1, 0), await kept.RefreshAsync(outbound, TimeSpan.FromMinutes(10), s_now.AddMinutes(10), Ct));
        Assert.Equal([("old", s_now.AddMinutes(10))], kept.Find(url, FetchRule.Json).Select(one => (Text(one), one.FetchedAt)));

        body = "new";
        await kept.RefreshAsync(outbound, TimeSpan.FromMinutes(10), s_now.AddMinutes(20), Ct);
        await kept.RefreshAsync(outbound, TimeSpan.FromMinutes(10), s_now.AddMinutes(30), Ct);
        Assert.Equal([("new", s_now.AddMinutes(30)), ("old", s_now.AddMinutes(10))], kept.Find(url, FetchRule.Json).Select(one => (Text(one), one.FetchedAt)));
        Assert.Equal([null, "\"old\"", "\"old\"", "\"new\""], asked);

        await server.DisposeAsync();
        Assert.Equal((0, 1), await kept.RefreshAsync(outbound, TimeSpan.FromMinutes(10), s_now.AddMinutes(40), Ct));
        Assert.Equal(2, kept.Find(url, FetchRule.Json).Count);
        Assert.Equal((0, 0), await kept.RefreshAsync(outbound, TimeSpan.FromMinutes(10), s_now.AddDays(31), Ct));
        Assert.Empty(Directory.GetFiles(_folder.FullPath));
    }

    [Fact]
    public async Task A_revocation_list_from_a_copy_counts_until_its_own_end_with_its_age()
    {
        var root = Root();
        var list = new TestCrl(root).Encode();
        await using var server = await LocalServer.StartAsync(http => http.Response.Body.WriteAsync(list).AsTask());
        var signer = root.Leaf(new TestPki.Options
        {
            Extra = System.Security.Cryptography.X509Certificates.CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([new Uri(server.Url, "/crl").AbsoluteUri], false),
        });
        using var outbound = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true, Kept = Open() });
        Task<CrlResult> CheckAsync(TimeSpan later) =>
            new CrlClient(outbound).CheckAsync([signer.Certificate], root.Certificate, new CrlPolicy(), TestPki.Now + later, Ct);
        Assert.Equal(new CrlResult(CrlOutcome.Valid), await CheckAsync(TimeSpan.Zero));
        await server.DisposeAsync();

        Assert.Equal(new CrlResult(CrlOutcome.Valid, CrlCodes.CopyUsed, TimeSpan.FromDays(6)), await CheckAsync(TimeSpan.FromDays(6)));
        Assert.Equal(new CrlResult(CrlOutcome.Unknown, CrlCodes.Unreachable), await CheckAsync(TimeSpan.FromDays(7.1)));
    }

    private KeptDocuments Open(long maxBytes = 1 << 20) => new(_folder.FullPath, s_key, maxBytes);

    private static Uri Url(int number) => new($"https://issuer.example/{number}");

    private static FetchedDocument Answer(string body, params (string Name, string Value)[] headers) =>
        new(200, "text/y", Encoding.UTF8.GetBytes(body), Url(0), headers.ToDictionary(one => one.Name, one => one.Value, StringComparer.OrdinalIgnoreCase));

    private static string Text(KeptDocument kept) => Encoding.UTF8.GetString(kept.Document.Body.Span);
}
