using Credentials.Keys;
using Credentials.Keys.Pkcs11;
using Credentials.Tests.Shared;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Tests.Peers;

namespace Credentials.Wallet.Core.Tests.Presentation;

/// <summary>Holder keys that stay in a token of SoftHSM.</summary>
[Collection(SoftHsm.Collection)]
public class TokenKeyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_is_received_kept_over_a_restart_and_presented_with_keys_in_the_token()
    {
        var hsm = await SoftHsm.TakeTokenAsync(Token);
        using var token = Open(hsm);
        var area = new Pkcs11SecureArea(token, "wallet");
        await using var fixture = await WalletFixture.StartAsync(area: area);
        var document = await fixture.ReceiveAsync(copies: 2);
        Assert.Equal(document.UnusedCopies, (await area.ListKeysAsync(Token)).Count);
        await PresentAsync(fixture);

        // Another wallet on the same token, and a key that nobody uses.
        var other = new Pkcs11SecureArea(token, "another wallet");
        var foreign = await other.CreateKeyAsync(SignatureAlgorithm.Es384, Token);
        var left = await area.CreateKeyAsync(SignatureAlgorithm.Es256, Token);
        await fixture.Wallet.DisposeAsync();
        await fixture.OpenAsync(area: new Pkcs11SecureArea(token, "wallet"));
        Assert.DoesNotContain(left.Id, await area.ListKeysAsync(Token));
        Assert.Equal([foreign.Id], await other.ListKeysAsync(Token));
        await PresentAsync(fixture);

        await fixture.Wallet.DeleteDocumentAsync(document.Id, Token);
        Assert.Empty(await area.ListKeysAsync(Token));
    }

    [Fact]
    public async Task A_wrong_PIN_and_a_token_that_is_pulled_out_lock_the_keys_until_that_is_mended()
    {
        var hsm = await SoftHsm.TakeTokenAsync(Token);
        var pin = hsm.Pin;
        using var token = new Pkcs11Token(Options(hsm) with { Pin = () => pin });
        var area = new Pkcs11SecureArea(token, "wallet");
        await using var fixture = await WalletFixture.StartAsync(area: area);
        await fixture.ReceiveAsync();
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
        async Task<(string, string?)> RefusalAsync()
        {
            var e = await Assert.ThrowsAsync<KeyUnavailableException>(() => fixture.Wallet.PresentAsync(request, request.Proposal!, Token));
            return (e.Code, (e.InnerException as KeyUnavailableException)?.Code);
        }

        hsm.Remove();
        Assert.Equal((WalletCodes.KeyLocked, KeyCodes.TokenUnavailable), await RefusalAsync());
        Assert.Empty(fixture.Verifier.Posted);
        pin = null;
        hsm.PutBack();
        Assert.Equal((WalletCodes.KeyLocked, KeyCodes.TokenPin), await RefusalAsync());
        pin = "0000";
        await UntilAsync(async () => await RefusalAsync() == (WalletCodes.KeyLocked, KeyCodes.TokenPin));
        Assert.Empty(fixture.Verifier.Posted);
        pin = hsm.Pin;
        await UntilAsync(async () => await IsUsableAsync(area));
        Assert.True((await fixture.Wallet.PresentAsync(request, request.Proposal!, Token)).IsConfirmed);
    }

    [Fact]
    public async Task A_key_that_was_removed_from_the_token_is_invalidated_for_good()
    {
        var hsm = await SoftHsm.TakeTokenAsync(Token);
        using var token = Open(hsm);
        var area = new Pkcs11SecureArea(token, "wallet");
        var key = await area.CreateKeyAsync(SignatureAlgorithm.Es256, Token);
        Assert.Equal(64, (await area.SignAsync(key.Id, new byte[1], Token)).Length);
        await token.DeleteAsync(key.Id.Split('.')[1], Token);
        await UntilAsync(async () => (await Assert.ThrowsAsync<KeyUnavailableException>(() => area.SignAsync(key.Id, new byte[1], Token))).Code == WalletCodes.KeyInvalidated);
        await UntilAsync(async () =>
        {
            try
            {
                await area.DeleteKeyAsync(key.Id, Token);
                return true;
            }
            catch (KeyUnavailableException)
            {
                return false;
            }
        });
        foreach (var none in (string[])["", "ES256", "EdDSA.00", "es256.00", "ES256.00.00"])
        {
            Assert.Equal(WalletCodes.KeyMissing, (await Assert.ThrowsAsync<KeyUnavailableException>(() => area.SignAsync(none, new byte[1], Token))).Code);
            await area.DeleteKeyAsync(none, Token);
        }
    }

    private static async Task PresentAsync(WalletFixture fixture)
    {
        var request = await fixture.Wallet.ResolveRequestAsync(fixture.Verifier.Link(), Token);
        Assert.True((await fixture.Wallet.PresentAsync(request, request.Proposal!, Token)).IsConfirmed);
    }

    private static async Task<bool> IsUsableAsync(Pkcs11SecureArea area)
    {
        try
        {
            await area.ListKeysAsync(Token);
            return true;
        }
        catch (KeyUnavailableException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(Token);
        guard.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await isSo())
            await Task.Delay(50, guard.Token);
    }

    private static Pkcs11Token Open(SoftHsmToken hsm) => new(Options(hsm));

    private static Pkcs11Options Options(SoftHsmToken hsm) => new() { ModulePath = SoftHsm.ModulePath, TokenLabel = hsm.Label, Pin = () => hsm.Pin, Timeout = TimeSpan.FromMinutes(1) };
}
