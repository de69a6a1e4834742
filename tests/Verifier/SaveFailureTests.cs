using System.Net;
using System.Text.Json;
using Credentials.OpenId4Vp;
using Credentials.Tests.Shared;
using Credentials.Verifier.Tests.Setup;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Credentials.Verifier.Tests;

/// <summary>The database fails when an answer has been received and verified, and is not stored yet.</summary>
public sealed class SaveFailureTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "VPV-01")]
    public async Task An_answer_that_cannot_be_stored_is_answered_with_503_shown_to_nobody_and_taken_once_when_it_comes_again(bool onPostgres)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var connection = onPostgres ? await postgres.CreateDatabaseAsync(Ct) : null;
        await using var verifier = new TestVerifier { Alter = o => o with { Connection = connection, WebhookHosts = [receiver.Host] } };
        await verifier.InitializeAsync();
        using (var hook = await verifier.SendAsync(HttpMethod.Put, "/webhook", content: new StringContent($$"""{"url":"{{receiver.Url}}"}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"))))
            Assert.Equal(HttpStatusCode.OK, hook.StatusCode);
        var (wallet, held) = (new TestWallet(verifier), await verifier.Issuer.IssueLicenceAsync());
        var created = await verifier.CreateAsync("over-19");
        var request = await wallet.ResolveAsync(created.RequestUri);
        var cookie = await verifier.OpenPageAsync(created);
        var form = await TestWallet.FormAsync(
            request, AuthorizationResponse.Success(TestWallet.Token(request.Request, await wallet.PresentAsync(held, request.Request)), request.Request.State));

        // The status list is fetched last of all before the answer is stored.
        var failed = 0;
        verifier.Issuer.BeforeStatus = async () =>
        {
            if (Interlocked.Exchange(ref failed, 1) == 0)
                await BreakAsync();
        };
        using (var refused = await wallet.SendAsync(request.Request, form))
        {
            Assert.Equal(1, failed);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            var body = await TestVerifier.ReadAsync(refused);
            Assert.Equal("temporarily_unavailable", TestVerifier.Text(body, "error"));
            Assert.Equal(["error", "trace_id"], body.EnumerateObject().Select(member => member.Name));
        }

        if (onPostgres)
        {
            using var down = await verifier.GetAsync($"/verifications/{created.Id}");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
            Assert.Equal(VerifierCodes.StorageUnavailable, TestVerifier.Text(await TestVerifier.ReadAsync(down), "code"));
        }

        await MendAsync();
        // Neither the relying party nor the page has seen anything of it.
        var state = await verifier.StateAsync(created.Id);
        Assert.Equal("requested", TestVerifier.Text(state, "state"));
        Assert.Equal(JsonValueKind.Null, state.GetProperty("report").ValueKind);
        Assert.Empty(state.GetProperty("credentials").EnumerateArray());
        using (var page = await verifier.BrowseAsync($"/v/{created.Id}", cookie))
            Assert.DoesNotContain("data-verdict", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.False(receiver.HasMore);

        using (var again = await wallet.SendAsync(request.Request, form))
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("accepted", TestVerifier.Text(await verifier.StateAsync(created.Id), "state"));
        using (var third = await wallet.SendAsync(request.Request, form))
            Assert.Equal(HttpStatusCode.BadRequest, third.StatusCode);
        Assert.Equal((created.Id, "accepted"), await receiver.NextAsync() is var message ? (message.TransactionId, message.State) : default);
        Assert.False(receiver.HasMore);

        async Task BreakAsync()
        {
            if (onPostgres)
                await postgres.KillAsync(Ct);
            else
                await ExecuteAsync("CREATE TRIGGER full_disk BEFORE UPDATE ON transactions BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        }

        async Task MendAsync()
        {
            if (!onPostgres)
            {
                await ExecuteAsync("DROP TRIGGER full_disk");
                return;
            }
            await postgres.ReviveAsync(Ct);
            // What the pool has kept is of the server that is gone.
            NpgsqlConnection.ClearAllPools();
        }

        async Task ExecuteAsync(string sql)
        {
            await using var database = new SqliteConnection($"Data Source={Path.Combine(verifier.DataFolder, "verifier.db")};Pooling=False");
            await database.OpenAsync(Ct);
            await using var command = database.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(Ct);
        }
    }
}
