using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>Whatever breaks in a session over a connection: each side gets an error with a code, and the other side is told.</summary>
public sealed class BrokenSessionTests : IDisposable
{
    private readonly InPersonParties _parties = new(new TestClock().Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static DeviceRequest Request => DeviceRequest.Create(InPersonParties.Ask(MdocNames.MdlDocType, MdocNames.MdlNamespace, "age_over_18"));

    public void Dispose() => _parties.Dispose();

    [Theory]
    [InlineData("ff", 11)] // no CBOR
    [InlineData("a0", 12)] // no request
    [InlineData("a26776657273696f6e63322e306b646f63526571756573747380", 12)] // version 2.0
    public async Task A_request_that_cannot_be_read_is_answered_with_its_status(string request, long status)
    {
        var (holderEnd, readerEnd) = InProcessTransport.CreatePair();
        await using var closing = readerEnd;
        var session = ProximityHolderSession.BeginByQr([]);
        await using var holder = new ProximityHolder(session, holderEnd);
        using var reader = await ProximityReaderSession.BeginAsync(session.Engagement, cancellationToken: Ct);
        await readerEnd.SendAsync(reader.Request(System.Convert.FromHexString(request)), Ct);

        var error = await Assert.ThrowsAnyAsync<CredentialException>(() => holder.ReceiveAsync(Ct));
        Assert.StartsWith("mdoc.", error.Code, StringComparison.Ordinal);
        var answer = await reader.ReceiveAsync((await readerEnd.ReceiveAsync(Ct))!.Value);
        Assert.True(answer.EndsSession);
        var response = DeviceResponse.Parse(answer.Payload!.Value);
        Assert.Equal(status, response.Status);
        Assert.Empty(response.Documents);
        Assert.Null(await readerEnd.ReceiveAsync(Ct));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task A_status_other_than_OK_is_an_error_of_the_reader(long status)
    {
        var (holder, reader) = await _parties.ConnectAsync();
        await using var holding = holder;
        await using var reading = reader;
        var asking = reader.AskAsync(Request, _parties.Agency.Expectations, Ct);
        await holder.ReceiveAsync(Ct);
        await holder.RespondAsync(new DeviceResponse { Documents = [], Status = status }, cancellationToken: Ct);
        var error = await Assert.ThrowsAsync<ProtocolException>(() => asking);
        Assert.Equal((ProximityCodes.ResponseStatus, $"{status}"), (error.Code, error.Error));
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("a0")]
    [InlineData("a26776657273696f6e63322e306673746174757300")]
    public async Task A_response_that_cannot_be_read_ends_the_session(string response)
    {
        var (session, holderEnd, reader) = await ConnectAsync();
        await using var reading = reader;
        var asking = reader.AskAsync(Request, _parties.Agency.Expectations, Ct);
        await session.ReceiveAsync((await holderEnd.ReceiveAsync(Ct))!.Value, Ct);
        await holderEnd.SendAsync(session.Respond(System.Convert.FromHexString(response)), Ct);
        Assert.StartsWith("mdoc.", (await Assert.ThrowsAnyAsync<CredentialException>(() => asking)).Code, StringComparison.Ordinal);
        Assert.Equal(new SessionMessage(null, true), await session.ReceiveAsync((await holderEnd.ReceiveAsync(Ct))!.Value, Ct));
        Assert.Equal(ProximityCodes.SessionEnded, (await Assert.ThrowsAsync<ProtocolException>(() => reader.AskAsync(Request, _parties.Agency.Expectations, Ct))).Code);
        session.Dispose();
    }

    [Fact]
    public async Task A_message_that_the_session_keys_do_not_open_is_told_to_the_other_side()
    {
        var (session, holderEnd, reader) = await ConnectAsync();
        await using var reading = reader;
        var asking = reader.AskAsync(Request, _parties.Agency.Expectations, Ct);
        await session.ReceiveAsync((await holderEnd.ReceiveAsync(Ct))!.Value, Ct);
        await holderEnd.SendAsync(new SessionData(new byte[32], null).Encode(), Ct);
        Assert.Equal(ProximityCodes.Decryption, (await Assert.ThrowsAsync<MalformedDataException>(() => asking)).Code);
        var told = await Assert.ThrowsAsync<ProtocolException>(async () => await session.ReceiveAsync((await holderEnd.ReceiveAsync(Ct))!.Value, Ct));
        Assert.Equal((ProximityCodes.PeerFailed, "10"), (told.Code, told.Error));
        session.Dispose();
    }

    [Fact]
    public async Task A_first_message_that_is_no_session_is_told_to_the_reader()
    {
        var (holderEnd, readerEnd) = InProcessTransport.CreatePair();
        await using var holder = new ProximityHolder(ProximityHolderSession.BeginByQr([]), holderEnd);
        await readerEnd.SendAsync("not CBOR"u8.ToArray(), Ct);
        Assert.Equal(ProximityCodes.MessageMalformed, (await Assert.ThrowsAsync<MalformedDataException>(() => holder.ReceiveAsync(Ct))).Code);
        Assert.Equal(SessionStatus.CborDecodingError, SessionData.Parse((await readerEnd.ReceiveAsync(Ct))!.Value).Status);
        Assert.Null(await readerEnd.ReceiveAsync(Ct));
    }

    [Fact]
    public async Task A_reader_that_goes_before_or_after_its_request_is_missed_and_no_error()
    {
        var (holder, reader) = await _parties.ConnectAsync();
        await reader.DisposeAsync(); // ends the session before it is established
        Assert.Null(await holder.ReceiveAsync(Ct));
        await holder.DisposeAsync();

        (holder, reader) = await _parties.ConnectAsync();
        var asking = reader.AskAsync(Request, _parties.Agency.Expectations, Ct);
        await holder.ReceiveAsync(Ct);
        await holder.RespondAsync(MdocPresenter.Respond(Request, []), isLast: false, Ct);
        await asking;
        await reader.DisposeAsync();
        Assert.Null(await holder.ReceiveAsync(Ct));
        Assert.Null(await holder.ReceiveAsync(Ct));
        await holder.DisposeAsync();
    }

    [Fact]
    public async Task A_holder_that_ends_the_session_or_the_connection_is_an_error_of_the_reader()
    {
        var (holder, reader) = await _parties.ConnectAsync();
        var asking = reader.AskAsync(Request, _parties.Agency.Expectations, Ct);
        await holder.ReceiveAsync(Ct);
        await holder.DisposeAsync(); // the holder refuses
        Assert.Equal(ProximityCodes.SessionEnded, (await Assert.ThrowsAsync<ProtocolException>(() => asking)).Code);
        await reader.DisposeAsync();

        var (session, holderEnd, cutOff) = await ConnectAsync();
        asking = cutOff.AskAsync(Request, _parties.Agency.Expectations, Ct);
        await holderEnd.ReceiveAsync(Ct);
        await holderEnd.DisposeAsync();
        Assert.Equal(ProximityCodes.Disconnected, (await Assert.ThrowsAsync<FetchException>(() => asking)).Code);
        await cutOff.DisposeAsync();
        session.Dispose();
    }

    [Fact]
    public async Task Who_stops_waiting_ends_the_session_and_the_other_side_is_told()
    {
        var (holder, reader) = await _parties.ConnectAsync();
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asking = reader.AskAsync(Request, _parties.Agency.Expectations, impatient.Token);
        await holder.ReceiveAsync(Ct);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await reader.DisposeAsync();
        await holder.RespondAsync(MdocPresenter.Respond(Request, []), isLast: false, Ct);
        Assert.Null(await holder.ReceiveAsync(Ct)); // the reader's termination, not only the end of the connection
        Assert.Equal(ProximityCodes.SessionEnded, (await Assert.ThrowsAsync<ProtocolException>(() => holder.RespondAsync(MdocPresenter.Respond(Request, []), cancellationToken: Ct))).Code);
        await holder.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_is_closed_once_with_one_last_word_and_also_when_nobody_listens()
    {
        foreach (var isGone in new[] { false, true })
        {
            var transport = new RecordingTransport(isGone);
            var holder = new ProximityHolder(ProximityHolderSession.BeginByQr([]), transport);
            await holder.DisposeAsync();
            await holder.DisposeAsync();
            Assert.Equal(SessionStatus.SessionTermination, SessionData.Parse(Assert.Single(transport.Sent)).Status);
            Assert.Equal(1, transport.Closed);
        }
    }

    [Fact]
    public async Task Missing_arguments_are_named()
    {
        var (holder, reader) = await _parties.ConnectAsync();
        await using var holding = holder;
        await using var reading = reader;
        Assert.Equal("request", (await Assert.ThrowsAsync<ArgumentNullException>(() => reader.AskAsync(null!, _parties.Agency.Expectations, Ct))).ParamName);
        Assert.Equal("expected", (await Assert.ThrowsAsync<ArgumentNullException>(() => reader.AskAsync(Request, null!, Ct))).ParamName);
        Assert.Equal("response", (await Assert.ThrowsAsync<ArgumentNullException>(() => holder.RespondAsync(null!, cancellationToken: Ct))).ParamName);
    }

    /// <summary>A connection that notes what is sent; nothing arrives where the other side is gone.</summary>
    private sealed class RecordingTransport(bool isGone) : IProximityTransport
    {
        public List<ReadOnlyMemory<byte>> Sent { get; } = [];

        public int Closed { get; private set; }

        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
        {
            Sent.Add(message);
            return isGone ? throw new FetchException(ProximityCodes.Disconnected, "test") : ValueTask.CompletedTask;
        }

        public ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<ReadOnlyMemory<byte>?>(null);

        public ValueTask DisposeAsync()
        {
            Closed++;
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Before_a_request_there_is_no_session_to_sign()
    {
        var (holder, reader) = await _parties.ConnectAsync();
        await using var reading = reader;
        Assert.Throws<InvalidOperationException>(() => holder.Transcript);
        Assert.Throws<InvalidOperationException>(() => holder.EReaderKey);
        await holder.DisposeAsync();
        await holder.DisposeAsync();
    }

    private static async Task<(ProximityHolderSession Holder, InProcessTransport HolderEnd, ProximityReader Reader)> ConnectAsync()
    {
        var (holderEnd, readerEnd) = InProcessTransport.CreatePair();
        var session = ProximityHolderSession.BeginByQr([]);
        return (session, holderEnd, new(await ProximityReaderSession.BeginAsync(session.Engagement, cancellationToken: Ct), readerEnd));
    }
}
