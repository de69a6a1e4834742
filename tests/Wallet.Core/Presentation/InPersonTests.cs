using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Presentation;
using Credentials.Wallet.Core.Tests.Peers;

namespace Credentials.Wallet.Core.Tests.Presentation;

/// <summary>Showing documents from device to device: the reader gets what the holder chose, and before that nothing at all.</summary>
public sealed class InPersonTests : IAsyncLifetime
{
    private readonly SoftwareSigningKey _readerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private WalletFixture _fixture = null!;
    private X509Certificate2 _certificate = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fixture = await WalletFixture.StartAsync();
        _certificate = _fixture.Verifier.Authority.IssueAccessCertificate("Town hall", _readerKey, [], _fixture.Clock.Now);
    }

    public async ValueTask DisposeAsync()
    {
        _certificate.Dispose();
        _readerKey.Dispose();
        await _fixture.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_known_reader_gets_what_the_holder_chose_and_nothing_before(bool overTcp)
    {
        var document = await _fixture.ReceiveAsync(configuration: "mdl");
        await using var meeting = await MeetAsync(overTcp);
        var asking = AskAsync(meeting, isSigned: true, "age_over_19", "given_name");
        var request = (await meeting.Holder.ReceiveAsync(Token))!;

        var asked = Assert.Single(request.Documents);
        Assert.Equal(("Town hall", true, MdocNames.MdlDocType), (asked.ReaderNames.In(), asked.IsReaderTrusted, asked.Type));
        Assert.Equal([Element("age_over_19"), Element("given_name")], asked.AskedFor);
        Assert.Equal([Element("given_name")], asked.Retained);
        var match = Assert.Single(asked.Matches);
        Assert.Equal((document.Id, false), (match.Document.Id, match.IsLinkable));
        Assert.Equal(0, meeting.Wire.Sent);
        Assert.Equal(HistoryKind.Requested, Assert.Single(await HistoryAsync()).Kind);

        await meeting.Holder.ShareAsync(request, [new InPersonChoice(asked, document.Id, [Element("age_over_19")])], cancellationToken: Token);

        var answer = Assert.Single(await asking);
        Assert.True(answer.IsAccepted, answer.Report?.ToJson().ToString());
        Assert.True(answer.Report!.TryGetVerified(out var verified));
        Assert.Equal("""{"org.iso.18013.5.1":{"age_over_19":true}}""", verified.Claims.GetRawText());
        Assert.Equal(["given_name"], answer.Missing.Select(missing => missing.Element));
        Assert.Null(await meeting.Holder.ReceiveAsync(Token));
        var entry = Assert.Single(await HistoryAsync());
        Assert.Equal((HistoryKind.Presented, true, "Town hall"), (entry.Kind, entry.IsPartyTrusted, entry.PartyNames.In()));
        Assert.StartsWith("x509_hash:", entry.Party, StringComparison.Ordinal);
        Assert.Equal([Element("age_over_19")], Assert.Single(entry.Claims).Claims);
        Assert.Equal(1, (await _fixture.Wallet.FindDocumentAsync(document.Id, Token))!.UnusedCopies);
        Assert.Equal(entry.Party, Assert.Single(await _fixture.Wallet.MyData.ListVerifiersAsync(Token)).Party);
    }

    [Fact]
    public async Task Declining_looks_like_having_nothing()
    {
        await using var empty = await MeetAsync();
        var (nothing, matches) = await DeclineAsync(empty);
        Assert.Equal(0, matches);
        await _fixture.ReceiveAsync(configuration: "mdl");
        await using var meeting = await MeetAsync();
        var (declined, more) = await DeclineAsync(meeting);
        Assert.Equal(1, more);

        Assert.Equal(Texts(nothing), Texts(declined));
        Assert.Equal(empty.Wire.LastLength, meeting.Wire.LastLength);
        Assert.All(await HistoryAsync(), entry => Assert.Equal(HistoryKind.RequestDeclined, entry.Kind));

        async Task<(IReadOnlyList<DocumentAnswer> Answers, int Matches)> DeclineAsync(Meeting with)
        {
            var asking = AskAsync(with, isSigned: true, "family_name");
            var request = (await with.Holder.ReceiveAsync(Token))!;
            await with.Holder.DeclineAsync(request, cancellationToken: Token);
            return (await asking, request.Documents[0].Matches.Count);
        }

        static IEnumerable<(bool, string?, int)> Texts(IReadOnlyList<DocumentAnswer> answers) =>
            answers.Select(answer => (answer.IsAccepted, answer.Report?.ToJson().ToString(), answer.Missing.Count));
    }

    [Fact]
    public async Task An_unknown_reader_is_marked_and_a_choice_that_does_not_fit_sends_nothing()
    {
        var document = await _fixture.ReceiveAsync(configuration: "mdl");
        await using var meeting = await MeetAsync();
        var asking = AskAsync(meeting, isSigned: false, "given_name");
        var request = (await meeting.Holder.ReceiveAsync(Token))!;
        var asked = request.Documents[0];
        Assert.Equal((false, MdocCodes.ReaderAuthMissing, (string?)null), (asked.IsReaderTrusted, asked.ReaderCode, asked.ReaderNames.In()));
        await using var another = await MeetAsync();
        var other = AskAsync(another, isSigned: false, "given_name");
        var foreign = (await another.Holder.ReceiveAsync(Token))!;

        foreach (var choices in new InPersonChoice[][]
        {
            [],
            [new(asked, "0000000000000000")],
            [new(asked, document.Id, [])],
            [new(asked, document.Id, [Element("family_name")])], // there, and not asked for
            [new(asked, document.Id), new(asked, document.Id)],
            [new(foreign.Documents[0], document.Id)],
        })
            await Assert.ThrowsAsync<ArgumentException>(() => meeting.Holder.ShareAsync(request, choices, cancellationToken: Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => meeting.Holder.ShareAsync(foreign, foreign.Proposal, cancellationToken: Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => meeting.Holder.ReceiveAsync(Token));
        Assert.Equal(0, meeting.Wire.Sent);

        // The same session goes on with another question, which gets a copy that was not shown yet.
        await meeting.Holder.ShareAsync(request, request.Proposal, isLast: false, Token);
        Assert.True(Assert.Single(await asking).IsAccepted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => meeting.Holder.ShareAsync(request, request.Proposal, cancellationToken: Token));
        asking = AskAsync(meeting, isSigned: false, "given_name");
        request = (await meeting.Holder.ReceiveAsync(Token))!;
        Assert.False(request.Documents[0].Matches[0].IsLinkable);
        await meeting.Holder.ShareAsync(request, request.Proposal, cancellationToken: Token);
        Assert.True(Assert.Single(await asking).IsAccepted);
        var shown = (await HistoryAsync()).Where(entry => entry.Kind == HistoryKind.Presented).ToList();
        Assert.Equal(2, shown.Count);
        Assert.All(shown, entry => Assert.Equal((InPersonSession.UnknownReader, false), (entry.Party, entry.IsPartyTrusted)));
        await another.Holder.DeclineAsync(foreign, cancellationToken: Token);
        await other;
    }

    [Fact]
    public async Task Whoever_asks_twice_for_one_type_is_answered_once_and_a_broken_request_is_refused()
    {
        await _fixture.ReceiveAsync(configuration: "mdl");
        await using var meeting = await MeetAsync();
        var asking = meeting.Reader.AskAsync(DeviceRequest.Create(Ask("given_name"), Ask("age_over_19")), Expectations(), Token);
        var request = (await meeting.Holder.ReceiveAsync(Token))!;
        Assert.Equal([1, 0], request.Documents.Select(document => document.Matches.Count));
        await meeting.Holder.ShareAsync(request, request.Proposal, cancellationToken: Token);
        Assert.Equal([true, false], (await asking).Select(answer => answer.IsAccepted));

        await using var broken = await MeetAsync();
        await broken.ReaderEnd.SendAsync(new byte[] { 0xff, 0x00 }, Token);
        await Assert.ThrowsAsync<MalformedDataException>(() => broken.Holder.ReceiveAsync(Token));
        Assert.Single(await HistoryAsync());
    }

    [Fact]
    public async Task What_breaks_off_while_it_is_sent_may_have_been_shown_and_the_history_says_so()
    {
        var document = await _fixture.ReceiveAsync(configuration: "mdl");
        await using var meeting = await MeetAsync();
        var asking = AskAsync(meeting, isSigned: true, "given_name");
        var request = (await meeting.Holder.ReceiveAsync(Token))!;
        meeting.Wire.IsBroken = true;
        var error = await Assert.ThrowsAsync<FetchException>(() => meeting.Holder.ShareAsync(request, request.Proposal, cancellationToken: Token));
        Assert.Equal(ProximityCodes.Disconnected, error.Code);
        Assert.Equal(HistoryKind.PresentedUnconfirmed, Assert.Single(await HistoryAsync()).Kind);
        Assert.Equal(1, (await _fixture.Wallet.FindDocumentAsync(document.Id, Token))!.UnusedCopies);
        await meeting.Holder.DisposeAsync();
        await Assert.ThrowsAsync<FetchException>(() => asking);
    }

    private static ClaimPath Element(string name) => ClaimPath.Of(MdocNames.MdlNamespace, name);

    // The name is to be kept, the rest is not.
    private static ItemsRequest Ask(params string[] elements) => ItemsRequest.Create(MdocNames.MdlDocType, new Dictionary<string, IReadOnlyDictionary<string, bool>>
    {
        [MdocNames.MdlNamespace] = elements.ToDictionary(element => element, element => element == "given_name"),
    });

    private MdocExpectations Expectations() => new()
    {
        Trust = TrustStore.Create([TrustAnchor.ForCertificate(_fixture.Issuer.Authority.Certificate, TrustPurpose.CredentialIssuer)]),
        Now = _fixture.Clock.Now,
        DeviceAuth = DeviceAuthExpectation.NotRequested,
        Status = new StatusPolicy(StatusMode.Skip),
        DocTypes = [MdocNames.MdlDocType],
    };

    private async Task<IReadOnlyList<DocumentAnswer>> AskAsync(Meeting meeting, bool isSigned, params string[] elements)
    {
        var request = isSigned
            ? await DeviceRequest.SignAsync([Ask(elements)], meeting.Reader.Transcript, _readerKey, [_certificate], Token)
            : DeviceRequest.Create(Ask(elements));
        return await meeting.Reader.AskAsync(request, Expectations(), Token);
    }

    private Task<IReadOnlyList<HistoryEntry>> HistoryAsync() => HistoryOfVerifiersAsync(_fixture.Wallet);

    private static async Task<IReadOnlyList<HistoryEntry>> HistoryOfVerifiersAsync(CredentialWallet wallet) =>
        [.. (await wallet.GetHistoryAsync(null, Token)).Where(entry => entry.Kind != HistoryKind.Received)];

    private async Task<Meeting> MeetAsync(bool overTcp = false)
    {
        var session = ProximityHolderSession.BeginByQr([]);
        var (holderEnd, readerEnd) = overTcp ? await ConnectAsync() : InProcessTransport.CreatePair();
        var wire = new Wire(holderEnd);
        var reader = new ProximityReader(
            await ProximityReaderSession.BeginAsync(DeviceEngagement.ParseQrText(session.Engagement.ToQrText()), cancellationToken: Token), readerEnd);
        return new Meeting(_fixture.Wallet.BeginInPerson(session, wire), reader, wire, readerEnd);
    }

    private static async Task<(IProximityTransport Holder, IProximityTransport Reader)> ConnectAsync()
    {
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accepting = TcpLoopbackTransport.AcceptAsync(port.SetResult, cancellationToken: Token);
        var reader = await TcpLoopbackTransport.ConnectAsync(await port.Task, cancellationToken: Token);
        return (await accepting, reader);
    }

    private sealed record Meeting(InPersonSession Holder, ProximityReader Reader, Wire Wire, IProximityTransport ReaderEnd) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Holder.DisposeAsync();
            await Reader.DisposeAsync();
        }
    }

    /// <summary>The holder's connection, which counts what leaves.</summary>
    private sealed class Wire(IProximityTransport inner) : IProximityTransport
    {
        public int Sent { get; private set; }

        public int LastLength { get; private set; }

        public bool IsBroken { get; set; }

        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
        {
            if (IsBroken) throw new FetchException(ProximityCodes.Disconnected, "The connection is closed.");
            (Sent, LastLength) = (Sent + 1, message.Length);
            return inner.SendAsync(message, cancellationToken);
        }

        public ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken = default) => inner.ReceiveAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
