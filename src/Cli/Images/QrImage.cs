namespace Credentials.Cli.Images;

/// <summary>The content of the QR code in an image file.</summary>
internal static class QrImage
{
    /// <summary>More than any QR code holds (2 953 bytes in version 40-L), so that a surprise of the library is refused.</summary>
    private const int MaxContent = 4096;

    internal static async Task<byte[]> ReadAsync(string path, CommandContext context) =>
        Read(await InputFiles.ReadAsync(path, context, PngReader.MaxBytes));

    internal static byte[] Read(ReadOnlySpan<byte> file)
    {
        var content = ZbarScanner.ScanQrCode(PngReader.Read(file));
        if (content is null)
            throw new MalformedDataException(CliCodes.QrNotFound, "there is no readable QR code in the image");
        return content.Length <= MaxContent ? content : throw new MalformedDataException(CliCodes.QrTooLarge, "the QR code holds too much");
    }
}
