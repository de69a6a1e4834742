using System.Net;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Tests.Setup;
using Credentials.Keys;
using Credentials.Keys.Pkcs11;
using Credentials.Keys.Software;
using Credentials.Tests.Shared;
using Credentials.X509;
using Microsoft.Extensions.DependencyInjection;
using static Credentials.Issuer.Tests.KeyRotationTests;

namespace Credentials.Issuer.Tests;

/// <summary>Signing keys that stay in a token of SoftHSM.</summary>
[Collection(SoftHsm.Collection)]
public class TokenKeyTests
{
    private const string Document = SignerFolder.DocumentSigner;
    private const string Status = SignerFolder.StatusSigner;

    [Fact]
    public async Task A_fresh_issuer_makes_and_uses_its_keys_in_the_token_and_follows_them_up_with_overlap()
    {
        using var folder = new TempFolder();
        var (clock, settings) = (new TestClock(), await SettingsAsync());
        await using var issuer = await StartAsync(folder, clock, settings);
        // Neither the authority's nor any signer's private key is in a file.
        Assert.Empty(Directory.GetFiles(folder.Combine("keys"), "*.key.pem"));
        Assert.Equal(["audit", Document, "root", Status], References(folder));
        var before = await IssueAllAsync(issuer);
        await AssertAcceptedAsync(issuer.TrustPem, clock, before);
        var keys = issuer.Services.GetRequiredService<IssuerKeys>();
        Assert.IsType<Pkcs11SigningKey>(keys.Document.HeldKey);
        Assert.IsType<Pkcs11SigningKey>(keys.AuditKey);
        using var token = settings.Open()!;
        Assert.Single(await token.ListAsync(Document, RunningIssuer.Ct));

        foreach (var purpose in new[] { Document, Status })
            await DoAsync(folder, clock, settings, changes => changes.RotateAsync(purpose, clock.Now.AddMinutes(10), 24, RunningIssuer.Ct));
        await LookAsync(issuer);
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(["overlap", "overlap", "active", "active"], keys.Signers.Select(keys.StateOf));
        await PublishAsync(issuer);
        var after = await IssueAllAsync(issuer);
        Assert.Equal(keys.Document.Certificate.RawData, SignerOf(after[0]));
        await AssertAcceptedAsync(issuer.TrustPem, clock, before.Concat(after));

        // With its overlap the old key goes from the token, and what it signed stays good.
        clock.Advance(TimeSpan.FromHours(25));
        await UntilAsync(async () =>
        {
            try
            {
                await LookAsync(issuer);
                return (await token.ListAsync(Document, RunningIssuer.Ct)).Count == 0;
            }
            catch (KeyUnavailableException)
            {
                return false;
            }
        });
        Assert.Equal(["audit", Document + "-2", "root", Status + "-2"], References(folder));
        Assert.Single(await token.ListAsync(Document + "-2", RunningIssuer.Ct));
        await PublishAsync(issuer);
        await AssertAcceptedAsync(issuer.TrustPem, clock, before.Concat(after));
        Assert.Equal(
            ["keys.rotate", "keys.rotate", "keys.delete", "keys.delete"],
            await issuer.ReadAsync(db => Task.FromResult(db.Audit.Where(a => a.Action.StartsWith("keys.")).OrderBy(a => a.Id).Select(a => a.Action).ToList())));
    }

    [Fact]
    public async Task Keys_in_files_are_followed_by_keys_in_the_token_and_a_certificate_for_one_comes_from_elsewhere()
    {
        using var folder = new TempFolder();
        var (clock, settings) = (new TestClock(), await SettingsAsync());
        IssuerKeys.LoadOrCreate(folder.FullPath, "Agency", "KR", clock, null).Dispose();
        await using var issuer = await StartAsync(folder, clock, settings);
        var before = await IssueAllAsync(issuer);
        using var national = CertificateAuthority.Create("National IACA", "KR", clock.Now);
        foreach (var (purpose, minutes) in new[] { (Status, 4), (Document, 5) })
        {
            var from = clock.Now.AddMinutes(minutes);
            var request = await DoAsync(folder, clock, settings, changes => changes.RequestAsync(purpose, RunningIssuer.Ct));
            var pem = KeyOperator.Pem(KeyOperator.Answer(national, request, from), national.Certificate);
            await DoAsync(folder, clock, settings, changes => changes.ImportAsync(pem, from, 1, RunningIssuer.Ct));
        }

        Assert.Equal([Document + "-2", Status + "-2"], References(folder));
        await LookAsync(issuer);
        clock.Advance(TimeSpan.FromMinutes(6));
        var after = (await IssueAllAsync(issuer)).Take(2).ToList();
        await AssertAcceptedAsync(KeyOperator.Pem(national.Certificate), clock, after);
        await AssertAcceptedAsync(issuer.TrustPem, clock, before.Concat(after));
        Assert.IsType<SoftwareSigningKey>(issuer.Services.GetRequiredService<IssuerKeys>().AuditKey);
    }

    [Fact]
    public async Task A_withdrawn_key_is_destroyed_in_the_token_and_revoked_by_the_authority_in_the_token()
    {
        using var folder = new TempFolder();
        var (clock, settings) = (new TestClock(), await SettingsAsync());
        await using var issuer = await StartAsync(folder, clock, settings);
        using var token = settings.Open()!;
        var keys = issuer.Services.GetRequiredService<IssuerKeys>();
        var old = keys.Document;
        await DoAsync(folder, clock, settings, changes => changes.WithdrawAsync(old.KeyId, "lost", RunningIssuer.Ct));
        await LookAsync(issuer);
        Assert.Empty(await token.ListAsync(Document, RunningIssuer.Ct));
        Assert.Single(await token.ListAsync(Document + "-2", RunningIssuer.Ct));
        await AssertAcceptedAsync(issuer.TrustPem, clock, await IssueAllAsync(issuer));
        var list = CertificateRevocationList.Parse(await issuer.Http.GetByteArrayAsync("/crl", RunningIssuer.Ct));
        Assert.Null(list.FindProblem(keys.Root, clock.Now));
        Assert.True(list.Contains(old.Certificate));
    }

    [Fact]
    public async Task A_key_that_is_over_waits_in_an_absent_token_and_that_is_told_once_and_once_that_it_is_gone()
    {
        using var folder = new TempFolder();
        var (clock, hsm) = (new TestClock(), await SoftHsm.TakeTokenAsync(RunningIssuer.Ct));
        var settings = Settings(hsm);
        string url;
        await using (var first = await StartAsync(folder, clock, settings))
        {
            url = first.Url;
            await DoAsync(folder, clock, settings, changes => changes.RotateAsync(Document, clock.Now.AddMinutes(10), 24, RunningIssuer.Ct));
        }

        hsm.Remove();
        clock.Advance(TimeSpan.FromHours(25));
        await using var issuer = await StartAsync(folder, clock, settings, url);
        using var canary = new Canary();
        using var watch = KeyOperator.Watch(issuer, canary);
        for (var second = 0; second < 5; second++)
            await watch.TryLookAsync(RunningIssuer.Ct);
        Assert.Contains(KeyCodes.TokenUnavailable, Assert.Single(canary.Lines), StringComparison.Ordinal);
        Assert.Equal(["audit", Document, Document + "-2", "root", Status], References(folder));

        hsm.PutBack();
        await UntilAsync(async () =>
        {
            await watch.TryLookAsync(RunningIssuer.Ct);
            return canary.Lines.Count == 2;
        });
        await watch.TryLookAsync(RunningIssuer.Ct);
        Assert.Equal(2, canary.Lines.Count);
        Assert.Equal(["audit", Document + "-2", "root", Status], References(folder));
    }

    [Fact]
    [Trait("Row", "REL-16")]
    public async Task A_token_that_is_pulled_out_under_load_is_answered_with_503_and_used_again_when_it_is_back()
    {
        using var folder = new TempFolder();
        var hsm = await SoftHsm.TakeTokenAsync(RunningIssuer.Ct);
        await using var issuer = await StartAsync(folder, TimeProvider.System, Settings(hsm));
        Assert.Single(await issuer.IssueAsync());
        hsm.Remove();
        var refused = await IssueManyAsync(issuer, 12);
        Assert.All(refused, answer => Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"error":"temporarily_unavailable"}"""), answer));
        // Started while the token is away: it waits for it, too.
        await using (var second = await StartAsync(folder, TimeProvider.System, Settings(hsm), issuer.Url))
            Assert.Equal(HttpStatusCode.OK, (await second.Http.GetAsync("/jwks", RunningIssuer.Ct)).StatusCode);
        hsm.PutBack();
        await UntilAsync(async () => (await IssueManyAsync(issuer, 1))[0].Status == HttpStatusCode.OK);
        Assert.All(await IssueManyAsync(issuer, 12), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        await AssertAcceptedAsync(issuer.TrustPem, new TestClock(DateTimeOffset.UtcNow), await issuer.IssueAsync());
    }

    [Fact]
    [Trait("Row", "REL-16")]
    public async Task A_token_that_hangs_is_answered_with_503_in_bounded_time_and_the_rest_of_the_service_goes_on()
    {
        using var folder = new TempFolder();
        var settings = await SettingsAsync();
        string url, apiKey;
        await using (var first = await StartAsync(folder, TimeProvider.System, settings))
            (url, apiKey) = (first.Url, first.ApiKey);
        // Whoever reads the PIN from a pipe waits until somebody writes it: the log-in does not come to an end.
        var (pin, pipe) = (settings.PinFile!, folder.Combine("pipe"));
        (await Shell.RunAsync("mkfifo", [pipe], cancellationToken: RunningIssuer.Ct)).Succeeded();
        (settings.Sessions, settings.Timeout, settings.PinFile) = (2, TimeSpan.FromSeconds(1), folder.Combine("pin"));
        File.CreateSymbolicLink(settings.PinFile, pipe);
        await using var issuer = await StartAsync(folder, TimeProvider.System, settings, url, apiKey);
        var refused = IssueManyAsync(issuer, 24);
        // Nobody else has to wait for the token.
        Assert.Equal(HttpStatusCode.OK, (await issuer.Http.GetAsync("/jwks", RunningIssuer.Ct)).StatusCode);
        Assert.All(await refused, answer => Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"error":"temporarily_unavailable"}"""), answer));
        File.Delete(settings.PinFile);
        File.Copy(pin, settings.PinFile);
        (await Shell.RunAsync("sh", ["-c", "echo > \"$0\"", pipe], cancellationToken: RunningIssuer.Ct)).Succeeded();
        await UntilAsync(async () => (await IssueManyAsync(issuer, 1))[0].Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_does_not_get_better_by_itself_is_told_at_the_start()
    {
        using var folder = new TempFolder();
        var hsm = await SoftHsm.TakeTokenAsync(RunningIssuer.Ct);
        Task<string> RefusalAsync(Action<Pkcs11Settings> change) => RefusalOfAsync(folder, Settings(hsm), change);
        Assert.Contains(KeyCodes.TokenPin, await RefusalAsync(one => one.PinFile = folder.Write("wrong", "0000\n")), StringComparison.Ordinal);
        Assert.Contains(KeyCodes.TokenPin, await RefusalAsync(one => one.PinFile = folder.Combine("missing")), StringComparison.Ordinal);
        Assert.Contains(KeyCodes.TokenUnavailable, await RefusalAsync(one => one.TokenLabel = "another"), StringComparison.Ordinal);
        Assert.Contains("Pkcs11.Module", await RefusalAsync(one => one.Module = folder.Combine("missing.so")), StringComparison.Ordinal);
        Assert.Contains("either PinFile or Pin", await RefusalAsync(one => one.Pin = "1234"), StringComparison.Ordinal);
        Assert.Contains("TokenLabel", await RefusalAsync(one => one.TokenLabel = ""), StringComparison.Ordinal);
        Assert.Contains("Sessions", await RefusalAsync(one => one.Sessions = 65), StringComparison.Ordinal);
        Assert.Contains("Timeout", await RefusalAsync(one => one.Timeout = TimeSpan.FromMinutes(2)), StringComparison.Ordinal);
        string url;
        await using (var issuer = await StartAsync(folder, TimeProvider.System, Settings(hsm)))
            url = issuer.Url;
        // A folder whose keys are in a token does not do without, nor with another.
        Assert.Contains("key.json", await RefusalAsync(one => one.Module = null), StringComparison.Ordinal);
        Assert.Contains("key.json", await RefusalOfAsync(folder, await SettingsAsync(), _ => { }), StringComparison.Ordinal);
        using (var token = Settings(hsm).Open()!)
            await token.DeleteAsync((await token.ListAsync(Status, RunningIssuer.Ct))[0], RunningIssuer.Ct);
        await UntilAsync(async () => (await RefusalAsync(_ => { })).Contains(KeyCodes.TokenKeyMissing, StringComparison.Ordinal));
    }

    private static async Task<Pkcs11Settings> SettingsAsync() => Settings(await SoftHsm.TakeTokenAsync(RunningIssuer.Ct));

    private static Pkcs11Settings Settings(SoftHsmToken hsm)
    {
        var pinFile = hsm.Folder + ".pin";
        File.WriteAllText(pinFile, hsm.Pin + "\n");
        return new Pkcs11Settings { Module = SoftHsm.ModulePath, TokenLabel = hsm.Label, PinFile = pinFile, Timeout = TimeSpan.FromMinutes(1) };
    }

    private static Task<RunningIssuer> StartAsync(TempFolder folder, TimeProvider clock, Pkcs11Settings settings, string? url = null, string? apiKey = null) =>
        RunningIssuer.StartAsync(folder.FullPath, clock: clock, publicUrl: url, apiKey: apiKey, configure: options => options.Pkcs11 = settings);

    private static Task<T> DoAsync<T>(TempFolder folder, TimeProvider clock, Pkcs11Settings settings, Func<SignerChanges, Task<T>> change) =>
        KeyOperator.DoAsync(folder.FullPath, null, clock, change, token: settings);

    private static async Task<string> RefusalOfAsync(TempFolder folder, Pkcs11Settings settings, Action<Pkcs11Settings> change)
    {
        change(settings);
        try
        {
            await (await StartAsync(folder, TimeProvider.System, settings)).DisposeAsync();
            return "";
        }
        catch (IssuerStartException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<string> References(TempFolder folder) =>
        Directory.GetFiles(folder.Combine("keys"), "*.key.json").Select(file => Path.GetFileName(file)[..^".key.json".Length]).Order(StringComparer.Ordinal);

    private static async Task<(HttpStatusCode Status, string? Refusal)[]> IssueManyAsync(RunningIssuer issuer, int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
    {
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        using var response = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()));
        return (response.StatusCode, response.IsSuccessStatusCode ? null : await response.Content.ReadAsStringAsync(RunningIssuer.Ct));
    }));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(RunningIssuer.Ct);
        guard.CancelAfter(TimeSpan.FromMinutes(3));
        while (!await isSo())
            await Task.Delay(100, guard.Token);
    }
}
