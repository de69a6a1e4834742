using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Tests.Peers;

namespace Credentials.Wallet.Core.Tests.Issuance;

/// <summary>Which documents are due for fresh copies, and what happens when all of them are fetched.</summary>
public sealed class RenewalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_is_due_two_weeks_before_it_runs_out_and_fresh_again_after_it_was_renewed()
    {
        await using var fixture = await StartAsync();
        var document = await fixture.AuthorizeAndReceiveAsync();
        fixture.Clock.Now = document.ExpiresAt!.Value.AddDays(-14).AddSeconds(-1);
        Assert.Empty(await fixture.Wallet.ListDueRenewalsAsync(Token));
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        var due = Assert.Single(await fixture.Wallet.ListDueRenewalsAsync(Token));
        Assert.Equal((document.Id, RenewalReason.Expiring, true), (due.Document.Id, due.Reason, due.CanRenew));

        await fixture.ReopenAsync();
        Assert.True(Assert.Single(await fixture.Wallet.RenewDueAsync(Token)).IsRenewed);

        Assert.Empty(await fixture.Wallet.ListDueRenewalsAsync(Token));
        Assert.Empty(await fixture.Wallet.RenewDueAsync(Token));
        Assert.True((await fixture.Wallet.FindDocumentAsync(document.Id, Token))!.ExpiresAt > document.ExpiresAt);
    }

    [Theory]
    [InlineData(4, 30)]
    [InlineData(20, 5)]
    public async Task What_lives_shortly_is_not_due_as_soon_as_it_has_come(int validDays, int renewBeforeDays)
    {
        await using var fixture = await StartAsync(ReusePolicy.Rotating with { RenewBefore = TimeSpan.FromDays(renewBeforeDays) });
        fixture.Issuer.Content = (content, _) => content with { ExpiresAt = fixture.Clock.Now.AddDays(validDays) };
        var document = await fixture.AuthorizeAndReceiveAsync();
        var half = (document.ExpiresAt!.Value - document.ReceivedAt) / 2;
        var before = renewBeforeDays < validDays / 2 ? TimeSpan.FromDays(renewBeforeDays) : half;
        fixture.Clock.Now = document.ExpiresAt.Value - before - TimeSpan.FromSeconds(1);
        Assert.Empty(await fixture.Wallet.ListDueRenewalsAsync(Token));
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await fixture.Wallet.ListDueRenewalsAsync(Token));
    }

    [Fact]
    public async Task A_document_with_few_fresh_copies_is_due_and_not_while_a_request_could_show_it()
    {
        await using var fixture = await StartAsync();
        var document = await fixture.AuthorizeAndReceiveAsync();
        for (var time = 0; time < 4; time++)
        {
            Assert.Empty(await fixture.Wallet.ListDueRenewalsAsync(Token));
            await fixture.PresentAsync();
        }
        Assert.Equal(RenewalReason.FewFreshCopies, Assert.Single(await fixture.Wallet.ListDueRenewalsAsync(Token)).Reason);

        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
        Assert.Empty(await fixture.Wallet.RenewDueAsync(Token));
        Assert.True((await fixture.Wallet.PresentAsync(request, request.Proposal!, Token)).IsConfirmed);
        Assert.Single(await fixture.Wallet.RenewDueAsync(Token));
        Assert.Equal(5, (await fixture.Wallet.FindDocumentAsync(document.Id, Token))!.UnusedCopies);
    }

    [Fact]
    public async Task A_batch_of_one_is_due_when_its_copy_was_shown_and_not_before()
    {
        await using var fixture = await StartAsync();
        fixture.Issuer.Metadata.Remove("batch_credential_issuance");
        await fixture.AuthorizeAndReceiveAsync();
        Assert.Empty(await fixture.Wallet.ListDueRenewalsAsync(Token));
        await fixture.PresentAsync();
        Assert.Single(await fixture.Wallet.ListDueRenewalsAsync(Token));
    }

    [Fact]
    public async Task What_fails_for_one_document_does_not_stop_the_others_and_what_cannot_be_renewed_is_told()
    {
        await using var fixture = await StartAsync();
        fixture.Issuer.GivesRefreshToken = false;
        var without = await fixture.AuthorizeAndReceiveAsync();
        fixture.Issuer.GivesRefreshToken = true;
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        // This issuer knows the last refresh token only.
        var refused = await fixture.AuthorizeAndReceiveAsync();
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        var renewed = await fixture.AuthorizeAndReceiveAsync();
        fixture.Clock.Advance(TimeSpan.FromDays(80));

        Assert.Equal([(without.Id, false), (refused.Id, true), (renewed.Id, true)],
            (await fixture.Wallet.ListDueRenewalsAsync(Token)).Select(due => (due.Document.Id, due.CanRenew)));
        var outcomes = await fixture.Wallet.RenewDueAsync(Token);

        Assert.Equal([new(refused.Id, WalletCodes.TokenRefused), new RenewalOutcome(renewed.Id, null)], outcomes);
        Assert.Equal(refused.ExpiresAt, (await fixture.Wallet.FindDocumentAsync(refused.Id, Token))!.ExpiresAt);
    }

    [Fact]
    public async Task An_issuer_that_cannot_be_reached_is_asked_once_and_one_that_answers_later_is_refused()
    {
        await using var fixture = await StartAsync();
        var first = await fixture.AuthorizeAndReceiveAsync();
        var second = await fixture.AuthorizeAndReceiveAsync();
        fixture.Clock.Advance(TimeSpan.FromDays(80));
        fixture.Issuer.IsDown = true;
        fixture.Issuer.Requests.Clear();

        var outcomes = await fixture.Wallet.RenewDueAsync(Token);
        Assert.Equal(new[] { first.Id, second.Id }.Order(StringComparer.Ordinal), outcomes.Select(outcome => outcome.DocumentId).Order(StringComparer.Ordinal));
        Assert.All(outcomes, outcome => Assert.False(outcome.IsRenewed));
        Assert.Single(fixture.Issuer.Requests);

        fixture.Issuer.IsDown = false;
        fixture.Issuer.Deferrals = 1;
        var error = await Assert.ThrowsAsync<NotSupportedCredentialException>(() => fixture.Wallet.RenewDocumentAsync(second.Id, Token));
        Assert.Equal(WalletCodes.RenewalNotSupported, error.Code);
        Assert.Equal(5, (await fixture.Wallet.FindDocumentAsync(second.Id, Token))!.Credentials.Count);
        Assert.Equal(12, (await fixture.Wallet.ListKeyIdsAsync(Token)).Count); // of two documents: five copies and a DPoP key
    }

    [Fact]
    public async Task Two_calls_at_once_renew_a_document_once_and_a_caller_that_gives_up_is_heard()
    {
        await using var fixture = await StartAsync();
        var document = await fixture.AuthorizeAndReceiveAsync();
        fixture.Clock.Advance(TimeSpan.FromDays(80));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Wallet.RenewDueAsync(new CancellationToken(canceled: true)));

        var calls = await Task.WhenAll(fixture.Wallet.RenewDueAsync(Token), fixture.Wallet.RenewDueAsync(Token), fixture.Wallet.RenewDueAsync(Token));

        Assert.Equal([new RenewalOutcome(document.Id, null)], calls.SelectMany(outcomes => outcomes));
    }

    private static async Task<WalletFixture> StartAsync(ReusePolicy? policy = null)
    {
        var fixture = await WalletFixture.StartSecureAsync();
        fixture.Issuer.GivesRefreshToken = true;
        fixture.ReusePolicyFor = (_, _) => policy;
        await fixture.ReopenAsync();
        return fixture;
    }
}
