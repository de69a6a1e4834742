using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Wallet.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Credentials.Cli.WebWallet;

/// <summary>
/// The wallet as a web page for one person on this machine: it listens on 127.0.0.1 alone, and only the browser that opened the one-time
/// link is let in. All pages are made here; a script runs in none of them but <see cref="ScanPage"/>.
/// </summary>
internal sealed class WalletServer : IAsyncDisposable
{
    private const int MaxBodyBytes = 4 * 1024 * 1024;

    // As the other pages, but that forms go back here, and nothing runs.
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // The reader of QR codes is compiled from WebAssembly; this allows that and no other evaluation.
    private const string WithCamera = ContentSecurityPolicy + "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

    private readonly WebApplication _app;

    private WalletServer(WebApplication app, WalletSession session) => (_app, Session) = (app, session);

    internal WalletSession Session { get; }

    /// <summary>Starts to serve.</summary>
    /// <exception cref="CommandException">The port cannot be listened on.</exception>
    internal static async Task<WalletServer> StartAsync(CredentialWallet wallet, int port, TimeProvider time, CancellationToken cancelled)
    {
        var builder = LoopbackHost.NewBuilder(port, MaxBodyBytes);
        builder.Services.AddRouting();
        builder.Services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = MaxBodyBytes);
        var url = new ServiceUrl();
        builder.Services.AddSingleton(url);
        var session = new WalletSession(wallet, url);
        builder.Services.AddSingleton(session);
        builder.Services.AddSingleton(time);
        var app = builder.Build();
        Map(app, url);
        url.Base = await LoopbackHost.StartAsync(app, port, "--port N", cancelled);
        return new WalletServer(app, session);
    }

    internal Task RunAsync(CancellationToken cancelled) => _app.WaitForShutdownAsync(cancelled);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void Map(WebApplication app, ServiceUrl url)
    {
        // Set last, and so in the place of what the other pages have.
        app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                if (http.Response.ContentType?.StartsWith("image/", StringComparison.Ordinal) != true)
                    http.Response.Headers.ContentSecurityPolicy = http.GetEndpoint()?.Metadata.GetMetadata<PageNeeds>() is { Camera: true } ? WithCamera : ContentSecurityPolicy;
                // With no-referrer a browser hides the origin of our own forms too.
                http.Response.Headers["Referrer-Policy"] = "same-origin";
                return Task.CompletedTask;
            });
            return next(http);
        });
        app.UseSecurityHeaders(url);
        app.Use(CatchAsync);
        app.Use((http, next) => GuardAsync(http, next, url));
        app.UseRouting();
        app.MapGet("/open", OpenAsync);
        app.MapGet("/assets/wallet.css", StyleAsync);
        HomePage.Map(app);
        ScanPage.Map(app);
        NoticePage.Map(app);
        OfferPage.Map(app);
        IssuerPage.Map(app);
        RequestPage.Map(app);
        DocumentPage.Map(app);
        Pictures.Map(app);
        HistoryPage.Map(app);
        MyDataPage.Map(app);
        MovePage.Map(app);
        app.MapFallback(WalletPage.NotFoundAsync);
    }

    private static async Task StyleAsync(HttpContext http)
    {
        http.Response.ContentType = "text/css; charset=utf-8";
        await using var style = typeof(WalletServer).Assembly.GetManifestResourceStream("WebWallet/wallet.css")!;
        await style.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static Task OpenAsync(HttpContext http)
    {
        var language = Language.Of(http);
        return http.RequestServices.GetRequiredService<WalletSession>().TryOpen(http)
            ? WalletPage.GoTo(http, "/")
            : WalletPage.MessageAsync(http, StatusCodes.Status401Unauthorized,
                language.Choose("이 링크는 더 쓸 수 없습니다", "This link cannot be used any more"),
                language.Choose("지갑을 다시 시작하면 새 링크가 나옵니다.", "Start the wallet again for a new link."));
    }

    /// <summary>
    /// Who may come in. The Host must be ours, or a name that somebody else's DNS points here could be used to read the pages. Forms carry
    /// a token that only our pages have.
    /// </summary>
    private static async Task GuardAsync(HttpContext http, RequestDelegate next, ServiceUrl url)
    {
        var session = http.RequestServices.GetRequiredService<WalletSession>();
        var path = http.Request.Path.Value ?? "";
        if (!string.Equals(http.Request.Host.Value, new Uri(url.Base).Authority, StringComparison.OrdinalIgnoreCase))
        {
            http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return;
        }
        if (path is not ("/open" or WalletAccess.RedirectPath) && !path.StartsWith("/assets/", StringComparison.Ordinal) && !session.IsOpenFor(http))
        {
            var language = Language.Of(http);
            await WalletPage.MessageAsync(http, StatusCodes.Status401Unauthorized, language.Choose("지갑이 잠겨 있습니다", "The wallet is locked"),
                language.Choose("터미널에 나온 링크로 여세요. 링크는 한 번만 쓸 수 있습니다.", "Open it with the link in the terminal. It works once."));
            return;
        }
        if (HttpMethods.IsPost(http.Request.Method) && !await IsOwnFormAsync(http, session))
        {
            await WalletPage.MessageAsync(http, StatusCodes.Status403Forbidden, "403", Language.Of(http).Choose("처음부터 다시 시도하세요.", "Start again."));
            return;
        }
        await next(http);
    }

    private static async Task<bool> IsOwnFormAsync(HttpContext http, WalletSession session)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && origin != session.BaseUrl) return false;
        if (!http.Request.HasFormContentType) return false;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return RandomToken.Same(form["form"].ToString(), session.FormToken);
    }

    private static async Task CatchAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            var language = Language.Of(http);
            var (status, code) = e switch
            {
                FetchException failure => (StatusCodes.Status502BadGateway, failure.Code),
                CredentialException failure => (StatusCodes.Status400BadRequest, failure.Code),
                BadHttpRequestException failure => (failure.StatusCode, CliCodes.InputTooLarge),
                InvalidDataException or ArgumentException or InvalidOperationException => (StatusCodes.Status400BadRequest, CliCodes.InputUnknown),
                _ => (StatusCodes.Status500InternalServerError, ""),
            };
            await WalletPage.MessageAsync(http, status, language.Choose("처리하지 못했습니다", "That did not work"),
                status == 500 ? language.Choose("예상하지 못한 문제가 생겼습니다.", "Something unforeseen happened.")
                    : e is CredentialException known ? WalletErrors.Text(known, language) : WalletErrors.Text(code, language),
                code.Length == 0 ? null : code);
        }
    }
}
