using System.Net;
using Credentials.Verifier.Http;
using Credentials.Verifier.Tests.Setup;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Verifier.Tests;

/// <summary>Bodies are read under a cap of their own and one of all together.</summary>
public sealed class RequestBodyTests
{
    private const int Piece = RequestBody.Piece;
    private const int Free = RequestBody.FreePieces * Piece;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Piece - 1)]
    [InlineData(Piece)]
    [InlineData(Piece + 1)]
    [InlineData(3 * Piece)]
    [InlineData((9 * Piece) - 7)]
    public async Task What_arrives_in_pieces_of_any_length_is_read_whole(int length)
    {
        var sent = new byte[length];
        new Random(length).NextBytes(sent);
        foreach (var most in new[] { 1, 1000, Piece, length + 1 })
        {
            if (most == 1 && length > Piece + 1)
                continue;
            Assert.Equal(sent, await RequestBody.ReadAsync(Request(new BodyBudget(), new Dribble(sent, most)), 9 * Piece, Ct));
        }
    }

    [Fact]
    public async Task One_byte_too_many_is_refused_and_what_was_held_is_given_back()
    {
        var budget = new BodyBudget(3 * Piece);
        for (var times = 0; times < 5; times++)
        {
            var most = Free + (2 * Piece);
            var refused = await Assert.ThrowsAsync<ProtocolException>(() => RequestBody.ReadAsync(Request(budget, new Dribble(new byte[most + 1], Piece)), most, Ct));
            Assert.Equal(VerifierCodes.RequestTooLarge, refused.Code);
        }
        Assert.True(budget.TryTake(3 * Piece));
    }

    [Fact]
    public async Task Of_large_bodies_at_once_only_so_many_are_held_and_small_ones_go_on()
    {
        var (budget, most) = (new BodyBudget(2 * Piece), Free + (4 * Piece));
        // With the piece that it is waiting to fill it holds all that there is.
        var slow = new Halting(Free + Piece);
        var held = RequestBody.ReadAsync(Request(budget, slow), most, Ct);
        await slow.Halted.Task.WaitAsync(Ct);

        var refused = await Assert.ThrowsAsync<ProtocolException>(() => RequestBody.ReadAsync(Request(budget, new Dribble(new byte[Free], Piece)), most, Ct));
        Assert.Equal((VerifierCodes.RequestBusy, 503), (refused.Code, refused.HttpStatus));
        Assert.Equal(Free - 1, (await RequestBody.ReadAsync(Request(budget, new Dribble(new byte[Free - 1], Piece)), most, Ct)).Length);

        slow.End.SetResult();
        Assert.Equal(Free + Piece, (await held).Length);
        Assert.Equal(Free + Piece, (await RequestBody.ReadAsync(Request(budget, new Dribble(new byte[Free + Piece], Piece)), most, Ct)).Length);
    }

    [Fact]
    [Trait("Row", "WEB-07")]
    public async Task A_large_request_in_a_bad_moment_is_told_when_to_come_again()
    {
        await using var verifier = new TestVerifier();
        await verifier.InitializeAsync();
        var budget = verifier.Host.Services.GetRequiredService<BodyBudget>();
        Assert.True(budget.TryTake((int)BodyBudget.Default));
        async Task<HttpResponseMessage> AskAsync() =>
            await verifier.SendAsync(HttpMethod.Post, "/documents/verify", content: new StringContent($$"""{"document":"{{new string('A', 100_000)}}"}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));

        using (var refused = await AskAsync())
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
            Assert.Equal(VerifierCodes.RequestBusy, TestVerifier.Text(await TestVerifier.ReadAsync(refused), "code"));
        }
        await verifier.CreateAsync("over-19");

        budget.GiveBack((int)BodyBudget.Default);
        using var again = await AskAsync();
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    private static HttpRequest Request(BodyBudget budget, Stream body)
    {
        var services = new ServiceCollection().AddSingleton(budget).BuildServiceProvider();
        return new DefaultHttpContext
        {
            RequestServices = services,
            Request = { Body = body },
        }.Request;
    }

    /// <summary>Gives no more at a time than it is told.</summary>
    private sealed class Dribble(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }

    /// <summary>Gives its bytes, and the end only when it is told.</summary>
    private sealed class Halting(int length) : MemoryStream(new byte[length])
    {
        public TaskCompletionSource Halted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                Halted.SetResult();
                await End.Task.WaitAsync(cancellationToken);
            }
            return read;
        }
    }
}
