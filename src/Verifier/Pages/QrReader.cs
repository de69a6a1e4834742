using Microsoft.Extensions.FileProviders;

namespace Credentials.Verifier.Pages;

/// <summary>
/// What a page needs so that <c>qr-reader.js</c> reads QR codes in the browser, by camera and from pictures. The page has one
/// <c>[data-scan]</c> with <see cref="Attributes"/>, in it a form whose <c>[data-text]</c> takes the text, and one <c>details</c> with another
/// way in.
/// </summary>
internal sealed class QrReader(IFileProvider files)
{
    private const string Reader = "/assets/zxing/reader.js";
    private const string Program = "/assets/zxing/zxing_reader.wasm";
    private const string Script = "/assets/qr-reader.js";

    /// <summary>All files that <see cref="Scripts"/> need.</summary>
    public static IReadOnlyList<string> Files { get; } = [Script, Reader, Program];

    // The reader comes from npm at build; a browser with one of its own does without.
    private readonly bool _hasReader = files.GetFileInfo(Reader).Exists;

    public IReadOnlyList<string> Scripts => _hasReader ? [Reader, Script] : [Script];

    /// <summary>Where the reader is, and what the script says, in the page's language.</summary>
    /// <param name="language">The page's.</param>
    /// <param name="instead">What to do where there is no reader.</param>
    public Html Attributes(Language language, Words instead) => Html.Join(
        new (string Name, string Text)[]
        {
            ("looking", language.Choose("QR 코드를 카메라 앞에 두세요.", "Hold the QR code in front of the camera.")),
            ("found", language.Choose("코드를 읽었습니다. 확인하는 중입니다.", "Code read. Checking.")),
            ("nothing", language.Choose("사진에서 QR 코드를 찾지 못했습니다. 코드가 크고 또렷하게 나온 사진을 고르세요.", "No QR code was found in the picture. Choose one in which the code is large and sharp.")),
            ("picture", language.Choose("PNG, JPEG, WebP 사진만, 1,600만 화소까지 읽을 수 있습니다.", "Only PNG, JPEG and WebP pictures of up to 16 megapixels can be read.")),
            ("refused", language.Choose("브라우저가 카메라를 허용하지 않았습니다. 브라우저에서 카메라를 허용하거나 사진을 고르세요.", "The browser does not allow the camera. Allow it there, or choose a picture.")),
            ("camera", language.Choose("카메라가 없거나 다른 프로그램이 쓰고 있습니다. 사진을 고르세요.", "There is no camera, or another program uses it. Choose a picture.")),
            ("missing", language.Choose("QR 판독기가 들어 있지 않고(빌드할 때 Node가 필요합니다) 이 브라우저에도 없습니다.", "This was built without its QR reader (its build needs Node), and this browser has none.") + " " + instead.In(language)),
            ("failed", language.Choose("확인하지 못했습니다. 다시 시도하세요.", "It could not be checked. Try again.")),
        }
        .Select(message => Html.Of($"data-say-{message.Name}=\"{message.Text}\" "))
        .Prepend(Html.Of($"data-reader=\"{(_hasReader ? Program : "")}\" ")));

    /// <summary>Camera and picture, which show once the script can read, and what it says.</summary>
    public static Html Controls(Language language) => Html.Of($"""
        <div class="look" hidden><video id="view" playsinline muted aria-label="{language.Choose("카메라 화면", "What the camera sees")}"></video></div>
        <div class="row">
        <button id="camera" class="button" type="button" hidden>{language.Choose("카메라로 찍기", "Use the camera")}</button>
        <button id="stop" class="button second" type="button" hidden>{language.Choose("카메라 끄기", "Stop the camera")}</button>
        <label id="picture" class="button second" hidden>{language.Choose("사진 고르기", "Choose a picture")}<input id="file" class="unseen" type="file" accept="image/png,image/jpeg,image/webp"></label>
        </div>
        <p id="said" role="status" class="soft"></p>
        """);
}
