using System.Reflection;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Credentials.Tests.Shared;

/// <summary>
/// The Chromium that is installed on this machine, started when the first page is asked for: the one without windows where it is there,
/// which takes half the processor time. Never downloads a browser: where there is none in /usr/bin (nor the program named by
/// CREDENTIALS_TEST_BROWSER), the test is skipped with the reason.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] _flags =
    [
        "--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    private static readonly string[] _programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    /// <summary>More flags for the browser, set before the first page is asked for.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    private readonly SemaphoreSlim _starting = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A page in a context of its own (own cookies). Sizes used here: 390×844 is a phone, 1280×800 a desktop.</summary>
    public async Task<IPage> NewPageAsync(int width = 1280, int height = 800, string locale = "en")
    {
        var context = await NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = locale,
        });
        return await context.NewPageAsync();
    }

    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        var program = Environment.GetEnvironmentVariable("CREDENTIALS_TEST_BROWSER") ?? _programs.FirstOrDefault(File.Exists) ?? _programs[^1];
        Assert.SkipUnless(File.Exists(program), $"No browser: {program} is not installed.");
        await _starting.WaitAsync();
        try
        {
            _browser ??= await LaunchAsync(program);
        }
        finally
        {
            _starting.Release();
        }
        var context = await _browser.NewContextAsync(options);
        // Long: several browsers and services share two cores where these tests run.
        context.SetDefaultTimeout(90_000);
        return context;
    }

    /// <summary>What axe finds serious or critical on the page as it stands: "rule: help (selector)".</summary>
    public static async Task<IReadOnlyList<string>> SeriousFindingsAsync(IPage page)
    {
        var result = await page.RunAxe();
        return
        [
            .. from finding in result.Violations
               where finding.Impact is "serious" or "critical"
               from node in finding.Nodes
               select $"{finding.Id}: {finding.Help} ({node.Target})",
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> LaunchAsync(string program)
    {
        var package = typeof(Browser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "PlaywrightPackage").Value;
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", package);
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = [.. _flags, .. Flags] });
    }
}
