using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Credentials.Mdoc.Proximity;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>Fragments and transports (ISO/IEC 18013-5 §8.3).</summary>
public class TransportTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(185)]
    [InlineData(247)]
    [InlineData(512)]
    [InlineData(515)]
    [InlineData(517)]
    public void A_message_of_any_length_comes_back_whatever_the_MTU(int mtu)
    {
        var content = Math.Min(mtu - 3, 512) - 1;
        var joiner = new FragmentJoiner();
        foreach (var length in new[] { 1, content - 1, content, content + 1, 2 * content, (2 * content) + 1, 5000 })
        {
            var message = RandomNumberGenerator.GetBytes(length);
            var fragments = MessageFragments.Split(message, mtu).ToList();
            Assert.Equal((length + content - 1) / content, fragments.Count);
            Assert.All(fragments[..^1], fragment => Assert.Equal((content + 1, (byte)1), (fragment.Length, fragment[0])));
            Assert.Equal(0, fragments[^1][0]);
            Assert.All(fragments[..^1], fragment => Assert.Null(joiner.Add(fragment)));
            Assert.Equal(message, joiner.Add(fragments[^1])!.Value);
        }
    }

    [Fact]
    public void An_MTU_below_the_smallest_one_is_the_callers_mistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MessageFragments.Split(new byte[1], 22));
        Assert.Throws<ArgumentOutOfRangeException>(() => InProcessTransport.CreatePair(22));
        Assert.Equal([20, 511, 512, 512], new[] { 23, 514, 515, 516 }.Select(MessageFragments.FragmentBytes));
    }

    [Fact]
    public async Task An_empty_message_is_the_callers_mistake()
    {
        Assert.Throws<ArgumentException>(() => MessageFragments.Split(default, 23));
        var (holder, reader) = await ConnectAsync();
        await using var holding = holder;
        await using var reading = reader;
        await Assert.ThrowsAsync<ArgumentException>(async () => await holder.SendAsync(default, Ct));
    }

    [Fact]
    public async Task An_end_in_process_receives_as_much_as_was_agreed()
    {
        foreach (var length in new[] { 600, 601 })
        {
            var (holder, reader) = InProcessTransport.CreatePair(maxMessageBytes: 600);
            await holder.SendAsync(new byte[length], Ct);
            await reader.SendAsync(new byte[length], Ct);
            foreach (var end in new[] { holder, reader })
            {
                if (length == 600) Assert.Equal(600, (await end.ReceiveAsync(Ct))!.Value.Length);
                else Assert.Equal(ProximityCodes.MessageTooLarge, (await Assert.ThrowsAsync<MalformedDataException>(async () => await end.ReceiveAsync(Ct))).Code);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("0241")]
    [InlineData("ff41")]
    public void A_hostile_fragment_is_refused_and_nothing_is_joined_afterwards(string hex)
    {
        var joiner = new FragmentJoiner();
        joiner.Add([1, 65]);
        Assert.True(joiner.HasPart);
        Assert.Equal(ProximityCodes.FragmentMalformed, Assert.Throws<MalformedDataException>(() => joiner.Add(System.Convert.FromHexString(hex))).Code);
        Assert.False(joiner.HasPart);
        Assert.Equal(ProximityCodes.FragmentMalformed, Assert.Throws<MalformedDataException>(() => joiner.Add([0, 65])).Code);
    }

    [Fact]
    public void Fragments_are_bounded_each_and_together()
    {
        Assert.Null(new FragmentJoiner().Add(Fragment(1, 512)));
        Assert.Equal(ProximityCodes.FragmentMalformed, Assert.Throws<MalformedDataException>(() => new FragmentJoiner().Add(Fragment(1, 513))).Code);

        foreach (var (last, isRead) in new[] { (99, true), (100, true), (101, false) })
        {
            var joiner = new FragmentJoiner(600);
            joiner.Add(Fragment(1, 501));
            if (isRead) Assert.Equal(500 + last, joiner.Add(Fragment(0, last + 1))!.Value.Length);
            else Assert.Equal(ProximityCodes.MessageTooLarge, Assert.Throws<MalformedDataException>(() => joiner.Add(Fragment(0, last + 1))).Code);
        }
    }

    [Theory]
    [InlineData(23)]
    [InlineData(512)]
    public async Task A_session_runs_in_process(int mtu)
    {
        var (holder, reader) = InProcessTransport.CreatePair(mtu);
        await RunSessionAsync(holder, reader, RandomNumberGenerator.GetBytes(700), RandomNumberGenerator.GetBytes(40_000));
    }

    [Fact]
    public async Task A_session_runs_over_TCP()
    {
        var (holder, reader) = await ConnectAsync();
        await RunSessionAsync(holder, reader, RandomNumberGenerator.GetBytes(700), RandomNumberGenerator.GetBytes(200_000));
    }

    [Fact]
    public async Task A_connection_that_breaks_off_in_a_message_is_an_error_and_between_messages_the_end()
    {
        var (holder, reader) = InProcessTransport.CreatePair();
        await holder.SendFragmentAsync([1, 65], Ct);
        await holder.DisposeAsync();
        Assert.Equal(ProximityCodes.Disconnected, (await Assert.ThrowsAsync<FetchException>(async () => await reader.ReceiveAsync(Ct))).Code);
        Assert.Equal(ProximityCodes.Disconnected, (await Assert.ThrowsAsync<FetchException>(async () => await holder.SendAsync(new byte[1], Ct))).Code);

        var (closing, waiting) = await ConnectAsync();
        await closing.DisposeAsync();
        Assert.Null(await waiting.ReceiveAsync(Ct));
        await waiting.DisposeAsync();
        Assert.Equal(ProximityCodes.Disconnected, (await Assert.ThrowsAsync<FetchException>(async () => await waiting.SendAsync(new byte[1], Ct))).Code);
        Assert.Equal(ProximityCodes.Disconnected, (await Assert.ThrowsAsync<FetchException>(async () => await waiting.ReceiveAsync(Ct))).Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_connection_that_breaks_off_in_a_length_is_an_error(int sent)
    {
        var port = new TaskCompletionSource<int>();
        var accepting = TcpLoopbackTransport.AcceptAsync(port.SetResult, cancellationToken: Ct);
        using (var peer = new TcpClient())
        {
            await peer.ConnectAsync(IPAddress.Loopback, await port.Task, Ct);
            await peer.GetStream().WriteAsync(new byte[sent], Ct);
        }

        await using var transport = await accepting;
        Assert.Equal(ProximityCodes.Disconnected, (await Assert.ThrowsAsync<FetchException>(async () => await transport.ReceiveAsync(Ct))).Code);
    }

    [Theory]
    [InlineData(0u, 0, ProximityCodes.FragmentMalformed)]
    [InlineData(1001u, 0, ProximityCodes.MessageTooLarge)]
    [InlineData(uint.MaxValue, 0, ProximityCodes.MessageTooLarge)]
    [InlineData(1000u, 999, ProximityCodes.Disconnected)]
    [InlineData(1000u, 1000, null)]
    public async Task A_hostile_length_over_TCP_is_refused(uint length, int sent, string? code)
    {
        var port = new TaskCompletionSource<int>();
        var accepting = TcpLoopbackTransport.AcceptAsync(port.SetResult, maxMessageBytes: 1000, cancellationToken: Ct);
        using (var peer = new TcpClient())
        {
            await peer.ConnectAsync(IPAddress.Loopback, await port.Task, Ct);
            var bytes = new byte[4 + sent];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
            await peer.GetStream().WriteAsync(bytes, Ct);
        }

        await using var transport = await accepting;
        if (code is null) Assert.Equal(sent, (await transport.ReceiveAsync(Ct))!.Value.Length);
        else Assert.Equal(code, (await Assert.ThrowsAnyAsync<CredentialException>(async () => await transport.ReceiveAsync(Ct))).Code);
    }

    [Fact]
    public async Task Nobody_to_connect_to_is_an_error_with_a_code()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        Assert.Equal(ProximityCodes.Disconnected, (await Assert.ThrowsAsync<FetchException>(() => TcpLoopbackTransport.ConnectAsync(port, cancellationToken: Ct))).Code);
    }

    internal static async Task<(IProximityTransport Holder, IProximityTransport Reader)> ConnectAsync()
    {
        var port = new TaskCompletionSource<int>();
        var accepting = TcpLoopbackTransport.AcceptAsync(port.SetResult, cancellationToken: Ct);
        var reader = await TcpLoopbackTransport.ConnectAsync(await port.Task, cancellationToken: Ct);
        return (await accepting, reader);
    }

    // Engagement by QR code, one request, one response, termination; the holder answers on a task of its own.
    private static async Task RunSessionAsync(IProximityTransport holderEnd, IProximityTransport readerEnd, byte[] request, byte[] response)
    {
        using var holder = ProximityHolderSession.BeginByQr([]);
        var answering = Task.Run(
            async () =>
            {
                var received = await holder.ReceiveAsync((await holderEnd.ReceiveAsync(Ct))!.Value, Ct);
                Assert.Equal(request, received.Payload!.Value);
                await holderEnd.SendAsync(holder.Respond(response), Ct);
                Assert.True((await holder.ReceiveAsync((await holderEnd.ReceiveAsync(Ct))!.Value, Ct)).EndsSession);
                await holderEnd.DisposeAsync();
            },
            Ct);

        using var reader = await ProximityReaderSession.BeginAsync(DeviceEngagement.ParseQrText(holder.Engagement.ToQrText()), cancellationToken: Ct);
        await readerEnd.SendAsync(reader.Request(request), Ct);
        Assert.Equal(response, (await reader.ReceiveAsync((await readerEnd.ReceiveAsync(Ct))!.Value)).Payload!.Value);
        await readerEnd.SendAsync(reader.Terminate(), Ct);
        Assert.Null(await readerEnd.ReceiveAsync(Ct));
        await answering.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await readerEnd.DisposeAsync();
    }

    private static byte[] Fragment(byte first, int length) => [first, .. new byte[length - 1]];
}
