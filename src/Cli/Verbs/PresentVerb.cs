using Credentials.SdJwt;

namespace Credentials.Cli.Verbs;

internal static class PresentVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var credential = SdJwtCredential.Parse(await InputFiles.ReadTextAsync(arguments.RequiredPositional(0), context));
        var paths = ClaimPaths.Read(arguments.Values("--disclose"), credential.UnverifiedClaims());
        using var holderKey = await KeyFiles.LoadPrivateAsync(arguments.Required("--holder-key"), context);
        var binding = new KeyBinding(arguments.Required("--audience"), arguments.Required("--nonce"), context.Now);
        var presentation = await SdJwtPresenter.PresentAsync(credential, paths, binding, holderKey, context.Cancelled);
        if (arguments.Value("--out") is { } path)
            OutputFiles.Write(path, presentation + "\n");
        else
            context.Terminal.Line(presentation);
        return ExitCode.Done;
    }
}
