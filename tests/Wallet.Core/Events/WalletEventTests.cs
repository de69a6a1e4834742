using Credentials.StatusLists;
using Credentials.Wallet.Core.Events;
using Credentials.Wallet.Core.Tests.Peers;
using Credentials.X509;

namespace Credentials.Wallet.Core.Tests.Events;

/// <summary>What becomes of documents, and how the holder gets to know it: once.</summary>
public sealed class WalletEventTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_suspension_its_end_and_a_revocation_are_each_raised_once_also_over_restarts()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync();
        await RefreshAsync(fixture);
        Assert.Equal(StatusOutcome.Valid, (await fixture.Wallet.FindDocumentAsync(document.Id, Token))!.Status);
        Assert.Empty(await fixture.Wallet.ListEventsAsync(Token));

        foreach (var (status, kind) in new[]
        {
            (StatusTypes.Suspended, WalletEventKind.Suspended), (StatusTypes.Valid, WalletEventKind.Resumed), (StatusTypes.Invalid, WalletEventKind.Revoked),
        })
        {
            fixture.Issuer.SetStatus(status);
            await RefreshAsync(fixture);
            await fixture.ReopenAsync();
            await RefreshAsync(fixture);
            var raised = Assert.Single(await ReadAsync(fixture.Wallet));
            Assert.Equal((kind, document.Id, "Licence"), (raised.Kind, raised.DocumentId, raised.Names.In("en")));
            await fixture.ReopenAsync();
            await RefreshAsync(fixture);
            Assert.Empty(await fixture.Wallet.ListEventsAsync(Token));
        }

        Assert.Equal(StatusOutcome.Revoked, (await fixture.Wallet.FindDocumentAsync(document.Id, Token))!.Status);
        Assert.False(await fixture.CanPresentAsync());
    }

    [Fact]
    public async Task A_document_is_revoked_when_all_its_copies_are_and_a_revoked_copy_is_never_shown()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync(copies: 2);
        fixture.Issuer.SetStatus(0, StatusTypes.Invalid);
        await RefreshAsync(fixture);
        Assert.Empty(await fixture.Wallet.ListEventsAsync(Token));
        Assert.Equal(await fixture.PresentAsync(), await fixture.PresentAsync());

        fixture.Issuer.SetStatus(1, StatusTypes.Invalid);
        await RefreshAsync(fixture);
        Assert.Equal(WalletEventKind.Revoked, Assert.Single(await ReadAsync(fixture.Wallet)).Kind);
        Assert.False(await fixture.CanPresentAsync());
    }

    [Fact]
    public async Task The_issuer_learns_no_more_than_that_its_list_was_fetched()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync(copies: 5);
        await fixture.ReceiveAsync(copies: 3, configuration: "mdl");
        fixture.Issuer.Requests.Clear();
        fixture.Issuer.Headers.Clear();

        await fixture.Wallet.RefreshStatusAsync(Token);
        await fixture.Wallet.RefreshStatusAsync(Token);

        // Once in each of the two forms that may be asked for.
        Assert.InRange(fixture.Issuer.Requests.Count, 1, 2);
        Assert.All(fixture.Issuer.Requests, request => Assert.Equal(TestIssuer.StatusPath, request));
        Assert.DoesNotContain(fixture.Issuer.Headers, header => header is not ("Host" or "Accept" or "Accept-Encoding" or "User-Agent"));
        Assert.All(await fixture.Wallet.ListDocumentsAsync(Token), document => Assert.Equal(StatusOutcome.Valid, document.Status));
        fixture.Clock.Advance(TestIssuer.StatusLifetime);
        fixture.Issuer.Requests.Clear();
        await fixture.Wallet.RefreshStatusAsync(Token);
        Assert.InRange(fixture.Issuer.Requests.Count, 1, 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_list_that_cannot_be_had_or_believed_changes_nothing(bool isDown)
    {
        await using var fixture = await WalletFixture.StartAsync();
        using var stranger = CertificateAuthority.Create("Somebody", "KR", fixture.Clock.Now);
        var document = await fixture.ReceiveAsync();
        fixture.Issuer.SetStatus(StatusTypes.Suspended);
        await RefreshAsync(fixture);
        Assert.Equal(WalletEventKind.Suspended, Assert.Single(await ReadAsync(fixture.Wallet)).Kind);

        fixture.Issuer.SetStatus(StatusTypes.Invalid);
        (fixture.Issuer.IsDown, fixture.Issuer.StatusAuthority) = (isDown, stranger);
        await fixture.ReopenAsync();
        await RefreshAsync(fixture);

        Assert.Equal(StatusOutcome.Suspended, (await fixture.Wallet.FindDocumentAsync(document.Id, Token))!.Status);
        Assert.Empty(await fixture.Wallet.ListEventsAsync(Token));
    }

    [Fact]
    public async Task A_document_that_runs_out_is_announced_once_and_again_after_it_was_renewed()
    {
        await using var fixture = await WalletFixture.StartSecureAsync();
        fixture.Issuer.GivesRefreshToken = true;
        await fixture.AuthorizeAndReceiveAsync();
        fixture.Clock.Advance(TimeSpan.FromDays(80));
        await RefreshAsync(fixture);
        await RefreshAsync(fixture);
        await fixture.Wallet.RenewDueAsync(Token);
        fixture.Clock.Advance(TimeSpan.FromDays(80));
        await RefreshAsync(fixture);
        fixture.Clock.Advance(TimeSpan.FromDays(12));
        await RefreshAsync(fixture);
        fixture.Clock.Advance(TimeSpan.FromDays(-12));
        await RefreshAsync(fixture);

        Assert.Equal(
            [WalletEventKind.Expiring, WalletEventKind.Renewed, WalletEventKind.Expiring, WalletEventKind.Expired],
            (await ReadAsync(fixture.Wallet)).Select(raised => raised.Kind));
    }

    [Fact]
    public async Task A_deferred_document_that_comes_is_announced_while_somebody_waits_for_it()
    {
        await using var fixture = await WalletFixture.StartSecureAsync();
        fixture.Issuer.Deferrals = 1;
        await fixture.AuthorizeAsync();
        var id = (await fixture.Wallet.ContinueAuthorizationAsync(fixture.Issuer.ReturnAddress(), Token))[0].DeferredId!;
        await using var events = fixture.Wallet.WatchEventsAsync(Token).GetAsyncEnumerator(Token);
        var next = events.MoveNextAsync();
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));

        var document = (await fixture.Wallet.ResumeDeferredAsync(id, Token)).Document!;

        Assert.True(await next);
        Assert.Equal((WalletEventKind.DeferredIssued, document.Id, fixture.Clock.Now), (events.Current.Kind, events.Current.DocumentId, events.Current.At));
        await using var second = fixture.Wallet.WatchEventsAsync(Token).GetAsyncEnumerator(Token);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await second.MoveNextAsync());
        next = events.MoveNextAsync();
        await fixture.Wallet.DisposeAsync();
        Assert.False(await next);
        await fixture.OpenAsync();
        Assert.Empty(await fixture.Wallet.ListEventsAsync(Token));
    }

    [Fact]
    public async Task What_was_not_told_of_a_document_goes_with_it_and_a_reader_that_gives_up_leaves_the_rest()
    {
        await using var fixture = await WalletFixture.StartAsync();
        var document = await fixture.ReceiveAsync();
        var other = await fixture.ReceiveAsync();
        fixture.Issuer.SetStatus(StatusTypes.Invalid);
        await RefreshAsync(fixture);
        await fixture.Wallet.DeleteDocumentAsync(document.Id, Token);
        Assert.Equal(other.Id, Assert.Single(await fixture.Wallet.ListEventsAsync(Token)).DocumentId);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var raised in fixture.Wallet.WatchEventsAsync(patience.Token))
            {
                Assert.Equal(other.Id, raised.DocumentId);
                await patience.CancelAsync();
            }
        });
        Assert.Empty(await fixture.Wallet.ListEventsAsync(Token));
    }

    [Fact]
    public async Task An_event_that_was_not_told_when_the_process_was_killed_comes_again_and_no_other()
    {
        await using var fixture = await WalletFixture.StartAsync();
        await fixture.ReceiveAsync();
        await fixture.ReceiveAsync();
        await fixture.Wallet.DisposeAsync();
        using (var watcher = await EventWatcher.StartAsync(fixture.Path, fixture.Clock.Now.AddDays(80), Token))
        {
            watcher.Kill();
            await watcher.WaitForExitAsync(Token);
        }

        fixture.Clock.Advance(TimeSpan.FromDays(80));
        await fixture.OpenAsync();
        await RefreshAsync(fixture);
        var raised = await ReadAsync(fixture.Wallet);

        Assert.Equal([WalletEventKind.Expiring, WalletEventKind.Expiring], raised.Select(one => one.Kind));
        Assert.Equal(2, raised.Select(one => one.DocumentId).Distinct().Count());
    }

    private static async Task RefreshAsync(WalletFixture fixture)
    {
        // The list that the wallet has is not fresh any more.
        fixture.Clock.Advance(TestIssuer.StatusLifetime);
        await fixture.Wallet.RefreshStatusAsync(Token);
    }

    /// <summary>Reads all that is there, as an app does.</summary>
    private static async Task<IReadOnlyList<WalletEvent>> ReadAsync(CredentialWallet wallet)
    {
        var count = (await wallet.ListEventsAsync(Token)).Count;
        var read = new List<WalletEvent>();
        await using var events = wallet.WatchEventsAsync(Token).GetAsyncEnumerator(Token);
        while (read.Count < count && await events.MoveNextAsync()) read.Add(events.Current);
        return read;
    }
}
