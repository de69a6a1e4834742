using System.Text;
using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Transactions;

/// <summary>
/// <c>GET /verifications/{id}/events</c>: the transaction's document as a server-sent event now and at each change, until it
/// is final.
/// </summary>
internal static class StreamEvents
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(12);
    private const int MaxStreams = 500;
    private static int s_streams;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/verifications/{id}/events", HandleAsync).WithMetadata(RouteAudience.RelyingParty);

    private static async Task HandleAsync(
        string id, HttpContext http, IServiceScopeFactory scopes, VerifierHostOptions options, PageCookie cookie,
        TransactionDocument document, TransactionWatch watch, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        TransactionRow? row;
        await using (var scope = scopes.CreateAsyncScope())
            row = await TransactionAccess.RequireOwnOrPageAsync(http, scope.ServiceProvider.GetRequiredService<VerifierDbContext>(), options.Time, cookie, id, ct);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        if (Interlocked.Increment(ref s_streams) > MaxStreams)
        {
            Interlocked.Decrement(ref s_streams);
            throw new ProtocolException(VerifierCodes.EventsTooMany, "temporarily_unavailable", "Too many listeners; ask for the state instead.", StatusCodes.Status503ServiceUnavailable);
        }
        try
        {
            http.Response.ContentType = "text/event-stream";
            await WriteChangesAsync(http, scopes, options.Time, document, watch, row, ended.Token);
        }
        catch (OperationCanceledException)
        {
            // The listener left or the service stops; browsers connect again by themselves.
        }
        finally
        {
            Interlocked.Decrement(ref s_streams);
        }
    }

    private static async Task WriteChangesAsync(
        HttpContext http, IServiceScopeFactory scopes, TimeProvider time, TransactionDocument document, TransactionWatch watch, TransactionRow? row, CancellationToken ct)
    {
        string? shown = null;
        while (row is not null)
        {
            if (TransactionStates.Shown(row.State) != shown)
            {
                shown = TransactionStates.Shown(row.State);
                await WriteAsync(http, $"event: state\ndata: {document.ToJson(row).ToJsonString()}\n\n", ct);
            }
            if (TransactionStates.IsFinal(row.State))
                return;
            while (!await watch.ChangesAsync(row, Heartbeat, ct))
                await WriteAsync(http, ": still here\n\n", ct);
            await using var scope = scopes.CreateAsyncScope();
            row = await TransactionAccess.LoadAsync(scope.ServiceProvider.GetRequiredService<VerifierDbContext>(), time, row.Id, ct);
        }
    }

    private static async Task WriteAsync(HttpContext http, string text, CancellationToken ct)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await http.Response.Body.FlushAsync(ct);
    }
}
