using Credentials.Cli.Images;

namespace Credentials.Cli;

/// <summary>What <c>verify</c> and <c>inspect</c> look at: a file, stdin, or the text in a QR image.</summary>
internal static class Subject
{
    internal static async Task<byte[]> ReadAsync(CommandContext context)
    {
        var image = context.Arguments.Value("--qr");
        var file = context.Arguments.Positional(0);
        if (image is not null && file is not null)
            throw CommandException.Usage("give a file or --qr, not both");
        if (image is null)
            return await InputFiles.ReadAsync(file ?? "-", context);
        return await QrImage.ReadAsync(image, context);
    }

    internal static async Task<string> ReadDocumentAsync(CommandContext context) => InputFiles.ToDocument(await ReadAsync(context));
}
