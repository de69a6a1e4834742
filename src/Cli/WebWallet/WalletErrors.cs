using Credentials.Http;
using Credentials.OpenId4Vci;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Pages;
using Credentials.Wallet.Core;

namespace Credentials.Cli.WebWallet;

/// <summary>What went wrong, as somebody reads it who has not read the standards.</summary>
internal static class WalletErrors
{
    internal static string Text(CredentialException failure, Language language) =>
        failure is FetchException and not { Code: HttpCodes.Timeout or HttpCodes.StatusRefused or HttpCodes.ContentTypeRefused } ? language.Choose("상대에 연결하지 못했습니다.", "The other side could not be reached.") : Text(failure.Code, language);

    internal static string Text(string code, Language language) => code switch
    {
        WalletCodes.RequestOpen => language.Choose("다른 요청을 먼저 끝내세요.", "Finish the other request first."),
        WalletCodes.TokenRefused => language.Choose("발급기관이 확인 번호나 링크를 받아들이지 않았습니다.", "The issuer did not accept the code or the link."),
        WalletCodes.RecipientNotConfirmed => language.Choose("확인 번호를 보낼 곳을 확인해 주세요.", "Please confirm where the code would go."),
        WalletCodes.CredentialNotAccepted => language.Choose("받은 증명서가 검증을 통과하지 못해 저장하지 않았습니다.", "What came did not pass the checks and was not stored."),
        WalletCodes.VerifierRefused => language.Choose("상대가 답을 받아들이지 않았습니다. 보낸 정보는 상대가 가지고 있을 수 있습니다.", "The other side did not accept the answer. It may have what was sent."),
        WalletCodes.AuthorizationRefused => language.Choose("발급기관에서 동의하지 않았거나 발급기관이 거절했습니다.", "You did not agree at the issuer, or the issuer refused."),
        WalletCodes.AuthorizationUnknown => language.Choose("이 지갑이 시작한 발급이 아니거나 이미 끝났습니다.", "This wallet did not begin it, or it is over."),
        WalletCodes.WrongKey => language.Choose("파일의 암호가 맞지 않거나 파일이 바뀌었습니다.", "The passphrase of the file is wrong, or the file was changed."),
        WalletCodes.MigrationMalformed => language.Choose("지갑을 옮기는 파일이 아니거나 손상되었습니다.", "This is no file for moving a wallet, or it was damaged."),
        WalletCodes.RenewalNotSupported => language.Choose("발급기관이 갱신을 지원하지 않습니다. 새로 발급받으세요.", "Its issuer does not renew it. Receive it anew."),
        WalletCodes.IssuanceDeferred => language.Choose("발급기관이 나중에 발급합니다.", "The issuer will issue it later."),
        WalletCodes.CredentialRefused => language.Choose("발급기관이 발급을 거절했습니다.", "The issuer refused to issue it."),
        WalletCodes.KeyLocked => language.Choose("열쇠가 잠겨 있습니다. 잠시 뒤에 다시 시도하세요.", "The key is locked. Try again in a moment."),
        WalletCodes.StoreFull => language.Choose("지갑이 가득 찼습니다.", "The wallet is full."),
        WalletCodes.NoContact => language.Choose("상대가 연락처를 밝히지 않았습니다. 보낼 주소를 적어 주세요.", "The other side gave no contact. Name an address."),
        WalletCodes.DeletionNotTaken => language.Choose("상대가 요청을 받아들이지 않았습니다.", "The other side did not take the request."),
        OpenId4VpCodes.VerifierUntrusted => language.Choose("누가 묻는지 확인할 수 없어 요청을 거부했습니다.", "Nobody you trust vouches for who asks; the request was refused."),
        CliCodes.QrNotFound => language.Choose("그림에서 QR 코드를 찾지 못했습니다.", "There is no readable QR code in the picture."),
        CliCodes.ImageTooLarge => language.Choose("그림이 너무 큽니다.", "The picture is too large."),
        CliCodes.ImageMalformed or CliCodes.ImageUnsupported => language.Choose("PNG 그림만 읽을 수 있습니다.", "Only PNG pictures can be read."),
        CliCodes.InputUnknown => language.Choose("증명서를 받거나 제시하는 링크가 아닙니다.", "This is no link to receive or to show a document."),
        WalletCodes.GrantNotSupported => language.Choose("이 지갑이 쓰지 않는 방법으로만 발급합니다.", "It is issued only in a way that this wallet does not use."),
        OpenId4VciCodes.IssuerMetadata or OpenId4VciCodes.IssuerMismatch => language.Choose("이 주소에는 읽을 수 있는 발급기관 정보가 없습니다. 주소를 확인하세요.", "There is no issuer that can be read at this address. Check the address."),
        HttpCodes.StatusRefused or HttpCodes.ContentTypeRefused => language.Choose("상대의 답을 쓸 수 없습니다. 주소를 확인하세요.", "The other side gave an answer that cannot be used. Check the address."),
        HttpCodes.Timeout => language.Choose("상대가 제때 답하지 않았습니다.", "The other side did not answer in time."),
        _ => language.Choose("규칙에 맞지 않아 처리하지 않았습니다.", "It breaks a rule and was not carried out."),
    };
}
