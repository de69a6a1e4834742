using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Credentials.Codecs;
using Credentials.Issuer.Status;
using Credentials.Issuer.Tests.Setup;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;
using FsCheck.Xunit;

namespace Credentials.Issuer.Tests;

public class StatusTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_change_is_served_as_a_token_of_the_same_authority()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await issuer.IssueAsync();
        var row = Assert.Single(await issuer.RegisterAsync());
        foreach (var (name, value) in new[] { ("suspended", StatusTypes.Suspended), ("valid", StatusTypes.Valid), ("revoked", StatusTypes.Invalid) })
        {
            using var change = await issuer.ChangeStatusAsync(row.RequireString("id"), name);
            Assert.Equal(HttpStatusCode.OK, change.StatusCode);
            Assert.Equal(name, (await RunningIssuer.JsonAsync(change)).RequireString("status"));
            var token = await ServedAsync(issuer, row.RequireString("status_list"));
            Assert.Equal(value, token.UnverifiedList[(int)row.RequireIndex("status_index")]);
            Assert.Equal($"{issuer.Url}/status/{row.RequireString("status_list")}", token.Uri);
        }

        var text = await issuer.Http.GetStringAsync($"/status/{row.RequireString("status_list")}", RunningIssuer.Ct);
        var chain = X509.X5c.Parse(Jose.CompactJws.Parse(text).Header.GetProperty("x5c"));
        Assert.True(TrustStore.FromPem(issuer.TrustPem, TrustPurpose.StatusSigner).EvaluateChain(chain, TrustPurpose.StatusSigner, null, DateTimeOffset.UtcNow).IsTrusted);
    }

    [Theory]
    [InlineData("valid")]
    [InlineData("suspended")]
    [Trait("Row", "TSL-26")]
    public async Task A_revocation_is_not_undone(string status)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await issuer.IssueAsync();
        var row = Assert.Single(await issuer.RegisterAsync());
        using var revoke = await issuer.ChangeStatusAsync(row.RequireString("id"), "revoked");
        Assert.Equal(HttpStatusCode.OK, revoke.StatusCode);
        using var undo = await issuer.ChangeStatusAsync(row.RequireString("id"), status);
        Assert.Equal(HttpStatusCode.Conflict, undo.StatusCode);
        Assert.Equal("issuer.revoked_is_final", (await RunningIssuer.JsonAsync(undo)).RequireString("code"));
        Assert.Equal(StatusTypes.Invalid, (await ServedAsync(issuer, row.RequireString("status_list"))).UnverifiedList[(int)row.RequireIndex("status_index")]);
        using var again = await issuer.ChangeStatusAsync(row.RequireString("id"), "revoked");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    [Trait("Row", "REL-03")]
    public async Task Parallel_revocations_in_one_list_all_take_effect(string database)
    {
        using var folder = new TempFolder();
        var connection = await Databases.ConnectionAsync(database, postgres);
        await using var one = await RunningIssuer.StartAsync(folder.FullPath, connection);
        await using var two = await RunningIssuer.StartAsync(folder.FullPath, connection, one.Url, apiKey: one.ApiKey);
        await one.IssueAsync(20);
        var rows = await one.RegisterAsync();
        var list = Assert.Single(rows.Select(row => row.RequireString("status_list")).Distinct());
        await Task.WhenAll(rows.Select(async (row, i) =>
        {
            using var change = await (i % 2 == 0 ? one : two).ChangeStatusAsync(row.RequireString("id"), "revoked");
            Assert.Equal(HttpStatusCode.OK, change.StatusCode);
        }));
        foreach (var replica in new[] { one, two })
        {
            var served = (await ServedAsync(replica, list)).UnverifiedList;
            Assert.All(rows, row => Assert.Equal(StatusTypes.Invalid, served[(int)row.RequireIndex("status_index")]));
            Assert.Equal(20, Enumerable.Range(0, served.Size).Count(i => served[i] != 0));
        }
    }

    [Fact]
    [Trait("Row", "TSL-21")]
    public async Task No_two_credentials_of_a_batch_share_a_status()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var references = (await issuer.IssueAsync(20)).Concat(await issuer.IssueAsync(20))
            .Select(credential => StatusReference.FromClaims(SdJwt.SdJwtCredential.Parse(credential).UnverifiedClaims())).ToList();
        Assert.Equal(40, references.Distinct().Count());
        Assert.DoesNotContain(null, references);
    }

    [Fact]
    [Trait("Row", "TSL-22")]
    public void Indexes_of_consecutive_credentials_show_no_order()
    {
        // Gaps between consecutive indexes, in 16 classes: for a random permutation each class is equally likely.
        // χ² with 15 degrees of freedom is over 44.3 once in 10 000 keys; the key is fixed, so the test is too.
        const int size = 1 << 17;
        const int samples = 20_000;
        var key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        var classes = new int[16];
        var last = IndexPermutation.Apply(key, 0, size);
        for (var i = 1; i <= samples; i++)
        {
            var next = IndexPermutation.Apply(key, i, size);
            classes[(next - last + size) % size / (size / 16)]++;
            last = next;
        }

        Assert.InRange(classes.Sum(n => Math.Pow(n - samples / 16.0, 2) / (samples / 16.0)), 0, 44.3);
    }

    [Property(MaxTest = 20)]
    public bool Every_key_gives_a_permutation(byte[] key, FsCheck.PositiveInt size)
    {
        var n = size.Get % 3000 + 1;
        return Enumerable.Range(0, n).Select(i => IndexPermutation.Apply(key, i, n)).Order().SequenceEqual(Enumerable.Range(0, n));
    }

    [Fact]
    public async Task A_list_is_compressed_revalidated_and_open_to_everybody()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await issuer.IssueAsync();
        var path = $"/status/{(await issuer.RegisterAsync())[0].RequireString("status_list")}";

        using var plain = await issuer.Http.GetAsync(path, RunningIssuer.Ct);
        Assert.Equal("application/statuslist+jwt", plain.Content.Headers.ContentType!.MediaType);
        Assert.Equal(("*", TimeSpan.FromMinutes(5)), (plain.Headers.GetValues("Access-Control-Allow-Origin").Single(), plain.Headers.CacheControl!.MaxAge));

        using var zipped = await SendAsync(issuer, path, headers => headers.AcceptEncoding.ParseAdd("gzip"));
        Assert.Equal(["gzip"], zipped.Content.Headers.ContentEncoding);
        using var reader = new StreamReader(new GZipStream(await zipped.Content.ReadAsStreamAsync(RunningIssuer.Ct), CompressionMode.Decompress));
        Assert.Equal(await plain.Content.ReadAsStringAsync(RunningIssuer.Ct), await reader.ReadToEndAsync(RunningIssuer.Ct));
        Assert.NotEqual(plain.Headers.ETag, zipped.Headers.ETag);

        using var unchanged = await SendAsync(issuer, path, headers => headers.IfNoneMatch.Add(plain.Headers.ETag!));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var changedStatus = await issuer.ChangeStatusAsync((await issuer.RegisterAsync())[0].RequireString("id"), "suspended");
        using var changed = await SendAsync(issuer, path, headers => headers.IfNoneMatch.Add(plain.Headers.ETag!));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        using var unknown = await issuer.Http.GetAsync("/status/unknown", RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_list_is_served_as_a_CWT_as_well_with_a_tag_of_its_own()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await issuer.IssueAsync();
        var row = Assert.Single(await issuer.RegisterAsync());
        using var change = await issuer.ChangeStatusAsync(row.RequireString("id"), "suspended");
        var path = $"/status/{row.RequireString("status_list")}";

        using var jwt = await issuer.Http.GetAsync(path, RunningIssuer.Ct);
        using var cwt = await SendAsync(issuer, path, headers => headers.Accept.ParseAdd("application/statuslist+cwt"));
        Assert.Equal("application/statuslist+cwt", cwt.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["Accept", "Accept-Encoding"], cwt.Headers.Vary);
        var bytes = await cwt.Content.ReadAsByteArrayAsync(RunningIssuer.Ct);
        var token = StatusListToken.Parse(bytes);
        Assert.Equal(StatusTypes.Suspended, token.UnverifiedList[(int)row.RequireIndex("status_index")]);
        var trust = TrustStore.FromPem(issuer.TrustPem, TrustPurpose.StatusSigner);
        Assert.Null(token.FindProblem($"{issuer.Url}{path}", new StatusAuthority(trust, trust.Anchors[0]), DateTimeOffset.UtcNow));

        using var zipped = await SendAsync(issuer, path, headers =>
        {
            headers.Accept.ParseAdd("application/statuslist+cwt");
            headers.AcceptEncoding.ParseAdd("gzip");
        });
        using var plain = new MemoryStream();
        await new GZipStream(await zipped.Content.ReadAsStreamAsync(RunningIssuer.Ct), CompressionMode.Decompress).CopyToAsync(plain, RunningIssuer.Ct);
        Assert.Equal(bytes, plain.ToArray());
        Assert.Equal(3, new[] { jwt, cwt, zipped }.Select(answer => answer.Headers.ETag!.Tag).Distinct().Count());

        // Another form's tag says nothing about this one.
        foreach (var (tag, status) in new[] { (cwt.Headers.ETag!, HttpStatusCode.NotModified), (jwt.Headers.ETag!, HttpStatusCode.OK) })
        {
            using var again = await SendAsync(issuer, path, headers =>
            {
                headers.Accept.ParseAdd("application/statuslist+cwt");
                headers.IfNoneMatch.Add(tag);
            });
            Assert.Equal(status, again.StatusCode);
        }
    }

    [Theory]
    [InlineData("application/statuslist+jwt", "jwt")]
    [InlineData("*/*", "jwt")]
    [InlineData("application/*", "jwt")]
    [InlineData("application/statuslist+jwt, application/statuslist+cwt", "jwt")]
    [InlineData("application/statuslist+cwt, */*;q=0.1", "cwt")]
    [InlineData("application/statuslist+jwt;q=0.5, application/statuslist+cwt", "cwt")]
    [InlineData("application/statuslist+jwt;q=0, */*", "cwt")]
    [InlineData("application/statuslist+cwt;q=0, application/*;q=0.2", "jwt")]
    [InlineData("application/statuslist+cwt;q=0", null)]
    [InlineData("text/html", null)]
    [InlineData("application/identifierlist+cwt", null)]
    public async Task The_form_is_the_one_that_is_wanted_most(string accept, string? form)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        await issuer.IssueAsync();
        using var answer = await SendAsync(issuer, $"/status/{(await issuer.RegisterAsync())[0].RequireString("status_list")}", headers => headers.Accept.ParseAdd(accept));
        Assert.Equal(form is null ? HttpStatusCode.NotAcceptable : HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(form is null ? "application/json" : $"application/statuslist+{form}", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_full_list_makes_way_for_a_new_one()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => (options.StatusListSize, options.OpenStatusLists) = (1 << 16, 1));
        await issuer.IssueAsync(2);
        await issuer.ReadAsync(async db =>
        {
            foreach (var list in db.StatusLists)
                list.Next = list.Size - 1;
            return await db.SaveChangesAsync();
        });
        await issuer.IssueAsync(2);
        Assert.Equal(2, (await issuer.RegisterAsync()).Select(row => row.RequireString("status_list")).Distinct().Count());
    }

    private static async Task<StatusListToken> ServedAsync(RunningIssuer issuer, string list) =>
        StatusListToken.Parse(await issuer.Http.GetStringAsync($"/status/{list}", RunningIssuer.Ct));

    private static Task<HttpResponseMessage> SendAsync(RunningIssuer issuer, string path, Action<HttpRequestHeaders> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        headers(request.Headers);
        return issuer.Http.SendAsync(request, RunningIssuer.Ct);
    }
}
