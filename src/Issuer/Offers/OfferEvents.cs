using System.Text;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Offers;

/// <summary><c>GET /o/{id}/events</c>: the offer's state as server-sent events, until it is final. For the holder of the page's cookie.</summary>
internal static class OfferEvents
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/o/{id}/events", HandleAsync).RequireRateLimiting(Http.RateLimits.Public);

    private static async Task HandleAsync(
        string id, HttpContext http, IssuerDbContext db, IServiceScopeFactory scopes, IssuerOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (await OfferPage.FindByCookieAsync(id, http, db, options) is not { } offer)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            OfferState? told = null;
            for (var looks = 0; ; looks++)
            {
                var state = OfferView.StateAt(offer, time.GetUtcNow());
                if (state != told)
                    await SendAsync(http, $"event: state\ndata: {OfferView.Name(state)}\n\n", ended.Token);
                else if (looks % 30 == 0)
                    await SendAsync(http, ": still here\n\n", ended.Token); // keeps proxies from closing the line
                told = state;
                if (state is not (OfferState.Created or OfferState.Redeemed))
                    return;
                await Task.Delay(_look, ended.Token);
                // A scope per look: an open page holds no database connection.
                await using var scope = scopes.CreateAsyncScope();
                offer = await scope.ServiceProvider.GetRequiredService<IssuerDbContext>().Offers.AsNoTracking().SingleAsync(o => o.Id == id, ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader went away or the service stops: the stream just ends, the browser comes back by itself.
        }
    }

    private static async Task SendAsync(HttpContext http, string text, CancellationToken ct)
    {
        await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(text), ct);
        await http.Response.Body.FlushAsync(ct);
    }
}
