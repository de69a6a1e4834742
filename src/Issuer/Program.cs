namespace Credentials.Issuer;

internal static class Program
{
    private static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var app = builder.Build();
        app.MapGet("/healthz", () => Results.Ok());
        await app.RunAsync();
    }
}
