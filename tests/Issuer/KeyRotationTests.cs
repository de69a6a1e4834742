using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Http;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Status;
using Credentials.Issuer.Tests.Setup;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.W3c;
using Credentials.X509;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Issuer.Tests;

/// <summary>New signing keys while the service runs: what was issued before stays verifiable.</summary>
public class KeyRotationTests(PostgresServer postgres)
{
    private const string Document = SignerFolder.DocumentSigner;
    private const string Status = SignerFolder.StatusSigner;
    private static readonly string[] _types = ["mdl_sd_jwt", "mdl_mdoc", "employment"];

    [Theory]
    [InlineData(Databases.Sqlite, "correct horse battery")]
    [InlineData(Databases.Postgres, null)]
    public async Task Credentials_from_before_and_after_a_rotation_verify_under_the_same_trust(string database, string? passphrase)
    {
        using var folder = new TempFolder();
        var (clock, connection) = (new TestClock(), await Databases.ConnectionAsync(database, postgres));
        if (passphrase is not null)
            folder.Write("passphrase", passphrase + "\n");
        Task<RunningIssuer> StartAsync(string? url = null, string? apiKey = null) => RunningIssuer.StartAsync(
            folder.FullPath, connection, url, clock, o => o.KeyPassphraseFile = passphrase is null ? null : folder.Combine("passphrase"), apiKey: apiKey);
        Task<Signer> RotateAsync(string purpose) => KeyOperator.DoAsync(
            folder.FullPath, connection, clock, changes => changes.RotateAsync(purpose, clock.Now.AddMinutes(10), 24, RunningIssuer.Ct), passphrase);
        var (url, apiKey) = ("", "");
        await using (var issuer = await StartAsync())
        {
            (url, apiKey) = (issuer.Url, issuer.ApiKey);
            var before = await IssueAllAsync(issuer);
            var trust = issuer.TrustPem;
            var keys = issuer.Services.GetRequiredService<IssuerKeys>();
            var old = keys.Document;
            var next = await RotateAsync(Document);
            await RotateAsync(Status);
            await LookAsync(issuer);

            // Known, and not used yet.
            Assert.Equal([old.KeyId, next.KeyId], await JwksAsync(issuer));
            Assert.Equal(["active", "active", "planned", "planned"], keys.Signers.Select(keys.StateOf));
            Assert.Equal(old.Certificate.RawData, SignerOf((await issuer.IssueAsync())[0]));

            clock.Advance(TimeSpan.FromMinutes(11));
            Assert.Equal(["overlap", "overlap", "active", "active"], keys.Signers.Select(keys.StateOf));
            await PublishAsync(issuer);
            var after = await IssueAllAsync(issuer);
            Assert.Equal(next.Certificate.RawData, SignerOf(after[0]));
            Assert.Equal(trust, issuer.TrustPem);
            await AssertAcceptedAsync(trust, clock, before.Concat(after));
            var published = await issuer.Http.GetStringAsync(new Uri(StatusOf(before[0]).Uri).AbsolutePath, RunningIssuer.Ct);
            Assert.Equal(keys.Signers[^1].Certificate.RawData, X5c.Of(CompactJws.Parse(published))![0].RawData);

            // The old private key goes with its overlap, and stays gone; its certificate stays published.
            clock.Advance(TimeSpan.FromHours(23.5));
            await LookAsync(issuer);
            Assert.True(File.Exists(folder.Combine("keys", "document-signer.key.pem")));
            clock.Advance(TimeSpan.FromHours(1));
            await LookAsync(issuer);
            await LookAsync(issuer);
            await PublishAsync(issuer);
            Assert.Equal(["retired", "retired", "active", "active"], keys.Signers.Select(keys.StateOf));
            Assert.Equal([old.KeyId, next.KeyId], await JwksAsync(issuer));
            await AssertAcceptedAsync(trust, clock, before.Concat(after));
            Assert.Equal(
                ["keys.rotate", "keys.rotate", "keys.delete", "keys.delete"],
                await issuer.ReadAsync(db => Task.FromResult(db.Audit.Where(a => a.Action.StartsWith("keys.")).OrderBy(a => a.Id).Select(a => a.Action).ToList())));
        }

        var files = Directory.GetFiles(folder.Combine("keys"), "*-signer*.key.pem");
        Assert.Equal(["document-signer-2.key.pem", "status-signer-2.key.pem"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(passphrase is not null, PrivateFiles.IsClosed(File.ReadAllBytes(file))));
        await using var again = await StartAsync(url, apiKey);
        Assert.Equal(2, (await JwksAsync(again)).Count);
        Assert.Equal("active", again.Services.GetRequiredService<IssuerKeys>().StateOf(again.Services.GetRequiredService<IssuerKeys>().Document));
    }

    [Fact]
    public async Task A_revoked_credential_of_the_old_key_is_refused_after_the_rotation()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        var credential = (await issuer.IssueAsync())[0];
        foreach (var purpose in new[] { Document, Status })
            await KeyOperator.DoAsync(folder.FullPath, null, clock, changes => changes.RotateAsync(purpose, clock.Now.AddMinutes(2), 1, RunningIssuer.Ct));
        await LookAsync(issuer);
        clock.Advance(TimeSpan.FromHours(2));
        (await issuer.ChangeStatusAsync((await issuer.RegisterAsync())[0].RequireString("id"), "revoked")).Dispose();
        var report = await VerifyAsync(issuer.TrustPem, clock, credential);
        Assert.Equal(StatusListCodes.Revoked, report.Checks.Single(check => check.Id == SdJwtChecks.Status).Code);
    }

    [Fact]
    public async Task Two_running_replicas_take_the_new_key_up_by_themselves_and_delete_the_old_one_once()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var one = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        await using var two = await RunningIssuer.StartAsync(folder.FullPath, clock: clock, publicUrl: one.Url);
        await KeyOperator.DoAsync(folder.FullPath, null, clock, changes => changes.RotateAsync(Document, clock.Now.AddMinutes(2), 1, RunningIssuer.Ct));
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(RunningIssuer.Ct);
        guard.CancelAfter(TimeSpan.FromMinutes(3));
        foreach (var replica in new[] { one, two })
        {
            // The watch looks every few seconds.
            while ((await JwksAsync(replica)).Count < 2)
                await Task.Delay(100, guard.Token);
        }

        clock.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(LookAsync(one), LookAsync(two));
        Assert.False(File.Exists(folder.Combine("keys", "document-signer.key.pem")));
        Assert.Equal(1, await one.ReadAsync(db => Task.FromResult(db.Audit.Count(a => a.Action == "keys.delete"))));
        Assert.True((await VerifyAsync(one.TrustPem, clock, (await one.IssueAsync())[0])).IsAccepted);
    }

    [Fact]
    public async Task Under_another_authority_each_credential_has_its_status_under_its_own()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        using var national = CertificateAuthority.Create("National IACA", "KR", clock.Now);
        var ownTrust = issuer.TrustPem;
        var before = (await issuer.IssueAsync())[0];
        async Task<Signer> ImportAsync(string purpose, int minutes)
        {
            var from = clock.Now.AddMinutes(minutes);
            var request = await DoAsync(changes => changes.RequestAsync(purpose, RunningIssuer.Ct));
            Assert.Equal(PublicKeyOf(request), PublicKeyOf(await DoAsync(changes => changes.RequestAsync(purpose, RunningIssuer.Ct))));
            return await DoAsync(changes => changes.ImportAsync(KeyOperator.Pem(KeyOperator.Answer(national, request, from), national.Certificate), from, 1, RunningIssuer.Ct));
        }

        Task<T> DoAsync<T>(Func<SignerChanges, Task<T>> change) => KeyOperator.DoAsync(folder.FullPath, null, clock, change);
        Assert.Equal(IssuerCodes.KeyStatusSigner, (await Assert.ThrowsAsync<MalformedDataException>(() => ImportAsync(Document, 5))).Code);
        await ImportAsync(Status, 4);
        await ImportAsync(Document, 5);
        await LookAsync(issuer);
        clock.Advance(TimeSpan.FromHours(3));
        await LookAsync(issuer);

        var after = await IssueAllAsync(issuer);
        var nationalTrust = KeyOperator.Pem(national.Certificate);
        Assert.True((await VerifyAsync(ownTrust, clock, before)).IsAccepted);
        Assert.False((await VerifyAsync(nationalTrust, clock, before)).IsAccepted);
        await AssertAcceptedAsync(nationalTrust, clock, after.Take(2));
        Assert.False((await VerifyAsync(ownTrust, clock, after[0])).IsAccepted);
        Assert.NotEqual(StatusOf(before).Uri, StatusOf(after[0]).Uri);
        // Who trusts what the issuer publishes trusts both.
        await AssertAcceptedAsync(issuer.TrustPem, clock, [before, .. after]);
        Assert.Equal(KeyOperator.Pem(issuer.Services.GetRequiredService<IssuerKeys>().Root, national.Certificate), await issuer.Http.GetStringAsync("/trust/iaca.pem", RunningIssuer.Ct));
        // The old document signer's key is gone; the old status signer's still signs the old list.
        Assert.False(File.Exists(folder.Combine("keys", "document-signer.key.pem")));
        Assert.True(File.Exists(folder.Combine("keys", "status-signer.key.pem")));
    }

    [Theory]
    [InlineData("for another key", IssuerCodes.KeyAnswer)]
    [InlineData("expired", X509Codes.Validity)]
    [InlineData("valid later", X509Codes.Validity)]
    [InlineData("valid too long", X509Codes.ValidityTooLong)]
    [InlineData("without the usage of document signers", X509Codes.ExtendedKeyUsage)]
    [InlineData("of another country", X509Codes.Country)]
    [InlineData("without its issuer's key identifier", X509Codes.KeyIdentifier)]
    [InlineData("without its authority", X509Codes.Untrusted)]
    [InlineData("under a signer", X509Codes.Intermediate)]
    [InlineData("not a certificate", X509Codes.Malformed)]
    [InlineData("too soon", IssuerCodes.KeyTime)]
    public async Task An_answer_that_cannot_be_used_is_refused_and_changes_nothing(string which, string code)
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        using var national = CertificateAuthority.Create("National IACA", "KR", clock.Now.AddYears(-1));
        var from = clock.Now.AddMinutes(10);
        var request = await KeyOperator.DoAsync(folder.FullPath, null, clock, changes => changes.RequestAsync(Document, RunningIssuer.Ct));
        using var stranger = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        X509Certificate2 Right() => KeyOperator.Answer(national, request, from);
        var pem = which switch
        {
            "for another key" => KeyOperator.Pem(national.IssueDocumentSigner("Other", stranger, from), national.Certificate),
            "expired" => KeyOperator.Pem(KeyOperator.Answer(national, request, from.AddDays(-10), TimeSpan.FromDays(9)), national.Certificate),
            "valid later" => KeyOperator.Pem(KeyOperator.Answer(national, request, from.AddDays(1)), national.Certificate),
            "valid too long" => KeyOperator.Pem(KeyOperator.Answer(national, request, from, TimeSpan.FromDays(500)), national.Certificate),
            "without the usage of document signers" => KeyOperator.Pem(KeyOperator.Answer(national, request, from, keep: one => one is not X509EnhancedKeyUsageExtension), national.Certificate),
            "of another country" => KeyOperator.Pem(KeyOperator.Answer(national, request, from, subject: "C=DE,CN=Signer"), national.Certificate),
            "without its issuer's key identifier" => KeyOperator.Pem(KeyOperator.Answer(national, request, from, keep: one => one is not X509AuthorityKeyIdentifierExtension), national.Certificate),
            "without its authority" => KeyOperator.Pem(Right()),
            "under a signer" => KeyOperator.Pem(Right(), national.IssueStatusSigner("Between", stranger, from), national.Certificate),
            "not a certificate" => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            _ => KeyOperator.Pem(Right(), national.Certificate),
        };
        var list = await File.ReadAllTextAsync(folder.Combine("keys", "signers.json"), RunningIssuer.Ct);
        var at = which == "too soon" ? clock.Now.AddSeconds(59) : from;
        var refused = await Assert.ThrowsAsync<MalformedDataException>(() => KeyOperator.DoAsync(folder.FullPath, null, clock, changes => changes.ImportAsync(pem, at, 24, RunningIssuer.Ct)));
        Assert.Equal(code, refused.Code);
        Assert.Equal(list, await File.ReadAllTextAsync(folder.Combine("keys", "signers.json"), RunningIssuer.Ct));
        Assert.Equal(1, await issuer.ReadAsync(db => Task.FromResult(db.Audit.Count(a => a.Action.StartsWith("keys.")))));
    }

    [Fact]
    public async Task A_rotation_that_cannot_be_is_refused()
    {
        using var folder = new TempFolder();
        using var other = new TempFolder();
        var clock = new TestClock();
        Task<string?> RefusalAsync(string purpose, TimeSpan lead, string? data = null) => CodeAsync(() =>
            KeyOperator.DoAsync(data ?? folder.FullPath, null, clock, changes => changes.RotateAsync(purpose, clock.Now + lead, 24, RunningIssuer.Ct)));
        await using (await RunningIssuer.StartAsync(folder.FullPath, clock: clock))
        {
            Assert.Equal(IssuerCodes.KeyTime, await RefusalAsync(Document, TimeSpan.FromSeconds(30)));
            Assert.Null(await RefusalAsync(Document, TimeSpan.FromMinutes(5)));
            Assert.Equal(IssuerCodes.KeyTime, await RefusalAsync(Document, TimeSpan.FromMinutes(5)));
            // After the root's end nobody can certify.
            Assert.Equal(X509Codes.Validity, await RefusalAsync(Status, TimeSpan.FromDays(365 * 10)));
            File.Delete(folder.Combine("keys", "root.key.pem"));
            Assert.Equal(IssuerCodes.KeyAuthority, await RefusalAsync(Document, TimeSpan.FromMinutes(9)));
            await Assert.ThrowsAsync<IssuerStartException>(() => KeyOperator.DoAsync(other.FullPath, null, clock, changes => changes.RequestAsync(Document, RunningIssuer.Ct)));
        }

        // A did:key is its key.
        await using (await RunningIssuer.StartAsync(other.FullPath, clock: clock, publicUrl: "http://127.0.0.1:5101"))
        {
            Assert.Equal(IssuerCodes.KeyIsIdentifier, await RefusalAsync(Document, TimeSpan.FromMinutes(5), other.FullPath));
            Assert.Null(await RefusalAsync(Status, TimeSpan.FromMinutes(5), other.FullPath));
        }

        // A folder and a database that do not belong together.
        Directory.Move(folder.Combine("keys"), folder.Combine("other-keys"));
        Directory.Move(other.Combine("keys"), folder.Combine("keys"));
        await Assert.ThrowsAsync<IssuerStartException>(() => RefusalAsync(Status, TimeSpan.FromMinutes(9)));
    }

    [Fact]
    public async Task A_damaged_list_does_not_stop_a_service_that_runs_and_is_told_at_the_next_start()
    {
        using var folder = new TempFolder();
        await using (var issuer = await RunningIssuer.StartAsync(folder.FullPath))
        {
            folder.Write("keys/signers.json", "{");
            await Assert.ThrowsAsync<IssuerStartException>(() => LookAsync(issuer));
            Assert.Single(await issuer.IssueAsync());
        }

        Assert.Contains("signers.json", (await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_keeps_the_key_folder_from_being_looked_at_is_told_once_and_once_that_it_is_over()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var file = folder.Combine("keys/signers.json");
        // The list is written with the first change.
        Assert.False(File.Exists(file));
        using var canary = new Canary();
        // Another one than the service's, so that nobody else looks in between.
        using var watch = KeyOperator.Watch(issuer, canary);
        for (var second = 0; second < 3; second++)
            await watch.TryLookAsync(RunningIssuer.Ct);
        Assert.Empty(canary.Lines);

        for (var times = 1; times <= 2; times++)
        {
            folder.Write("keys/signers.json", "{");
            for (var second = 0; second < 5; second++)
                await watch.TryLookAsync(RunningIssuer.Ct);
            Assert.Equal((times, times - 1), Told());
            File.Delete(file);
            for (var second = 0; second < 5; second++)
                await watch.TryLookAsync(RunningIssuer.Ct);
            Assert.Equal((times, times), Told());
        }

        (int Errors, int Recoveries) Told() => (canary.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)), canary.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)));
    }

    internal static async Task<List<string>> IssueAllAsync(RunningIssuer issuer)
    {
        var all = new List<string>();
        foreach (var type in _types)
            all.Add((await issuer.IssueAsync(id: type))[0]);
        return all;
    }

    internal static Task LookAsync(RunningIssuer issuer) => issuer.Services.GetRequiredService<KeyWatch>().LookAsync(RunningIssuer.Ct);

    internal static async Task PublishAsync(RunningIssuer issuer)
    {
        foreach (var list in await issuer.ReadAsync(db => Task.FromResult(db.StatusLists.Select(row => row.Id).ToList())))
            await issuer.Services.GetRequiredService<StatusPublisher>().WaitUntilPublishedAsync(list, RunningIssuer.Ct);
    }

    internal static async Task<List<string>> JwksAsync(RunningIssuer issuer) =>
        [.. StrictJson.ParseObject(await issuer.Http.GetByteArrayAsync("/jwks", RunningIssuer.Ct)).RequireArray("keys").EnumerateArray().Select(key => key.RequireString("kid"))];

    internal static byte[] SignerOf(string sdJwt) => X5c.Of(SdJwtCredential.Parse(sdJwt).IssuerJwt)![0].RawData;

    private static StatusReference StatusOf(string sdJwt) => StatusReference.FromClaims(SdJwtCredential.Parse(sdJwt).UnverifiedClaims())!;

    private static byte[] PublicKeyOf(string request) => CertificateRequest
        .LoadSigningRequestPem(request, System.Security.Cryptography.HashAlgorithmName.SHA256).PublicKey.ExportSubjectPublicKeyInfo();

    private static async Task<string?> CodeAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (MalformedDataException e)
        {
            return e.Code;
        }
    }

    internal static async Task AssertAcceptedAsync(string trust, TestClock clock, IEnumerable<string> credentials)
    {
        foreach (var credential in credentials)
        {
            var report = await VerifyAsync(trust, clock, credential);
            Assert.True(report.IsAccepted, report.ToJson().ToJsonString());
        }
    }

    /// <summary>As a verifier elsewhere does, with the status looked up.</summary>
    internal static async Task<VerificationReport> VerifyAsync(string trustText, TestClock clock, string credential)
    {
        using var http = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true });
        var trust = TrustStore.FromText(trustText, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner);
        var (status, client) = (new StatusPolicy(StatusMode.Online, TimeSpan.Zero), new StatusListClient(http));
        if (credential.Contains('~', StringComparison.Ordinal))
        {
            return await SdJwtVerifier.VerifyAsync(
                credential, new SdJwtExpectations { Trust = trust, Now = clock.Now, KeyBinding = KeyBindingExpectation.FromIssuer, Status = status, StatusClient = client }, RunningIssuer.Ct);
        }

        if (!credential.StartsWith('{') && !credential.Contains('.', StringComparison.Ordinal))
        {
            return await MdocVerifier.VerifyAsync(
                StrictBase64Url.Decode(credential),
                new MdocExpectations { Trust = trust, Now = clock.Now, DeviceAuth = DeviceAuthExpectation.NotRequested, Status = status, StatusClient = client },
                RunningIssuer.Ct);
        }

        return await W3cVerifier.VerifyCredentialAsync(
            credential,
            new W3cExpectations
            {
                Trust = trust,
                Now = clock.Now,
                Binding = KeyBindingExpectation.NotRequested,
                Status = status,
                BitstringStatusClient = new BitstringStatusListClient(http),
                Identifiers = new DidResolver(DidMethods.Web, http),
                AcceptsDataModelV1 = true,
            },
            RunningIssuer.Ct);
    }
}
