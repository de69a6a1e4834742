using System.Diagnostics;
using System.Threading.Channels;
using Credentials.OpenId4Vci;
using Credentials.Verifier.Pages;
using Credentials.Wallet.Core;
using Credentials.Wallet.Core.Issuance;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Credentials.Cli;

/// <summary>
/// Where a browser comes back to after an authorization: a port of this machine that listens for as long as somebody waits (RFC 8252 §7.3).
/// Whatever else comes in – other programs and pages can reach the port too – is turned away, and does not end the waiting.
/// </summary>
internal sealed class LoopbackRedirect : IAsyncDisposable
{
    private const int MostWaiting = 16;
    private const int DefaultWaitSeconds = 300;
    private const int MostWaitSeconds = 3600;

    private readonly WebApplication _app;
    private readonly Channel<Arrival> _arrivals = Channel.CreateBounded<Arrival>(MostWaiting);

    private LoopbackRedirect(WebApplication app) => _app = app;

    private sealed record Arrival(string Address, TaskCompletionSource<bool> Answer);

    /// <summary>The redirect URI.</summary>
    internal Uri Address { get; private set; } = null!;

    /// <param name="port">0: any that is free.</param>
    /// <param name="cancelled">Ends the start.</param>
    /// <exception cref="CommandException">The port cannot be listened on.</exception>
    internal static async Task<LoopbackRedirect> StartAsync(int port, CancellationToken cancelled)
    {
        var redirect = new LoopbackRedirect(LoopbackHost.NewBuilder(port, maxBodyBytes: 0).Build());
        redirect._app.Run(redirect.HandleAsync);
        redirect.Address = new Uri(await LoopbackHost.StartAsync(redirect._app, port, "--redirect-port N", cancelled) + WalletAccess.RedirectPath);
        return redirect;
    }

    /// <summary>How long to wait for a person who signs in: <c>--wait-seconds</c>.</summary>
    internal static TimeSpan Patience(Arguments arguments) => TimeSpan.FromSeconds(arguments.Number("--wait-seconds", 1, MostWaitSeconds) ?? DefaultWaitSeconds);

    /// <summary>Waits for the browser, and goes on with the first answer that belongs to an authorization of this wallet.</summary>
    /// <param name="receive">Goes on with the whole address that the browser came back with.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="time">The clock of that.</param>
    /// <param name="onTurnedAway">Is told the code of what was no answer to wait for.</param>
    /// <param name="cancelled">Ends the waiting; what has begun to be received is received to its end.</param>
    /// <returns>What came; null when nobody came in time.</returns>
    internal async Task<IReadOnlyList<IssuanceOutcome>?> WaitAsync(
        Func<string, Task<IReadOnlyList<IssuanceOutcome>>> receive, TimeSpan limit, TimeProvider time, Action<string> onTurnedAway, CancellationToken cancelled)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancelled);
        try
        {
            while (true)
            {
                var arrival = await _arrivals.Reader.ReadAsync(either.Token);
                if (await TryReceiveAsync(arrival, receive, onTurnedAway) is { } outcomes) return outcomes;
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancelled.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Opens the holder's browser. The address is one that the library has checked: https, or http to this machine.</summary>
    internal static void OpenInBrowser(Uri address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true });
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or PlatformNotSupportedException)
        {
            // There is none; the link is on the screen.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _arrivals.Writer.TryComplete();
        while (_arrivals.Reader.TryRead(out var late)) late.Answer.TrySetResult(false);
        // The last page is still on its way to the browser.
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<IReadOnlyList<IssuanceOutcome>?> TryReceiveAsync(Arrival arrival, Func<string, Task<IReadOnlyList<IssuanceOutcome>>> receive, Action<string> onTurnedAway)
    {
        var isReceived = false;
        try
        {
            var outcomes = await receive(arrival.Address);
            isReceived = outcomes.All(outcome => outcome.IsStored || outcome.DeferredId is not null);
            return outcomes;
        }
        catch (CredentialException failure) when (failure.Code is WalletCodes.AuthorizationUnknown or OpenId4VciCodes.AuthorizationResponse or OpenId4VciCodes.IssuerMismatch)
        {
            // Not what is waited for: the authorization itself is not used up.
            onTurnedAway(failure.Code);
            return null;
        }
        finally
        {
            arrival.Answer.TrySetResult(isReceived);
        }
    }

    private async Task HandleAsync(HttpContext http)
    {
        // A name of somebody else's that points here is not ours.
        if (http.Request.Host.Value != Address.Authority || http.Request.Path != WalletAccess.RedirectPath || !HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var arrival = new Arrival(Address.OriginalString + http.Request.QueryString.Value, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_arrivals.Writer.TryWrite(arrival))
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        var isReceived = await arrival.Answer.Task.WaitAsync(http.RequestAborted);
        var language = Language.FromBrowser(http.Request.Headers.AcceptLanguage.ToString());
        var title = isReceived ? language.Choose("발급받았습니다", "Received") : language.Choose("받지 못했습니다", "Not received");
        http.Response.StatusCode = isReceived ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        await http.Response.WriteAsync(Html.Of($"""
            <!DOCTYPE html>
            <html lang="{language.Tag}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>
            <body><main><h1>{title}</h1><p>{language.Choose("이 창을 닫고 시작한 곳으로 돌아가세요.", "Close this window and go back to where you began.")}</p></main></body></html>

            """).Text, http.RequestAborted);
    }
}
