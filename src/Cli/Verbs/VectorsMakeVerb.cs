using Credentials.Cli.Vectors;
using Credentials.Cli.Vectors.Making;

namespace Credentials.Cli.Verbs;

internal static class VectorsMakeVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var folder = context.Arguments.RequiredPositional(0);
        var writer = new VectorWriter(folder);
        try
        {
            await SdJwtVectors.MakeAsync(writer, context.Cancelled);
            await MdocVectors.MakeAsync(writer, context.Cancelled);
            await QrDocumentVectors.MakeAsync(writer, context.Cancelled);
            await StatusListVectors.MakeAsync(writer, context.Cancelled);
        }
        catch (MismatchException wrong)
        {
            throw new CommandException(ExitCode.CouldNotFinish, wrong.Message);
        }
        context.Terminal.Line($"{writer.Count} scenarios written below {TextSafety.ForTerminal(folder)}");
        return ExitCode.Done;
    }
}
