using System.Text.Json;
using Credentials.Codecs;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

/// <summary>`read` against a holder's device made of the core, which does what a test wants.</summary>
public sealed class InPersonReaderTests(Forge forge) : IClassFixture<Forge>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"age_over_19\":true", "age_over_19", null)]
    [InlineData("\"age_over_21\":true", "age_over_21", null)] // whoever has reached 21 has reached 19
    [InlineData("\"age_over_19\":false", "age_over_19", "dcql.value_mismatch")]
    [InlineData("\"age_over_18\":false", "age_over_18", "dcql.value_mismatch")]
    [InlineData("\"age_over_18\":true", "age_over_18", "dcql.claim_missing")] // which says nothing about 19
    public async Task What_is_shown_is_held_against_the_policy(string stated, string shown, string? code)
    {
        var mdoc = await IssueAsync(stated);
        DeviceRequest? asked = null;
        var result = await ReadAsync(
            async holder =>
            {
                asked = await holder.ReceiveAsync(Token);
                await holder.RespondAsync(MdocPresenter.Respond(asked!, [await SignAsync(mdoc, holder.Transcript, shown)]), cancellationToken: Token);
            },
            "--policy", "over-19", "--status", "skip", "--json");

        Assert.True(result.ExitCode == (code is null ? 0 : 1), result.Stdout + result.Stderr);
        var items = Assert.Single(asked!.DocRequests).ItemsRequest;
        Assert.Equal((MdocNames.MdlDocType, "age_over_19"), (items.DocType, Assert.Single(items.NameSpaces[MdocNames.MdlNamespace]).Key));
        var answer = StrictJson.Parse(result.Stdout);
        Assert.Equal(code is null, answer.OptionalBoolean("accepted"));
        var checks = answer.RequireArray("documents")[0].RequireObjectMember("report").RequireArray("parts")[0].RequireArray("checks");
        Assert.Equal("passed", Check(checks, "device_auth").RequireString("outcome"));
        Assert.Equal(code, Check(checks, "query").OptionalString("code"));
    }

    [Fact]
    public async Task A_device_key_that_signed_for_another_session_is_refused_and_one_that_shows_nothing_too()
    {
        var mdoc = await IssueAsync("\"age_over_19\":true");
        using var another = ProximityHolderSession.BeginByQr([]);
        using var reader = await ProximityReaderSession.BeginAsync(another.Engagement, cancellationToken: Token);
        var foreign = await SignAsync(mdoc, reader.Transcript, "age_over_19");
        foreach (var documents in new MdocDocument[][] { [foreign], [] })
        {
            var result = await ReadAsync(
                async holder => await holder.RespondAsync(MdocPresenter.Respond((await holder.ReceiveAsync(Token))!, documents), cancellationToken: Token),
                "--policy", "over-19", "--status", "skip");
            Assert.Equal(1, result.ExitCode);
            Assert.StartsWith("NOT ACCEPTED", result.Stdout, StringComparison.Ordinal);
            Assert.Contains(documents.Length > 0 ? "its holder's device did not answer this request" : "the holder shows none", result.Stdout, StringComparison.Ordinal);
            Assert.Contains("the holder is not told who asks", result.Stderr, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_answer_that_was_changed_on_the_way_ends_the_session_with_status_10()
    {
        await using var device = await Device.OpenAsync();
        var reading = ReadAsync(device.Text, "--policy", "over-19");
        var transport = await device.MeetAsync(reading);
        await device.Session.ReceiveAsync((await transport.ReceiveAsync(Token))!.Value, Token);
        var answer = device.Session.Respond(new DeviceResponse { Documents = [], Status = 0 }.Encode());
        answer[^1] ^= 1;
        await transport.SendAsync(answer, Token);

        Assert.Equal(SessionStatus.SessionEncryptionError, SessionData.Parse((await transport.ReceiveAsync(Token))!.Value).Status);
        var result = await reading;
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"error: {ProximityCodes.Decryption}: ", result.Stderr.Split('\n').Last(line => line.StartsWith("error", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(result.Stdout);
    }

    [Fact]
    public async Task A_device_that_goes_away_or_does_not_answer_is_given_up()
    {
        await using var device = await Device.OpenAsync();
        var waiting = await ReadAsync(device.Text, "--policy", "over-19", "--wait-seconds", "1");
        Assert.Equal(3, waiting.ExitCode);
        Assert.Contains("the holder did not answer within 1 seconds", waiting.Stderr, StringComparison.Ordinal);
        await (await device.Transport).DisposeAsync();
        var gone = await ReadAsync(device.Text, "--policy", "over-19");
        Assert.Equal(3, gone.ExitCode);
        Assert.Contains(ProximityCodes.Disconnected, gone.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_told_before_anybody_is_asked()
    {
        await using var device = await Device.OpenAsync();
        using var radio = ProximityHolderSession.BeginByQr([new NfcRetrieval(255, 256)]);
        string[] over19 = ["--policy", "over-19"];
        ShellResult[] refused =
        [
            await ReadAsync(radio.Engagement.ToQrText(), over19),
            await ReadAsync("mdoc:AAAA", over19),
            await ReadAsync(device.Text, "--policy", "resident-certificate"), // no mdoc
            await ReadAsync(device.Text, "--policy", "no-such-policy"),
            await ReadAsync(device.Text, "--policy", forge.File("{}")),
            await ReadAsync(device.Text, [.. over19, "--key", forge.KeyFile]),
            await ReadAsync(device.Text, [.. over19, "--cert", forge.CertificateFile]),
            await ReadAsync(device.Text, [.. over19, "--key", forge.HolderFile, "--cert", forge.CertificateFile]), // another's
        ];
        Assert.All(refused, result =>
        {
            Assert.True(result is { ExitCode: 2, Stdout: "" }, result.Stdout + result.Stderr);
            Assert.Contains("error: ", result.Stderr, StringComparison.Ordinal);
        });
        Assert.False(device.Transport.IsCompleted);
    }

    [Fact]
    public async Task Nobody_shows_anything_in_person_where_nobody_can_be_asked_or_nobody_comes()
    {
        string[] show = ["wallet", "present-in-person", "--home", forge.Folder.Combine("home")];
        var unasked = await CliProgram.RunAsync(show);
        Assert.Equal((2, ""), (unasked.ExitCode, unasked.Stdout));
        Assert.Contains("for scripts only", unasked.Stderr, StringComparison.Ordinal);
        var alone = await CliProgram.RunAsync([.. show, "--yes", "--wait-seconds", "1"]);
        Assert.Equal(3, alone.ExitCode);
        Assert.Contains("no reader came within 1 seconds", alone.Stderr, StringComparison.Ordinal);
    }

    private static JsonElement Check(JsonElement checks, string id) => checks.EnumerateArray().Single(check => check.RequireString("id") == id);

    private async Task<IssuerSigned> IssueAsync(string ages)
    {
        var claims = forge.File(MdocCommandsTests.Claims.Replace("\"age_over_19\":true", ages, StringComparison.Ordinal));
        var text = (await CliProgram.RunAsync(
            "issue", "--format", "mso_mdoc", "--type", MdocNames.MdlDocType, "--claims", claims, "--key", forge.KeyFile, "--cert", forge.CertificateFile,
            "--holder", forge.HolderPublicFile)).Succeeded();
        return IssuerSigned.Parse(StrictBase64Url.Decode(text.Trim()));
    }

    private ValueTask<MdocDocument> SignAsync(IssuerSigned mdoc, SessionTranscript transcript, string element) =>
        MdocPresenter.SignAsync(mdoc, (_, one) => one == element, transcript, forge.HolderKey, Token);

    private async Task<ShellResult> ReadAsync(Func<ProximityHolder, Task> answer, params string[] arguments)
    {
        await using var device = await Device.OpenAsync();
        var reading = ReadAsync(device.Text, arguments);
        await using var holder = new ProximityHolder(device.Session, await device.MeetAsync(reading));
        await answer(holder);
        return await reading;
    }

    private Task<ShellResult> ReadAsync(string engagement, params string[] arguments) => CliProgram.RunAsync(["read", engagement, "--trust", forge.Root, .. arguments]);

    /// <summary>A device that waits for one reader.</summary>
    private sealed record Device(ProximityHolderSession Session, Task<TcpLoopbackTransport> Transport, CancellationTokenSource Waiting) : IAsyncDisposable
    {
        public string Text => Session.Engagement.ToQrText();

        public static async Task<Device> OpenAsync()
        {
            var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            var waiting = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var transport = TcpLoopbackTransport.AcceptAsync(port.SetResult, cancellationToken: waiting.Token);
            return new Device(ProximityHolderSession.BeginByQr([new LoopbackRetrieval(await port.Task)]), transport, waiting);
        }

        /// <summary>The connection, once the reader has come; fails when it ended instead.</summary>
        public async Task<TcpLoopbackTransport> MeetAsync(Task<ShellResult> reading)
        {
            if (await Task.WhenAny(Transport, reading) == reading && !Transport.IsCompleted) Assert.Fail((await reading).Stderr);
            return await Transport;
        }

        public async ValueTask DisposeAsync()
        {
            await Waiting.CancelAsync();
            if (Transport.IsCompletedSuccessfully) await Transport.Result.DisposeAsync();
            Session.Dispose();
            Waiting.Dispose();
        }
    }
}
