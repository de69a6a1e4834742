using System.Runtime.InteropServices;

namespace Credentials.Cli.Images;

/// <summary>
/// QR codes in an image, read by the system's zbar library (Debian: libzbar0). It is given plain grey pixels and never sees a file,
/// so no image format is decoded by native code.
/// </summary>
internal static partial class ZbarScanner
{
    private const string Library = "libzbar.so.0";
    private const int QrCode = 64;
    private const int EnableConfig = 0;
    private const int BinaryConfig = 4;
    private const uint Grey = 'Y' | '8' << 8 | '0' << 16 | '0' << 24;

    /// <summary>The bytes of the first QR code, or null where there is none.</summary>
    /// <exception cref="CommandException">The library is not installed.</exception>
    internal static byte[]? ScanQrCode(GreyImage image)
    {
        try
        {
            return Scan(image);
        }
        catch (DllNotFoundException)
        {
            throw new CommandException(ExitCode.CouldNotFinish, "reading QR images needs the zbar library",
                "install it, for example: apt-get install libzbar0");
        }
    }

    private static byte[]? Scan(GreyImage image)
    {
        var scanner = zbar_image_scanner_create();
        var picture = zbar_image_create();
        var pixels = GCHandle.Alloc(image.Pixels, GCHandleType.Pinned);
        try
        {
            _ = zbar_image_scanner_set_config(scanner, 0, EnableConfig, 0);
            _ = zbar_image_scanner_set_config(scanner, QrCode, EnableConfig, 1);
            _ = zbar_image_scanner_set_config(scanner, QrCode, BinaryConfig, 1);
            zbar_image_set_format(picture, new CULong(Grey));
            zbar_image_set_size(picture, (uint)image.Width, (uint)image.Height);
            zbar_image_set_data(picture, pixels.AddrOfPinnedObject(), new CULong((uint)image.Pixels.Length), 0);
            return zbar_scan_image(scanner, picture) > 0 ? FirstSymbol(picture) : null;
        }
        finally
        {
            zbar_image_destroy(picture);
            zbar_image_scanner_destroy(scanner);
            pixels.Free();
        }
    }

    private static byte[]? FirstSymbol(nint picture)
    {
        var symbol = zbar_image_first_symbol(picture);
        if (symbol == 0)
            return null;
        var data = new byte[zbar_symbol_get_data_length(symbol)];
        Marshal.Copy(zbar_symbol_get_data(symbol), data, 0, data.Length);
        return data;
    }

    [LibraryImport(Library)]
    private static partial nint zbar_image_scanner_create();

    [LibraryImport(Library)]
    private static partial void zbar_image_scanner_destroy(nint scanner);

    [LibraryImport(Library)]
    private static partial int zbar_image_scanner_set_config(nint scanner, int symbology, int config, int value);

    [LibraryImport(Library)]
    private static partial nint zbar_image_create();

    [LibraryImport(Library)]
    private static partial void zbar_image_destroy(nint image);

    [LibraryImport(Library)]
    private static partial void zbar_image_set_format(nint image, CULong format);

    [LibraryImport(Library)]
    private static partial void zbar_image_set_size(nint image, uint width, uint height);

    [LibraryImport(Library)]
    private static partial void zbar_image_set_data(nint image, nint data, CULong length, nint cleanup);

    [LibraryImport(Library)]
    private static partial int zbar_scan_image(nint scanner, nint image);

    [LibraryImport(Library)]
    private static partial nint zbar_image_first_symbol(nint image);

    [LibraryImport(Library)]
    private static partial nint zbar_symbol_get_data(nint symbol);

    [LibraryImport(Library)]
    private static partial uint zbar_symbol_get_data_length(nint symbol);
}
