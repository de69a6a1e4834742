using Credentials.Mdoc.Proximity;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Pages;

namespace Credentials.Verifier.Clerk;

/// <summary>What the text of a scanned code is. Nothing in it is followed or opened.</summary>
/// <param name="IsDocument">It can be verified as it is.</param>
/// <param name="Title">What it is, where it is no document.</param>
/// <param name="Advice">What the clerk needs instead.</param>
internal sealed record ScannedCode(bool IsDocument, Words? Title = null, Words? Advice = null)
{
    private static readonly string[] RequestSchemes = ["openid4vp", "haip-vp", "mdoc-openid4vp", "eudi-openid4vp"];
    private static readonly string[] OfferSchemes = ["openid-credential-offer", "haip-vci", "eudi-openid4vci"];

    public static ScannedCode Of(string text)
    {
        if (text.StartsWith("mdoc:", StringComparison.OrdinalIgnoreCase))
            return Engagement(text);
        if (QrDocuments.QrDocumentText.FormatOf(text) is not null)
            return new ScannedCode(true);
        var scheme = text.Split(':', 2)[0].ToLowerInvariant();
        if (RequestSchemes.Contains(scheme))
            return Other("다른 곳의 확인 요청입니다", "This is a request from somebody who checks",
                "상대방의 지갑 앱이 읽을 코드이며, 증명서가 들어 있지 않습니다. 증명서를 보려면 ‘요청하기’에서 QR 코드를 띄우세요.",
                "It is meant for a wallet app and holds no document. To see a document, show a code of your own with Ask.");
        if (OfferSchemes.Contains(scheme))
            return Other("발급 안내 코드입니다", "This is an offer of a document",
                "주인이 지갑 앱으로 찍어야 하는 코드입니다. 아직 발급된 증명서가 아닙니다.",
                "It is for its owner's wallet app to scan. It is not a document yet.");
        if (scheme is "http" or "https")
            return Other("웹 주소입니다", "This is a web address",
                "증명서가 아닙니다. 이 주소는 열지 않았습니다.", "It is no document. The address has not been opened.");
        // An SD-JWT ends each part with a tilde, or is JSON; an mdoc is base64url of CBOR.
        if (text.Contains('~') || text.StartsWith('{') || DocumentText.FormatOf(text) == CredentialFormat.Mdoc)
            return new ScannedCode(true);
        return Other("증명서가 아닌 코드입니다", "This code holds no document",
            "이 코드에는 여기서 확인할 수 있는 증명서가 없습니다.", "There is nothing in it that can be checked here.");
    }

    /// <summary>The code on a phone that starts a session by radio (ISO/IEC 18013-5 §8.2.2.3): it says how to reach the phone and no more.</summary>
    private static ScannedCode Engagement(string text)
    {
        DeviceEngagement engagement;
        try
        {
            engagement = DeviceEngagement.ParseQrText(text);
        }
        catch (CredentialException)
        {
            return Other("모바일 신분증 연결 코드이지만 잘못되어 있습니다", "A mobile ID's connection code, but a broken one",
                "상대방에게 코드를 다시 띄워 달라고 하세요.", "Ask the other person to show it anew.");
        }
        if (engagement.RetrievalMethods.Any(method => method is LoopbackRetrieval))
            return Other("이 컴퓨터에 있는 지갑 프로그램의 연결 코드입니다", "This is the connection code of a wallet program on one machine",
                "개발용이며, 신분증은 들어 있지 않습니다. 지갑이 실행되는 컴퓨터에서 다음 명령으로 확인하세요: credentials read 'mdoc:…' --policy driving-licence --trust FILE",
                "It is for development and holds no ID. On the machine where the wallet runs, check it with: credentials read 'mdoc:…' --policy driving-licence --trust FILE");
        var ways = string.Join(", ", engagement.RetrievalMethods.Select(Name).Where(name => name != "").Distinct());
        var over = ways == "" ? "" : $" ({ways})";
        return Other("모바일 신분증의 연결 코드입니다", "This is a mobile ID's connection code",
            $"코드에는 신분증이 없고, 휴대전화와 근거리 무선{over}으로 이어지는 방법만 있습니다. ISO 18013-5 판독기가 필요합니다. 판독기가 없으면 ‘요청하기’로 확인하세요.",
            $"It holds no ID, only how to connect to the phone by short-range radio{over}. That takes an ISO 18013-5 reader; without one, use Ask.");
    }

    private static string Name(RetrievalMethod method) => method switch
    {
        BleRetrieval => "Bluetooth",
        NfcRetrieval => "NFC",
        WifiAwareRetrieval => "Wi-Fi Aware",
        _ => "",
    };

    private static ScannedCode Other(string titleKo, string titleEn, string adviceKo, string adviceEn) =>
        new(false, new Words(titleKo, titleEn), new Words(adviceKo, adviceEn));
}
