using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Cli;

/// <summary>Web servers that only programs of this machine can reach.</summary>
internal static class LoopbackHost
{
    /// <param name="port">0: any that is free.</param>
    /// <param name="maxBodyBytes">The cap on a request's body.</param>
    internal static WebApplicationBuilder NewBuilder(int port, long maxBodyBytes)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(LoopbackHost).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = maxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        return builder;
    }

    /// <summary>Starts to listen, and returns the address without a slash at its end.</summary>
    /// <param name="app">What <see cref="NewBuilder"/> led to; it is disposed of where it cannot start.</param>
    /// <param name="port">The port that was asked for.</param>
    /// <param name="option">The option that asks for another port.</param>
    /// <param name="cancelled">Ends the start.</param>
    /// <exception cref="CommandException">The port cannot be listened on.</exception>
    internal static async Task<string> StartAsync(WebApplication app, int port, string option, CancellationToken cancelled)
    {
        try
        {
            await app.StartAsync(cancelled);
        }
        catch (IOException)
        {
            await app.DisposeAsync();
            throw new CommandException(ExitCode.CouldNotFinish, $"port {port} cannot be listened on", option);
        }
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return $"http://127.0.0.1:{new Uri(address).Port}";
    }
}
