namespace Credentials.Issuer.Pages;

/// <summary>The words of the pages in one language.</summary>
internal sealed record PageText
{
    internal required string Language { get; init; }
    internal required string OtherLanguage { get; init; }
    internal required string OtherLanguageName { get; init; }
    internal required string Title { get; init; }
    internal required string Scan { get; init; }
    internal required string QrName { get; init; }
    internal required string Open { get; init; }
    internal required string SameDevice { get; init; }
    internal required string Until { get; init; }
    internal required string TxCode { get; init; }
    internal required string Offered { get; init; }
    internal required string Status { get; init; }
    internal required string Waiting { get; init; }
    internal required string Redeemed { get; init; }
    internal required string Issued { get; init; }
    internal required string IssuedMore { get; init; }
    internal required string Expired { get; init; }
    internal required string Cancelled { get; init; }
    internal required string AskAgain { get; init; }
    internal required string NotFoundTitle { get; init; }
    internal required string NotFound { get; init; }
    internal required string ForbiddenTitle { get; init; }
    internal required string Forbidden { get; init; }
    internal required string BusyTitle { get; init; }
    internal required string Busy { get; init; }
    internal required string ConsentTitle { get; init; }
    internal required string SignedInAs { get; init; }
    internal required string WalletAsks { get; init; }
    internal required string NothingReady { get; init; }
    internal required string Allow { get; init; }
    internal required string Deny { get; init; }
    internal required string SignInTitle { get; init; }
    internal required string SignInDemo { get; init; }
    internal required string SignInName { get; init; }
    internal required string SignInButton { get; init; }

    internal static PageText Korean { get; } = new()
    {
        Language = "ko",
        OtherLanguage = "en",
        OtherLanguageName = "English",
        Title = "증명서 받기",
        Scan = "휴대전화의 지갑 앱으로 QR 코드를 찍으세요.",
        QrName = "지갑 앱으로 찍는 QR 코드",
        Open = "지갑 앱에서 열기",
        SameDevice = "지금 쓰는 기기에 지갑 앱이 있나요?",
        Until = "유효 기한",
        TxCode = "지갑이 확인 번호를 물으면, 발급기관이 따로 보낸 번호를 입력하세요.",
        Offered = "받을 증명서",
        Status = "진행 상태",
        Waiting = "지갑을 기다리고 있습니다.",
        Redeemed = "지갑이 연결되었습니다. 지갑에서 확인해 주세요.",
        Issued = "발급되었습니다.",
        IssuedMore = "이 창을 닫아도 됩니다.",
        Expired = "유효 시간이 지났습니다.",
        Cancelled = "취소되었습니다.",
        AskAgain = "필요하면 발급기관에 다시 요청하세요.",
        NotFoundTitle = "페이지를 열 수 없습니다",
        NotFound = "주소가 완전한지 확인하거나, 발급기관에 다시 요청하세요.",
        ForbiddenTitle = "권한이 없습니다",
        Forbidden = "이 계정으로는 할 수 없는 일이거나, 양식이 오래되었습니다. 앞 화면을 다시 열어 보세요.",
        BusyTitle = "잠시 후 다시 시도하세요",
        Busy = "지금은 응답할 수 없습니다.",
        ConsentTitle = "지갑에 증명서를 보낼까요?",
        SignedInAs = "로그인한 사람",
        WalletAsks = "요청한 지갑",
        NothingReady = "받을 수 있는 증명서가 없습니다. 다른 이름으로 로그인했거나, 아직 준비되지 않았습니다.",
        Allow = "보내기",
        Deny = "보내지 않기",
        SignInTitle = "로그인",
        SignInDemo = "시연용 로그인입니다. 이름만 적으면 되고, 본인 확인은 하지 않습니다.",
        SignInName = "이름",
        SignInButton = "로그인",
    };

    internal static PageText English { get; } = new()
    {
        Language = "en",
        OtherLanguage = "ko",
        OtherLanguageName = "한국어",
        Title = "Receive your certificate",
        Scan = "Scan the QR code with the wallet app on your phone.",
        QrName = "QR code for the wallet app",
        Open = "Open in wallet app",
        SameDevice = "Is your wallet app on this device?",
        Until = "Valid until",
        TxCode = "When the wallet asks for a code, type the one that the agency sent you separately.",
        Offered = "What you will receive",
        Status = "Progress",
        Waiting = "Waiting for your wallet.",
        Redeemed = "Your wallet is connected. Please confirm there.",
        Issued = "It is in your wallet.",
        IssuedMore = "You can close this page.",
        Expired = "This offer has expired.",
        Cancelled = "This offer was cancelled.",
        AskAgain = "Ask the agency again if you still need it.",
        NotFoundTitle = "This page cannot be opened",
        NotFound = "Check that the address is complete, or ask the agency again.",
        ForbiddenTitle = "Not allowed",
        Forbidden = "This account may not do that, or the form is too old. Open the page before it again.",
        BusyTitle = "Please try again in a moment",
        Busy = "The service cannot answer right now.",
        ConsentTitle = "Send certificates to this wallet?",
        SignedInAs = "Signed in as",
        WalletAsks = "Wallet that asks",
        NothingReady = "There is nothing for you to receive: you signed in as somebody else, or it is not ready yet.",
        Allow = "Send",
        Deny = "Do not send",
        SignInTitle = "Sign in",
        SignInDemo = "This is the demo's sign-in: a name is enough, and nothing is proved.",
        SignInName = "Name",
        SignInButton = "Sign in",
    };

    /// <summary>By the switch on the page, else by what the browser prefers, else English.</summary>
    internal static PageText For(HttpRequest request)
    {
        var chosen = request.Query["lang"] is [{ } query] ? query : request.Cookies["lang"];
        if (chosen is "ko" or "en")
            return chosen == "ko" ? Korean : English;
        foreach (var language in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1))
        {
            if (language.Value.StartsWith("ko", StringComparison.OrdinalIgnoreCase))
                return Korean;
            if (language.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase))
                return English;
        }

        return English;
    }
}
