using System.Net;
using Credentials.Http;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Verifier.Api;
using Credentials.Verifier.Clerk;
using Credentials.Verifier.Documents;
using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Parties;
using Credentials.Verifier.RelyingParty;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;
using Credentials.Verifier.Trust;
using Credentials.Verifier.VcApi;
using Credentials.Verifier.Wallet;
using Credentials.Verifier.Webhooks;
using Credentials.W3c;
using Credentials.X509;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.FileProviders;

namespace Credentials.Verifier;

/// <summary>The verifier service, for hosting in any process. Dispose it to stop it; everything acknowledged is saved.</summary>
public sealed class VerifierHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private VerifierHost(WebApplication app, VerifierReady ready)
    {
        _app = app;
        Ready = ready;
    }

    /// <summary>Where it is, and what others need to use it.</summary>
    public VerifierReady Ready { get; }

    internal IServiceProvider Services => _app.Services;

    /// <summary>Where the process itself listens, which a proxy may hide.</summary>
    internal string BoundAddress => $"http://localhost:{BoundPort(_app)}";

    /// <summary>Checks the options, opens the data folder and the database, and starts to serve.</summary>
    /// <param name="options">All options; checked together.</param>
    /// <param name="logging">Where logs go; to standard error when not given.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="VerifierStartException">An option, file or database is not usable; the message says which.</exception>
    public static async Task<VerifierHost> BuildAsync(
        VerifierHostOptions options, Action<ILoggingBuilder>? logging = null, CancellationToken cancellationToken = default)
    {
        OptionsCheck.Run(options);
        if (options.Time == TimeProvider.System)
            options = options with { Time = new GuardedClock() };
        var app = Compose(options, logging ?? (builder => ToStandardError(builder, options.JsonLogs)));
        try
        {
            var keys = await PrepareAsync(app.Services, options, cancellationToken);
            await app.StartAsync(cancellationToken);
            var url = app.Services.GetRequiredService<ServiceUrl>();
            url.Base = options.PublicUrl ?? $"http://localhost:{BoundPort(app)}";
            var own = app.Services.GetRequiredService<PartyRegistry>().Own.Identities.Access;
            return new VerifierHost(app, new VerifierReady(url.Base, keys.GetValueOrDefault(options.RelyingParty), own.RootPath!)
            {
                PartyKeys = keys.Where(key => key.Key != options.RelyingParty).ToDictionary(),
            });
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            if (e is IOException)
                throw new VerifierStartException($"port {options.Port} cannot be listened on", e);
            throw;
        }
    }

    /// <summary>Serves until the token is cancelled or the process is asked to end, then finishes what is under way.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _app.WaitForShutdownAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Compose(VerifierHostOptions options, Action<ILoggingBuilder> logging)
    {
        // The empty builder reads no environment and no settings file: the options are all there is.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(VerifierHost).Assembly.GetName().Name });
        logging(builder.Logging);
        // The framework's own request log quotes the whole URL, and with it page secrets and response codes.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Each route has a lower cap of its own; what exceeds that is still read to its end, so that the refusal arrives.
            kestrel.Limits.MaxRequestBodySize = 4 << 20;
            // What has arrived and nobody has read yet, for each connection.
            kestrel.Limits.MaxRequestBufferSize = 64 << 10;
            if (options.Bind is { } address)
                kestrel.Listen(address, options.Port);
            else if (options.Port == 0)
                kestrel.Listen(IPAddress.Loopback, 0);
            else
                kestrel.ListenLocalhost(options.Port);
        });
        AddServices(builder.Services, options);
        var app = builder.Build();
        Map(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, VerifierHostOptions options)
    {
        services.AddRouting();
        services.AddVerifierRateLimits(options);
        Telemetry.Add(services, options.TelemetryCollector);
        services.AddVerifierDatabase(options);
        services.AddSingleton(options);
        services.AddSingleton(new ServiceUrl());
        services.AddSingleton(_ => ServiceKey.LoadOrCreate(Path.Combine(options.DataFolder, "keys", "service.key")));
        services.AddSingleton(s => PartyRegistry.Load(options, s.GetRequiredService<ServiceUrl>()));
        services.AddSingleton(_ => ConfiguredTrust.Load(options));
        services.AddSingleton<OfflineStore>();
        services.AddSingleton(s => new OutboundHttp(new OutboundHttpOptions
        {
            AllowLoopbackHttp = options.AllowLoopbackHttp,
            TimeProvider = options.Time,
            Kept = s.GetRequiredService<OfflineStore>().Kept,
        }));
        services.AddSingleton(s => new StatusListClient(s.GetRequiredService<OutboundHttp>()));
        services.AddSingleton(s => new JwtVcIssuerMetadataClient(s.GetRequiredService<OutboundHttp>()));
        services.AddSingleton(s => new SignerRevocation(new CrlClient(s.GetRequiredService<OutboundHttp>()), options.Revocation));
        services.AddSingleton<IFileProvider>(new ManifestEmbeddedFileProvider(typeof(VerifierHost).Assembly, "wwwroot"));
        services.AddSingleton<VcApiRoutes.Checker>();
        services.AddSingleton(s => W3cSupport.Online(s.GetRequiredService<OutboundHttp>()) with { AcceptsDataModelV1 = options.AcceptsDataModelV1 });
        services.AddSingleton<PageCookie>();
        services.AddSingleton<ClerkSessions>();
        services.AddSingleton<ScanPage>();
        services.AddSingleton<NewTransaction>();
        services.AddSingleton<DocumentVerification>();
        services.AddSingleton<RecentQueries>();
        services.AddSingleton<RequestComposer>();
        services.AddSingleton<TransactionDocument>();
        services.AddSingleton<AnswerVerification>();
        services.AddSingleton<AnswerIntake>();
        services.AddSingleton<VerifierMetrics>();
        services.AddSingleton<RecentApiKeys>();
        services.AddSingleton(new BodyBudget());
        services.AddSingleton<WebhookHosts>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<ClockGuard>();
        services.AddHostedService(s => s.GetRequiredService<ClockGuard>());
        services.AddSingleton<TransactionWatch>();
        services.AddHostedService(s => s.GetRequiredService<TransactionWatch>());
        services.AddHostedService<ExpirySweep>();
        services.AddHostedService<OfflineRefresh>();
        services.AddHostedService<WebhookWorker>();
    }

    private static void Map(WebApplication app)
    {
        TrustedProxies.Use(app, app.Services.GetRequiredService<VerifierHostOptions>().TrustedProxies);
        app.UseSecurityHeaders(app.Services.GetRequiredService<ServiceUrl>());
        app.UseErrorMapping();
        app.UseRouting();
        ClockGuard.Use(app, app.Services.GetRequiredService<ClockGuard>());
        app.UseRateLimiter();
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = app.Services.GetRequiredService<IFileProvider>(),
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "public, max-age=300",
        });
        var limited = app.MapGroup("").RequireRateLimiting(RateLimits.PerAddress);
        CreateVerification.Map(limited);
        GetVerification.Map(limited);
        GetEvidence.Map(limited);
        CancelVerification.Map(limited);
        DigitalCredentials.Map(limited);
        VerifyDocument.Map(limited);
        WebhookRoutes.Map(limited);
        if (app.Services.GetRequiredService<VerifierHostOptions>().VcApi)
            VcApiRoutes.Map(limited);
        TransactionQr.Map(limited);
        StreamEvents.Map(limited);
        ShowTransaction.Map(limited);
        ReturnFromWallet.Map(limited);
        SignIn.Map(limited);
        ChooseParty.Map(limited);
        AskForPolicy.Map(limited);
        ScanDocument.Map(limited);
        var wallet = limited.MapGroup("/wallet");
        GetRequestObject.Map(wallet);
        PostResponse.Map(wallet);
        DidDocument.Map(limited);
        ApiDocument.Map(limited);
        ApiPage.Map(limited);
        Health.Map(app);
    }

    /// <summary>Reads every file and brings the database up to date, before the first request.</summary>
    /// <returns>The API keys that were made, by relying party.</returns>
    private static async Task<Dictionary<string, string>> PrepareAsync(IServiceProvider services, VerifierHostOptions options, CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(options.DataFolder, "keys"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VerifierStartException($"the data folder {options.DataFolder} cannot be used", e);
        }
        var key = services.GetRequiredService<ServiceKey>();
        var parties = services.GetRequiredService<PartyRegistry>();
        services.GetRequiredService<Credentials.Trust.TrustStore>();
        services.GetRequiredService<OfflineStore>();
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VerifierDbContext>();
        await DatabaseSetup.MigrateAsync(db, key, ct);
        // Whose only key was revoked has had its first one: a restart does not let it in again.
        var have = await db.ApiKeys.Select(k => k.RelyingParty).Distinct().ToListAsync(ct);
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        var now = options.Time.GetUtcNow();
        if (options.NewApiKey || !have.Contains(options.RelyingParty))
            made[options.RelyingParty] = await ApiKeys.CreateAsync(db, options.RelyingParty, options.ApiKeyName, options.Scopes, now, ct);
        foreach (var party in parties.Listed.Where(party => party.Id != options.RelyingParty && !have.Contains(party.Id)))
            made[party.Id] = await ApiKeys.CreateAsync(db, party.Id, name: null, scopes: null, now, ct);
        return made;
    }

    private static int BoundPort(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    private static void ToStandardError(ILoggingBuilder logging, bool json)
    {
        if (json)
            logging.AddJsonConsole(console => (console.TimestampFormat, console.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true));
        else
            logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Warning);
        // What fails there is thrown as well, and told where it is not what was to be expected (an answer that comes twice).
        logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical).AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.Critical);
        // A start that fails is told by whoever hosts the service, in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }
}
