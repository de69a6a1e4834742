using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Credentials.Cli.Images;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

public sealed class QrCommandsTests(Forge forge) : IClassFixture<Forge>
{
    private static void SkipWithoutZbar() => Assert.SkipUnless(
        NativeLibrary.TryLoad("libzbar.so.0", out _), "libzbar0 is not installed.");

    [Fact]
    public async Task A_code_that_was_encoded_is_decoded_again()
    {
        SkipWithoutZbar();
        var image = forge.Folder.Combine("code.png");
        const string text = "openid4vp://?client_id=x509_hash%3Aabc&request_uri=https%3A%2F%2Fv.example%2F1";
        (await CliProgram.RunAsync("qr", "encode", text, "--out", image)).Succeeded();
        Assert.Equal(text + "\n", (await CliProgram.RunAsync("qr", "decode", image)).Succeeded());
        Assert.Contains("authorization request link", (await CliProgram.RunAsync("inspect", "--qr", image)).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_printed_credential_is_verified_from_its_image()
    {
        SkipWithoutZbar();
        var image = forge.Folder.Combine("credential.png");
        (await CliProgram.RunWithInputAsync(await forge.IssueAsync(), "qr", "encode", "-", "--out", image)).Succeeded();
        Assert.Equal(0, (await CliProgram.RunAsync("verify", "--qr", image, "--trust", forge.Root)).ExitCode);
        Assert.Equal(2, (await CliProgram.RunAsync("verify", image, "--qr", image, "--trust", forge.Root)).ExitCode);
    }

    [Fact]
    public async Task Encode_writes_svg_and_draws_in_the_terminal_and_knows_no_other_file()
    {
        var image = forge.Folder.Combine("code.svg");
        (await CliProgram.RunAsync("qr", "encode", "hello", "--out", image)).Succeeded();
        Assert.Contains("<svg", await File.ReadAllTextAsync(image, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("█", (await CliProgram.RunAsync("qr", "encode", "hello")).Succeeded(), StringComparison.Ordinal);
        Assert.Equal(2, (await CliProgram.RunAsync("qr", "encode", "hello", "--out", forge.Folder.Combine("code.gif"))).ExitCode);
        Assert.Equal(2, (await CliProgram.RunWithInputAsync("", "qr", "encode", "-")).ExitCode);
        Assert.Equal(2, (await CliProgram.RunWithInputAsync(new string('x', 5000), "qr", "encode", "-")).ExitCode);
    }

    // 20 000 × 20 000 pixels in a few bytes: refused by the header alone, the pixel data is not even there.
    [Fact]
    [Trait("Row", "QRC-05")]
    public async Task Decode_refuses_an_image_with_too_many_pixels_before_it_unpacks_it()
    {
        var image = forge.Folder.Combine("bomb.png");
        await File.WriteAllBytesAsync(image, Png(20_000, 20_000, []), TestContext.Current.CancellationToken);
        var result = await CliProgram.RunAsync("qr", "decode", image);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(CliCodes.ImageTooLarge, result.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "QRC-05")]
    public void The_pixel_limit_is_exact()
    {
        Assert.Equal(CliCodes.ImageTooLarge, Assert.Throws<MalformedDataException>(() => PngReader.Read(Png(4000, 4001, []))).Code);
        // At the limit the header is taken, and the missing pixels are what is wrong.
        Assert.Equal(CliCodes.ImageMalformed, Assert.Throws<MalformedDataException>(() => PngReader.Read(Png(4000, 4000, []))).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(40)]
    public void A_truncated_image_is_malformed(int length)
    {
        var whole = Qr.QrCode.Encode("hello").ToPng(4);
        Assert.Equal(whole.Length > 0, PngReader.Read(whole).Width > 0);
        Assert.ThrowsAny<CredentialException>(() => PngReader.Read(whole.AsSpan(0, length)));
    }

    [Fact]
    public void Damaged_images_are_typed_errors()
    {
        var whole = Qr.QrCode.Encode("hello").ToPng(4);
        for (var at = 8; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0xff;
            try
            {
                PngReader.Read(damaged);
            }
            catch (CredentialException)
            {
                // Typed: that is all that is asked for. Bytes of checksums and of unknown chunks may change unnoticed.
            }
        }
    }

    [Theory]
    [InlineData("not an image")]
    [InlineData("GIF89a")]
    public async Task Decode_refuses_what_is_no_png(string content) =>
        Assert.Equal(2, (await CliProgram.RunAsync("qr", "decode", forge.File(content))).ExitCode);

    [Fact]
    public async Task An_image_without_a_code_says_so()
    {
        SkipWithoutZbar();
        var image = forge.Folder.Combine("white.png");
        byte[] rows = [.. Enumerable.Range(0, 50).SelectMany(_ => new byte[] { 0 }.Concat(Enumerable.Repeat((byte)255, 50)))];
        await File.WriteAllBytesAsync(image, Png(50, 50, StrictZLibOf(rows)), TestContext.Current.CancellationToken);
        var result = await CliProgram.RunAsync("qr", "decode", image);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(CliCodes.QrNotFound, result.Stderr, StringComparison.Ordinal);
    }

    private static byte[] StrictZLibOf(byte[] data) => Credentials.Codecs.StrictZLib.Compress(data);

    // An 8-bit grey PNG with this pixel data.
    private static byte[] Png(int width, int height, byte[] packed)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        return [0x89, .. "PNG\r\n"u8, 0x1a, 0x0a, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        return [.. length, .. type, .. data, 0, 0, 0, 0];
    }
}
