using System.Net;
using System.Text;
using Credentials.Tests.Shared;
using Npgsql;

namespace Credentials.EndToEnd.Tests;

/// <summary>The tools of the other tests, shown to work by themselves.</summary>
public class FixtureTests
{
    [Fact]
    public async Task PostgresServer_gives_each_test_a_database_of_its_own_and_survives_a_crash()
    {
        await using var server = new PostgresServer();
        var first = await server.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        var second = await server.CreateDatabaseAsync(TestContext.Current.CancellationToken);

        await ExecuteAsync(first, "CREATE TABLE t (n int)");
        await ExecuteAsync(first, "INSERT INTO t VALUES (41)");
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(second, "SELECT n FROM t"));

        await server.CrashAndRestartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(41, await ExecuteAsync(first, "SELECT n FROM t"));
    }

    [Fact]
    public async Task Browser_shows_a_page_and_axe_finds_what_is_wrong_with_it_under_a_strict_content_security_policy()
    {
        await using var browser = new Browser();
        var page = await browser.NewPageAsync(390, 844);
        using var listener = new HttpListener();
        var url = $"http://127.0.0.1:{FreePort.Next()}/";
        listener.Prefixes.Add(url);
        listener.Start();
        var serving = ServeAsync(listener, "<!doctype html><html><head><title>t</title></head><body><img src='data:,'><p>text</p></body></html>");

        await page.GotoAsync(url);

        Assert.Equal("text", await page.TextContentAsync("p"));
        var findings = await Browser.SeriousFindingsAsync(page);
        Assert.Contains(findings, finding => finding.StartsWith("image-alt", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.StartsWith("html-has-lang", StringComparison.Ordinal));
        listener.Stop();
        await serving;
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task ServeAsync(HttpListener listener, string html)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                context.Response.ContentType = "text/html";
                context.Response.Headers["Content-Security-Policy"] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:";
                context.Response.Close(Encoding.UTF8.GetBytes(html), willBlock: false);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }
}
