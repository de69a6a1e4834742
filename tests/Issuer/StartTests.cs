using Credentials.Issuer.Http;
using Credentials.Issuer.Tests.Setup;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests;

public class StartTests(PostgresServer postgres)
{
    [Fact]
    [Trait("Row", "VCA-26")]
    public async Task A_bearer_token_of_more_than_five_minutes_is_refused_at_start()
    {
        using var folder = new TempFolder();
        var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.AccessTokenLifetime = TimeSpan.FromSeconds(301)));
        Assert.Contains("AccessTokenLifetime", refused.Message, StringComparison.Ordinal);
        await using var fine = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.AccessTokenLifetime = TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task All_bad_settings_are_told_together()
    {
        using var folder = new TempFolder();
        var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, publicUrl: "http://issuer.example/", configure: o =>
        {
            o.BatchSize = 21;
            o.StatusListSize = 100_000;
            o.MaxTxCodeFailures = 0;
        }));
        foreach (var setting in new[] { "PublicUrl", "BatchSize", "StatusListSize", "MaxTxCodeFailures" })
            Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", "JSON")]
    [InlineData("""{"id":"mdl_sd_jwt","format":"dc+sd-jwt","vct":"urn:x:1","validity":{"days":1},"display":[{"name":"n","locale":"en"}],"claims":[{"name":"a","type":"text","display":{"en":"A"}}]}""", "twice")]
    [InlineData("""{"id":"x","format":"dc+sd-jwt","vct":"urn:x:1","validity":{"days":1},"display":[{"name":"n","locale":"en"}],"claims":[{"name":"cnf","type":"text","display":{"en":"A"}}]}""", "name")]
    [InlineData("""{"id":"x","format":"dc+sd-jwt","vct":"urn:x:1","validity":{"days":1},"display":[{"name":"n","locale":"en"}],"claims":[{"name":"a","type":"colour","display":{"en":"A"}}]}""", "'a'")]
    [InlineData("""{"id":"x","format":"dc+sd-jwt","vct":"urn:x:1","validity":{"days":1},"display":[{"name":"n","locale":"en"}],"claims":[{"name":"a","type":"text","display":{"en":"A"}}],"extra":1}""", "'extra'")]
    [InlineData("""{"id":"x","format":"dc+sd-jwt","vct":"urn:x:1","validity":{"days":1,"not_after_claim":"b"},"display":[{"name":"n","locale":"en"}],"claims":[{"name":"a","type":"text","display":{"en":"A"}}]}""", "not_after_claim")]
    public async Task A_bad_catalog_file_stops_the_start_and_is_named(string content, string says)
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        catalog.Write("broken.json", content);
        var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath));
        Assert.Contains("broken.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_of_the_operator_is_offered_beside_the_shipped_ones()
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        catalog.Write("library.json", """
            {"id":"library_card","format":"dc+sd-jwt","vct":"urn:example:library:1","validity":{"days":30},"display":[{"name":"Library card","locale":"en"}],
             "claims":[{"name":"number","type":"number","mandatory":true,"display":{"en":"Number"}}]}
            """);
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath);
        Assert.Contains("urn:example:library:1", await issuer.Http.GetStringAsync("/types/library_card", RunningIssuer.Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3650, true)]
    [InlineData(30, false)]
    public async Task A_type_that_its_signer_s_certificate_cuts_short_is_told(int days, bool isTold)
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        using var log = new Canary();
        catalog.Write("library.json", $$$"""
            {"id":"library_card","format":"dc+sd-jwt","vct":"urn:example:library:1","validity":{"days":{{{days}}}},"display":[{"name":"Library card","locale":"en"}],
             "claims":[{"name":"number","type":"number","mandatory":true,"display":{"en":"Number"}}]}
            """);
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath, canary: log);
        Assert.Equal(isTold, log.Lines.Any(line => line.Contains("those of library_card end by", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_database_of_other_keys_is_refused()
    {
        var connection = await postgres.CreateDatabaseAsync(RunningIssuer.Ct);
        using var first = new TempFolder();
        using var second = new TempFolder();
        string url;
        await using (var issuer = await RunningIssuer.StartAsync(first.FullPath, connection))
            url = issuer.Url;
        var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(second.FullPath, connection, url));
        Assert.Contains("other keys", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(first.FullPath, connection, "https://moved.example"));
    }

    [Fact]
    public async Task Private_files_are_the_owner_s_alone()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix file modes.");
            return;
        }

        var secret = Directory.GetFiles(Path.Combine(folder.FullPath, "keys")).Where(f => f.EndsWith(".key.pem", StringComparison.Ordinal) || f.EndsWith("secret.bin", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, secret.Count);
        foreach (var file in secret)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain("PRIVATE", issuer.TrustPem, StringComparison.Ordinal);
    }
}
