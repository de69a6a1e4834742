using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Credentials.Cli.Demo;
using Credentials.Codecs;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;

namespace Credentials.EndToEnd.Tests;

/// <summary>A holder and a reader, each a process of its own: a QR engagement, a signed request, a person's consent, a report.</summary>
public sealed partial class InPersonTests(InPersonTests.Setup setup) : IClassFixture<InPersonTests.Setup>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_known_reader_gets_the_licence_and_reports_on_it()
    {
        await using var holder = CliProgram.Start([.. setup.Present, "--trust-verifier", setup.ReaderFile("root.pem"), "--yes", "--json"]);
        var engagement = await holder.WaitForErrorAsync(line => line.StartsWith("mdoc:", StringComparison.Ordinal), Token);
        var read = await CliProgram.RunAsync(["read", engagement, "--policy", "driving-licence", "--json", .. setup.Reader]);

        Assert.True(read.ExitCode == 0, read.Stdout + read.Stderr);
        var answer = StrictJson.Parse(read.Stdout).RequireArray("documents")[0];
        Assert.Equal(0, answer.RequireArray("missing").GetArrayLength());
        var part = answer.RequireObjectMember("report").RequireArray("parts")[0];
        foreach (var check in (string[])["issuer_chain", "issuer_signature", "value_digests", "validity", "device_auth", "status", "query"])
            Assert.Equal("passed", part.RequireArray("checks").EnumerateArray().Single(one => one.RequireString("id") == check).RequireString("outcome"));
        Assert.Equal("길동", part.RequireObjectMember("claims").RequireObjectMember(MdocNames.MdlNamespace).RequireString("given_name"));

        var told = StrictJson.Parse(await holder.ReadToEndAsync(Token));
        Assert.Equal(0, await holder.WaitForExitAsync(Token));
        Assert.True(told.RequireArray("readers")[0].OptionalBoolean("trusted"));
        Assert.Contains("Police Verifier asks (vouched for by an authority you trust)", holder.Errors, StringComparison.Ordinal);
        Assert.Contains("--yes: shown without asking", holder.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "calls itself \"Police Verifier\"; nobody vouches for it")]
    [InlineData(false, "UNKNOWN READER asks (mdoc.reader_auth_missing). It calls itself \"nothing\"")]
    public async Task A_reader_whom_nobody_vouches_for_is_shown_as_that(bool isSigned, string shown)
    {
        // A wallet of its own, which was never told of the reader's authority.
        using var home = new TempFolder();
        await setup.ReceiveAsync(home.FullPath);
        await using var holder = CliProgram.Start("wallet", "present-in-person", "--home", home.FullPath, "--yes", "--json");
        var engagement = await holder.WaitForErrorAsync(line => line.StartsWith("mdoc:", StringComparison.Ordinal), Token);
        var read = await CliProgram.RunAsync(["read", engagement, "--policy", "over-19", .. isSigned ? setup.Reader : setup.Reader[..2]]);

        Assert.True(read.ExitCode == 0, read.Stdout + read.Stderr);
        Assert.StartsWith("ACCEPTED", read.Stdout, StringComparison.Ordinal);
        Assert.Contains("its holder's device answered this request", read.Stdout, StringComparison.Ordinal);
        Assert.Contains("age_over_19: true", read.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("길동", read.Stdout, StringComparison.Ordinal);
        var told = StrictJson.Parse(await holder.ReadToEndAsync(Token)).RequireArray("readers")[0];
        Assert.False(told.OptionalBoolean("trusted"));
        Assert.Equal(JsonValueKind.Null, told.Member("name")?.ValueKind);
        Assert.Contains(shown, holder.Errors, StringComparison.Ordinal);
        Assert.Contains("UNKNOWN READER", holder.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n", 0)]
    [InlineData("", 0)] // silence is no consent
    [InlineData("y", 1)]
    public async Task Nothing_is_sent_before_the_person_at_the_terminal_says_so(string typed, int documents)
    {
        await using var holder = new PersonAtTerminal(setup.Present);
        var text = (await holder.ReadUntilAsync(Engagement())).Groups[1].Value;
        using var session = await ProximityReaderSession.BeginAsync(DeviceEngagement.ParseQrText(text), cancellationToken: Token);
        await using var transport = await ConnectAsync(text);
        await transport.SendAsync(session.Request(DeviceRequest.Create(Ask("given_name")).Encode()), Token);
        var receiving = transport.ReceiveAsync(Token).AsTask();
        await holder.ReadUntilAsync(Asked());
        Assert.False(receiving.IsCompleted);

        await holder.TypeAsync(typed);
        var message = await session.ReceiveAsync((await receiving)!.Value);
        Assert.True(message.EndsSession);
        var response = DeviceResponse.Parse(message.Payload!.Value);
        Assert.Equal((0L, documents), (response.Status, response.Documents.Count));
        await holder.ReadUntilAsync(documents > 0 ? Shown() : Declined());
        Assert.Equal(documents > 0 ? 0 : 1, await holder.WaitForExitAsync());
    }

    [Fact]
    public async Task A_request_that_was_changed_on_the_way_ends_the_session_with_status_10_and_gets_nothing()
    {
        await using var holder = CliProgram.Start([.. setup.Present, "--yes", "--json"]);
        var text = await holder.WaitForErrorAsync(line => line.StartsWith("mdoc:", StringComparison.Ordinal), Token);
        using var session = await ProximityReaderSession.BeginAsync(DeviceEngagement.ParseQrText(text), cancellationToken: Token);
        await using var transport = await ConnectAsync(text);
        var request = session.Request(DeviceRequest.Create(Ask("given_name")).Encode());
        request[^1] ^= 1;
        await transport.SendAsync(request, Token);

        var answer = SessionData.Parse((await transport.ReceiveAsync(Token))!.Value);
        Assert.Equal((SessionStatus.SessionEncryptionError, true), (answer.Status!.Value, answer.Data is null));
        Assert.Null(await transport.ReceiveAsync(Token));
        Assert.Equal(2, await holder.WaitForExitAsync(Token));
        Assert.Contains($"error: {ProximityCodes.Decryption}: ", holder.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_device_makes_a_MAC_for_this_reader_or_signs_where_the_holder_wants_that(bool signs)
    {
        // A wallet of its own: whether a key signs or makes MACs is settled when it is first used. One copy stays back that signs.
        using var home = new TempFolder();
        await setup.ReceiveAsync(home.FullPath, copies: 2);
        await using var holder = CliProgram.Start(["wallet", "present-in-person", "--home", home.FullPath, "--yes", "--json", .. signs ? (string[])["--sign"] : []]);
        var text = await holder.WaitForErrorAsync(line => line.StartsWith("mdoc:", StringComparison.Ordinal), Token);
        using var session = await ProximityReaderSession.BeginAsync(DeviceEngagement.ParseQrText(text), cancellationToken: Token);
        await using var transport = await ConnectAsync(text);
        await transport.SendAsync(session.Request(DeviceRequest.Create(Ask("given_name")).Encode()), Token);

        var message = await session.ReceiveAsync((await transport.ReceiveAsync(Token))!.Value);
        var shown = Assert.Single(DeviceResponse.Parse(message.Payload!.Value).Documents);
        Assert.Equal((!signs, signs), (shown.DeviceSigned.Mac is not null, shown.DeviceSigned.Signature is not null));
        var report = await MdocVerifier.VerifyAsync(shown, setup.Expect(DeviceAuthExpectation.Required(session.Transcript, session.EReaderKey)), Token);
        Assert.True(report.IsAccepted, report.ToString());
        Assert.Equal(0, await holder.WaitForExitAsync(Token));
    }

    [GeneratedRegex(@"(mdoc:[A-Za-z0-9_-]+)[\r\n]")]
    private static partial Regex Engagement();

    [GeneratedRegex(@"UNKNOWN READER asks.*given_name.*Show it\? \[y/N\] ", RegexOptions.Singleline)]
    private static partial Regex Asked();

    [GeneratedRegex("declined")]
    private static partial Regex Declined();

    [GeneratedRegex("shown; the session has ended")]
    private static partial Regex Shown();

    private static ItemsRequest Ask(string element) => ItemsRequest.Create(
        MdocNames.MdlDocType,
        new Dictionary<string, IReadOnlyDictionary<string, bool>> { [MdocNames.MdlNamespace] = new Dictionary<string, bool> { [element] = false } });

    private static Task<TcpLoopbackTransport> ConnectAsync(string engagement) => TcpLoopbackTransport.ConnectAsync(
        DeviceEngagement.ParseQrText(engagement).RetrievalMethods.OfType<LoopbackRetrieval>().Single().Port, cancellationToken: Token);

    /// <summary>The command with a terminal of its own, made by script(1): only a person at one is asked.</summary>
    private sealed class PersonAtTerminal(IEnumerable<string> arguments) : IAsyncDisposable
    {
        private readonly StringBuilder _output = new();

        private readonly Process _process = Shell.Start(
            "script", ["-qefc", string.Join(' ', arguments.Prepend(CliProgram.Location).Select(word => $"'{word}'")), "/dev/null"],
            environment: new Dictionary<string, string> { ["CREDENTIALS_WALLET_PASSPHRASE"] = "only for tests", ["TERM"] = "dumb" });

        /// <summary>Reads what the terminal shows until all of it so far has this; fails when the program ended without it.</summary>
        public async Task<Match> ReadUntilAsync(Regex awaited)
        {
            var buffer = new char[4096];
            while (true)
            {
                if (awaited.Match(_output.ToString()) is { Success: true } match) return match;
                var count = await _process.StandardOutput.ReadAsync(buffer, Token);
                Assert.True(count > 0, $"The program ended.\n{_output}");
                _output.Append(buffer, 0, count);
            }
        }

        public async Task TypeAsync(string line)
        {
            await _process.StandardInput.WriteAsync((line + "\n").AsMemory(), Token);
            await _process.StandardInput.FlushAsync(Token);
        }

        public async Task<int> WaitForExitAsync()
        {
            await _process.WaitForExitAsync(Token);
            return _process.ExitCode;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }

    /// <summary>An issuer that serves, a wallet with its mDL, and the key and certificate of a reader.</summary>
    public sealed class Setup : IAsyncLifetime
    {
        private readonly TempFolder _folder = new();
        private ServingCommand _issuer = null!;

        internal string[] Present => ["wallet", "present-in-person", "--home", _folder.Combine("home")];

        internal string[] Reader => ["--trust", _issuer.Ready["trust"], "--key", ReaderFile("verifier-key.pem"), "--cert", ReaderFile("verifier.pem")];

        internal MdocExpectations Expect(DeviceAuthExpectation auth) => new()
        {
            Trust = TrustStore.FromPem(File.ReadAllText(_issuer.Ready["trust"]), TrustPurpose.CredentialIssuer),
            Now = TimeProvider.System.GetUtcNow(),
            DeviceAuth = auth,
            Status = new StatusPolicy(StatusMode.Skip),
            DocTypes = [MdocNames.MdlDocType],
        };

        internal string ReaderFile(string name) => Path.Combine(_folder.Combine("reader"), name);

        public async ValueTask InitializeAsync()
        {
            _issuer = await CliProgram.ServeAsync("issuer", "serve", "--data", _folder.Combine("issuer"), "--port", FreePort.Next().ToString(CultureInfo.InvariantCulture), "--json");
            (await CliProgram.RunAsync("pki", "new", "--out", _folder.Combine("reader"), "--name", "Police")).Succeeded();
            await ReceiveAsync(_folder.Combine("home"));
        }

        public async ValueTask DisposeAsync()
        {
            if (_issuer is not null) await _issuer.DisposeAsync();
            _folder.Dispose();
        }

        internal async Task ReceiveAsync(string home, int copies = 1)
        {
            var claims = _folder.Write("claims.json", StrictJson.ToText(DemoPerson.Licence(TimeProvider.System.GetUtcNow())));
            var offer = StrictJson.Parse((await CliProgram.RunAsync(
                "issuer", "offer", "mdl_mdoc", "--claims", claims, "--url", _issuer.Ready["url"], "--api-key", _issuer.Ready["api_key"], "--json")).Succeeded());
            (await CliProgram.RunAsync("wallet", "receive", offer.RequireString("offer_uri"), "--trust-issuer", _issuer.Ready["trust"], "--home", home, "--copies", $"{copies}", "--yes")).Succeeded();
        }
    }
}
