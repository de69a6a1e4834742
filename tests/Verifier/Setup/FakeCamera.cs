using System.Globalization;
using System.Text;
using Credentials.Qr;
using Credentials.Tests.Shared;
using Microsoft.Playwright;

namespace Credentials.Verifier.Tests.Setup;

/// <summary>A browser whose camera sees one QR code: uncompressed video (YUV4MPEG2) that Chromium plays as its capture device.</summary>
public sealed class FakeCamera : IAsyncDisposable
{
    private const int Width = 1280;
    private const int Height = 960;
    private readonly TempFolder _folder = new();
    private readonly Browser _browser;

    public FakeCamera(string text)
    {
        var video = _folder.Combine("camera.y4m");
        File.WriteAllBytes(video, Video(QrCode.Encode(text)));
        _browser = new Browser
        {
            Flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", $"--use-file-for-fake-video-capture={video}"],
        };
    }

    public async Task<IPage> NewPageAsync(int width, int height, string locale)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = locale,
            Permissions = ["camera"],
        });
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Two frames of the code on grey, as 4:2:0 planes.</summary>
    private static byte[] Video(QrCode code)
    {
        var module = Height / code.Size;
        var (left, top) = ((Width - (module * code.Size)) / 2, (Height - (module * code.Size)) / 2);
        var luma = new byte[Width * Height];
        Array.Fill(luma, (byte)140);
        for (var y = 0; y < module * code.Size; y++)
            for (var x = 0; x < module * code.Size; x++)
                luma[((top + y) * Width) + left + x] = code.IsDark(y / module, x / module) ? (byte)16 : (byte)235;
        var chroma = new byte[Width * Height / 2];
        Array.Fill(chroma, (byte)128);
        using var video = new MemoryStream();
        video.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"YUV4MPEG2 W{Width} H{Height} F10:1 Ip A1:1 C420jpeg\n")));
        for (var frame = 0; frame < 2; frame++)
        {
            video.Write("FRAME\n"u8);
            video.Write(luma);
            video.Write(chroma);
        }
        return video.ToArray();
    }
}
