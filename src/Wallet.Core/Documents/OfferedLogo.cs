using Credentials.OpenId4Vci;

namespace Credentials.Wallet.Core.Documents;

/// <summary>A logo as an issuer gives it (OpenID4VCI 1.0 §12.2.4). Nobody vouches for it: it can be that of anybody.</summary>
/// <param name="Image">The picture, checked and cleaned.</param>
/// <param name="Texts">The alternative text, to be read out in its place.</param>
public sealed record OfferedLogo(LogoImage Image, DisplayNames Texts);
