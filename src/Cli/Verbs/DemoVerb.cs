using Credentials.Cli.Demo;
using Credentials.Issuer.Http;
using Credentials.Verifier;

namespace Credentials.Cli.Verbs;

/// <summary><c>demo</c>: both services and a wallet in this process, in a folder of their own.</summary>
internal static class DemoVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        // Everything talks over plain http on this machine, and nothing leaves it.
        Environment.SetEnvironmentVariable(Network.LoopbackVariable, "1");
        var once = context.Arguments.Flag("--once");
        var given = context.Arguments.Value("--data");
        var folder = given is null ? Directory.CreateTempSubdirectory("credentials-demo-").FullName : Path.GetFullPath(given);
        try
        {
            return await RunAsync(context, folder, once);
        }
        catch (Exception e) when (e is IssuerStartException or VerifierStartException or IOException)
        {
            throw new CommandException(ExitCode.CouldNotFinish, TextSafety.ForTerminal(e.Message), "--issuer-port and --verifier-port choose other ports");
        }
        finally
        {
            if (given is null) Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(CommandContext context, string folder, bool once)
    {
        await using var stage = new DemoStage(context, folder, Port(context, "--issuer-port", 5101), Port(context, "--verifier-port", 5102));
        var came = await new DemoStory(stage, new DemoScript(context)).RunAsync();
        if (once || !came) return came ? ExitCode.Done : ExitCode.Refused;
        stage.TellWhatToTry();
        try
        {
            await Task.Delay(Timeout.Infinite, context.Cancelled);
        }
        catch (OperationCanceledException)
        {
            // The person has seen enough.
        }
        return ExitCode.Done;
    }

    private static int Port(CommandContext context, string option, int otherwise) => (int)(context.Arguments.Number(option, 1, 65535) ?? otherwise);
}
