using System.Security.Cryptography;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Catalog;

/// <summary>A logo from a file of the agency's, which the service serves: wallets take a logo from nobody but the issuer itself.</summary>
internal sealed record LogoFile(LogoImage Image)
{
    /// <summary>Its path below the public URL. Another picture has another, so that a copy can be kept for good.</summary>
    public string Path { get; } =
        $"/logos/{Convert.ToHexStringLower(SHA256.HashData(Image.Data.Span)).AsSpan(0, 32)}.{Image.MediaType["image/".Length..].Split('+')[0]}";

    /// <exception cref="MalformedDataException">The message says what is wrong with the file.</exception>
    public static LogoFile Read(string file)
    {
        try
        {
            // One byte more than is allowed is enough to see that there are too many.
            using var content = File.OpenRead(file);
            var bytes = new byte[LogoImage.MaxBytes + 1];
            return new LogoFile(LogoImage.Parse(bytes.AsMemory(0, content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false))));
        }
        catch (MalformedDataException e)
        {
            throw CatalogFile.Bad($"{file}: {e.Message} A logo is a PNG, JPEG, WebP or SVG of up to 128 KiB and {LogoImage.MaxSide} pixels a side.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CatalogFile.Bad($"{file} cannot be read.");
        }
    }
}
