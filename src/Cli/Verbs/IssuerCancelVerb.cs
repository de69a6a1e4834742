namespace Credentials.Cli.Verbs;

internal static class IssuerCancelVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var id = context.Arguments.RequiredPositional(0);
        using var service = ServiceClient.Open(context);
        await service.PostAsync($"/agency/v1/batches/{Uri.EscapeDataString(id)}/cancel", []);
        context.Terminal.Line(TextSafety.ForTerminal($"{id} is cancelled"));
        return ExitCode.Done;
    }
}
