using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Credentials.Tests.Shared;

/// <summary>The beginning of a test's own web server: it logs nothing, so that what a failed test says can be found.</summary>
public static class QuietServer
{
    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        return builder;
    }
}
