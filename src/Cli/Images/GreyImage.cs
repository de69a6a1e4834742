namespace Credentials.Cli.Images;

/// <summary>One byte per pixel, row by row: 0 is black, 255 white.</summary>
internal sealed record GreyImage(int Width, int Height, byte[] Pixels);
