using Credentials.Issuer.Agency;
using Credentials.Issuer.Authorization;
using Credentials.Issuer.Bulk;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Formats;
using Credentials.Issuer.Http;
using Credentials.Issuer.Issuance;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Metadata;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Staff;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.Issuer.VcApi;
using Credentials.Keys;
using Credentials.X509;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Credentials.Issuer;

/// <summary>An issuer service, ready to start in whatever process hosts it.</summary>
public sealed class IssuerHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private IssuerHost(WebApplication app, string url, string? apiKey, string trustPath)
    {
        _app = app;
        Url = url;
        ApiKey = apiKey;
        TrustPath = trustPath;
    }

    /// <summary>The public URL, which is the credential issuer identifier.</summary>
    public string Url { get; }

    /// <summary>A new agency API key, when one was made; it cannot be shown again.</summary>
    public string? ApiKey { get; }

    /// <summary>The file of what others must trust: the authority's certificate as PEM, and the identifier of this issuer in W3C credentials.</summary>
    public string TrustPath { get; }

    internal IServiceProvider Services => _app.Services;

    /// <summary>Initialises the data folder and the database where needed and prepares the service; it does not listen yet.</summary>
    /// <exception cref="IssuerStartException">The service cannot start as it is configured; the message says why.</exception>
    public static async Task<IssuerHost> BuildAsync(IssuerHostOptions host, CancellationToken ct = default)
    {
        if (host.Time == TimeProvider.System)
            host = host with { Time = new GuardedClock() };
        var folder = Path.GetFullPath(host.DataFolder);
        Directory.CreateDirectory(folder);
        var builder = NewBuilder(host, folder);
        var app = builder.Build();
        try
        {
            var options = ReadOptions(app);
            RefuseOpenDemo(host, options);
            var keys = app.Services.GetRequiredService<IssuerKeys>();
            keys.RequireSigners();
            await CheckTokenAsync(app, keys, ct);
            await app.Services.GetRequiredService<ClaimsLookup>().CheckAsync(app.Services.GetRequiredService<CredentialCatalog>(), ct);
            _ = app.Services.GetRequiredService<EncryptionKey>();
            // A file that is wrong is told before the database is touched.
            _ = app.Services.GetRequiredService<AttestationTrust>();
            CheckTypes(options, app.Services.GetRequiredService<CredentialCatalog>());
            StartNotes.Write(
                app.Services.GetRequiredService<ILogger<IssuerHost>>(), options, app.Services.GetRequiredService<CredentialCatalog>(),
                keys.DocumentSigner(host.Time.GetUtcNow()).Certificate.NotAfter, host.Time.GetUtcNow());
            var apiKey = await PrepareDatabaseAsync(app, host, keys, options, ct);
            MapRoutes(app, options, app.Services.GetRequiredService<CredentialCatalog>(), keys);
            return new IssuerHost(app, options.PublicUrl, apiKey, keys.WriteTrust(app.Services.GetRequiredService<IssuerIdentity>().Did));
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts to listen.</summary>
    public Task StartAsync(CancellationToken ct = default) => _app.StartAsync(ct);

    /// <summary>Finishes what is running and stops.</summary>
    public Task StopAsync(CancellationToken ct = default) => _app.StopAsync(ct);

    /// <summary>Returns when the process is asked to end (SIGTERM, Ctrl+C) and the service has stopped.</summary>
    public Task WaitForShutdownAsync(CancellationToken ct = default) => _app.WaitForShutdownAsync(ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplicationBuilder NewBuilder(IssuerHostOptions host, string folder)
    {
        // The host's own assembly may be another one: the name decides where embedded parts are looked for.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(IssuerHost).Assembly.GetName().Name, ContentRootPath = folder });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.AgencyCap;
            if (host.ListenOnAllAddresses)
                kestrel.ListenAnyIP(host.Port);
            else
                kestrel.ListenLocalhost(host.Port);
        });
        builder.Logging.ClearProviders();
        if (host.Logging is { } logging)
            logging(builder.Logging);
        else
            ToStandardError(builder.Logging, host.JsonLogs);
        // The framework's own request log quotes the whole URL, and with it the secrets of pages.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        AddServices(builder, host, folder);
        return builder;
    }

    private static void ToStandardError(ILoggingBuilder logging, bool json)
    {
        if (json)
            logging.AddJsonConsole(console => (console.TimestampFormat, console.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true));
        else
            logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning)
            // What fails there is thrown as well, and told where it is not what was to be expected (a code that is used twice).
            .AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical).AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.Critical)
            // A start that fails is told by whoever hosts the service, in one line.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }

    private static void AddServices(WebApplicationBuilder builder, IssuerHostOptions host, string folder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<IssuerOptions>, IssuerOptionsCheck>();
        services.AddOptions<IssuerOptions>().Bind(builder.Configuration.GetSection("Issuer")).Configure(options =>
        {
            options.PublicUrl = host.PublicUrl ?? (options.PublicUrl.Length > 0 ? options.PublicUrl : $"http://localhost:{host.Port}");
            options.CatalogFolder = host.CatalogFolder ?? options.CatalogFolder;
            host.Configure?.Invoke(options);
        }).ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<IssuerOptions>>().Value);
        services.AddSingleton(host.Time);
        services.AddSingleton(provider => CredentialCatalog.Load(provider.GetRequiredService<IssuerOptions>().CatalogFolder));
        services.AddSingleton(provider => IssuerKeys.LoadOrCreate(
            folder, provider.GetRequiredService<IssuerOptions>().CertificateName, provider.GetRequiredService<IssuerOptions>().Country, host.Time,
            IssuerKeys.ReadPassphrase(provider.GetRequiredService<IssuerOptions>().KeyPassphraseFile), Contacts(provider.GetRequiredService<IssuerOptions>()),
            provider.GetRequiredService<IssuerOptions>().Pkcs11.Open()));
        services.AddSingleton<SignerRevocationList>();
        services.AddSingleton<IssuerIdentity>();
        services.AddSingleton<KeyWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyWatch>());
        services.AddSingleton<ClaimsLookup>();
        services.AddSingleton<BatchSources>();
        services.AddSingleton<NonceMint>(provider => ActivatorUtilities.CreateInstance<NonceMint>(provider, "nonce"));
        services.AddSingleton<DpopNonceMint>();
        services.AddSingleton<ChallengeMint>();
        services.AddSingleton(provider =>
        {
            _ = provider.GetRequiredService<IssuerKeys>(); // which makes the folder
            return EncryptionKey.LoadOrCreate(folder);
        });
        services.AddSingleton(provider => new AttestationTrust(provider.GetRequiredService<IssuerOptions>()));
        services.AddSingleton<AttestationStatus>();
        services.AddSingleton<HolderKeys>();
        services.AddSingleton<SecureMessages>();
        services.AddSingleton<IDataProtectionProvider, SecretProtection>();
        services.AddScoped<DpopGate>();
        services.AddScoped<ClientAuthentication>();
        services.AddScoped<TokenDesk>();
        services.AddScoped<PreAuthorizedCodes>();
        services.AddScoped<AuthorizationCodes>();
        services.AddScoped<RefreshTokens>();
        services.AddScoped<LateClaims>();
        services.AddScoped<DeferralDesk>();
        services.AddSingleton<ClockGuard>();
        services.AddHostedService(provider => provider.GetRequiredService<ClockGuard>());
        HolderSignIn.Add(services, host.DemoSignIn);
        StaffSignIn.Add(services);
        services.AddSingleton<StatusListSigning>();
        services.AddSingleton(provider => new PublisherElection(
            host.Connection, host.Time, provider.GetRequiredService<ClockGuard>(), provider.GetRequiredService<Metrics>(), provider.GetRequiredService<ILogger<PublisherElection>>()));
        services.AddSingleton<StatusPublisher>();
        services.AddSingleton<StatusIndexes>();
        services.AddHostedService<StatusPublishing>();
        services.AddSingleton<CredentialFormats>();
        services.AddSingleton<CredentialSigner>();
        services.AddSingleton<Metrics>();
        services.AddScoped<IssuanceDesk>();
        services.AddHostedService<CleanUp>();
        services.AddSingleton(provider => new AuditCheckpoints(
            folder, provider.GetRequiredService<IssuerKeys>(), provider.GetRequiredService<IssuerOptions>(), host.Time));
        services.AddHostedService<AuditCheckpointing>();
        services.AddSingleton<BatchSignal>();
        services.AddScoped<BatchUpload>();
        services.AddScoped<BatchChunk>();
        services.AddHostedService<BatchWorker>();
        services.AddScoped<StaffAccounts>();
        DatabaseSetup.Add(services, folder, host.Connection);
        RateLimits.Add(services);
        Telemetry.Add(services, host.TelemetryCollector);
    }

    private static IssuerOptions ReadOptions(WebApplication app)
    {
        try
        {
            return app.Services.GetRequiredService<IssuerOptions>();
        }
        catch (OptionsValidationException e)
        {
            throw new IssuerStartException(string.Join(' ', e.Failures), e);
        }
    }

    /// <summary>A token that is away may come back; what a setting or somebody's hand must change is told at once.</summary>
    private static async Task CheckTokenAsync(WebApplication app, IssuerKeys keys, CancellationToken ct)
    {
        try
        {
            await keys.CheckTokenAsync(ct);
        }
        catch (KeyUnavailableException e) when (e.Code is KeyCodes.TokenUnavailable or KeyCodes.TokenTimeout)
        {
            app.Logger.LogWarning("The token of the signing keys cannot be used yet: {Code}. What needs it is answered with 503 until then.", e.Code);
        }
        catch (KeyUnavailableException e)
        {
            throw new IssuerStartException($"The token of the signing keys cannot be used ({e.Code}): {e.Message}", e);
        }
    }

    // ISO/IEC 18013-5 Annex B wants them in certificates. A service that is only tried out has no address that lasts as long as they do.
    private static CertificateContacts? Contacts(IssuerOptions options) =>
        options.IsHttps ? new CertificateContacts(new Uri(options.PublicUrl), new Uri(options.PublicUrl + SignerRevocationList.Path)) : null;

    private static void RefuseOpenDemo(IssuerHostOptions host, IssuerOptions options)
    {
        if (host.DemoSignIn && (host.ListenOnAllAddresses || !new Uri(options.PublicUrl).IsLoopback || options.Profile == IssuerProfile.Haip))
            throw new IssuerStartException("The demo's sign-in proves nothing: it is for a service that only this machine can reach.");
    }

    private static void CheckTypes(IssuerOptions options, CredentialCatalog catalog)
    {
        if (options.KeyAttestations.Keys.FirstOrDefault(id => catalog.Find(id) is null) is { } unknown)
            throw new IssuerStartException($"KeyAttestations names '{unknown}', which is no credential configuration.");
    }

    private static async Task<string?> PrepareDatabaseAsync(WebApplication app, IssuerHostOptions host, IssuerKeys keys, IssuerOptions options, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IssuerDbContext>();
        try
        {
            await DatabaseSetup.MigrateAsync(db, ct);
        }
        catch (Exception e) when (DatabaseSetup.IsUnavailable(e))
        {
            throw new IssuerStartException("The database cannot be reached or opened.", e);
        }

        var fresh = await FirstStart.ClaimAsync(db, keys, options, ct);
        if (!fresh && !host.NewApiKey)
            return null;
        var key = ApiKeyGate.Create(db, Storage.ApiKey.AgencyRole, host.Time.GetUtcNow(), out var id);
        await AuditLog.AppendAsync(db, host.Time.GetUtcNow(), "operator", "api_key.create", id, null, ct);
        return key;
    }

    private static void MapRoutes(WebApplication app, IssuerOptions options, CredentialCatalog catalog, IssuerKeys keys)
    {
        var basePath = PageFrame.BasePath(options);
        TrustedProxies.Use(app, options.TrustedProxies);
        Metrics.UseRequestCount(app, app.Services.GetRequiredService<Metrics>());
        SecurityHeaders.Use(app, options.IsHttps);
        ErrorMapping.Use(app);
        ClockGuard.Use(app, app.Services.GetRequiredService<ClockGuard>());
        app.UseRouting();
        app.UseRateLimiter();
        var kind = app.Services.GetRequiredService<SignInKind>();
        // The provider's answer to a sign-in comes in here.
        app.UseAuthentication();

        var routes = app.MapGroup(basePath);
        GetMetadata.Map(
            app, routes, basePath, options, catalog, app.Services.GetRequiredService<CredentialFormats>(), keys,
            app.Services.GetRequiredService<EncryptionKey>(), app.Services.GetRequiredService<AttestationTrust>(), kind,
            app.Services.GetRequiredService<IssuerIdentity>());
        GetStatusList.Map(routes);
        GetBitstringList.Map(routes);
        GetRevocationList.Map(routes);
        Health.Map(routes);
        Metrics.Map(routes);
        Assets.Map(routes, catalog);
        // Wallets
        GetOfferObject.Map(routes);
        ExchangeCode.Map(routes);
        IssueNonce.Map(routes);
        IssueCredential.Map(routes);
        IssueDeferred.Map(routes);
        ReceiveNotification.Map(routes);
        IssueChallenge.Map(routes);
        if (HolderSignIn.IsServed(options, kind))
        {
            PushRequest.Map(routes);
            Authorize.Map(routes);
            HolderSignIn.Map(routes, kind);
        }

        // People
        OfferPage.Map(routes);
        OfferEvents.Map(routes);
        // Agency staff, in the browser
        var staff = StaffGate.MapStaff(routes);
        SignIn.Map(routes, staff);
        StaffSignIn.Map(routes, options);
        OverviewPage.Map(staff);
        CredentialPages.Map(staff);
        NewOfferPage.Map(staff);
        BatchPages.Map(staff);
        DeferredPages.Map(staff);
        AuditPage.Map(staff);
        AccountsPage.Map(staff);
        // Agency systems
        var agency = ApiKeyGate.MapAgency(routes);
        CreateOffer.Map(agency);
        GetOffer.Map(agency);
        CancelOffer.Map(agency);
        DecideDeferred.Map(agency);
        ListCredentials.Map(agency);
        ChangeStatus.Map(agency);
        ListAudit.Map(agency);
        GetAuditCheckpoint.Map(agency);
        BatchRoutes.Map(agency);
        if (options.VcApi)
            VcApiRoutes.Map(routes);
    }
}
