using Credentials.Qr;

namespace Credentials.Cli.Verbs;

internal static class QrEncodeVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var given = context.Arguments.RequiredPositional(0);
        var code = QrCode.Encode(given == "-" ? await InputFiles.ReadTextAsync("-", context) : given);
        switch (context.Arguments.Value("--out"))
        {
            case null:
                context.Terminal.Line(code.ToTerminal());
                break;
            case { } path when path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase):
                OutputFiles.Write(path, code.ToSvg());
                break;
            case { } path when path.EndsWith(".png", StringComparison.OrdinalIgnoreCase):
                OutputFiles.Write(path, code.ToPng(8));
                break;
            default:
                throw CommandException.Usage("--out ends in .svg or .png");
        }
        return ExitCode.Done;
    }
}
