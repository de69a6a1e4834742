using Credentials.Tests.Shared;

namespace Credentials.Wallet.Core.Tests;

/// <summary>What an app developer does first: install the packages from a folder into a new project, and use them.</summary>
public class PackagingTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Credentials.Wallet.Core" Version="0.1.0" />
          </ItemGroup>
        </Project>
        """;

    // The README's way in, without the parties that a test on one machine does not have.
    private const string App = """
        using Credentials;
        using Credentials.Http;
        using Credentials.Wallet.Core;

        using var http = new OutboundHttp();
        await using var wallet = await CredentialWallet.OpenAsync(
            new() { Path = "wallet.db", Passphrase = "a passphrase", Http = http, Time = TimeProvider.System });
        Console.WriteLine($"documents: {(await wallet.ListDocumentsAsync()).Count}");
        try
        {
            await wallet.ResolveOfferAsync("openid-credential-offer://?credential_offer=%7B%7D");
        }
        catch (CredentialException refused)
        {
            Console.WriteLine(refused.Code);
        }
        Console.WriteLine($"verifiers: {(await wallet.MyData.GetDashboardAsync()).Verifiers.Count}");
        """;

    [Fact]
    public async Task The_packages_are_made_installed_from_a_folder_and_used()
    {
        using var folder = new TempFolder();
        var packages = folder.Combine("packages");
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        foreach (var project in new[] { "Credentials", "Wallet.Core" })
            await DotnetAsync(folder, "pack", RepositoryRoot.Combine("src", project), "--no-build", "-c", configuration, "-o", packages, "--nologo");
        Assert.Equal(
            ["Credentials.0.1.0.nupkg", "Credentials.0.1.0.snupkg", "Credentials.Wallet.Core.0.1.0.nupkg", "Credentials.Wallet.Core.0.1.0.snupkg"],
            Directory.GetFiles(packages).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        var app = Directory.CreateDirectory(folder.Combine("app")).FullName;
        await File.WriteAllTextAsync(Path.Combine(app, "App.csproj"), Project, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), App, TestContext.Current.CancellationToken);
        // Everything else is on this machine already, since this project uses it; nothing is asked of a registry.
        var installed = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(app, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{folder.Combine("installed")}" /></config>
              <packageSources><clear /><add key="folder" value="{packages}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{installed}" /></fallbackPackageFolders>
            </configuration>
            """, TestContext.Current.CancellationToken);
        var output = await DotnetAsync(folder, "run", "--project", app, "-c", "Release");
        Assert.Contains("documents: 0", output, StringComparison.Ordinal);
        Assert.Contains("vci.offer", output, StringComparison.Ordinal);
        Assert.Contains("verifiers: 0", output, StringComparison.Ordinal);
        Assert.True(App.Split('\n').Length < 40);
    }

    private static async Task<string> DotnetAsync(TempFolder folder, params string[] arguments)
    {
        var result = await Shell.RunAsync("dotnet", arguments, workingDirectory: folder.Combine("."), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Stdout + result.Stderr);
        return result.Stdout;
    }
}
