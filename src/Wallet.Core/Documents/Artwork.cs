namespace Credentials.Wallet.Core.Documents;

/// <summary>The pictures that come with a document. It is as good without any of them.</summary>
/// <param name="Card">The document drawn by its type's template, as SVG.</param>
/// <param name="Logo">The document's logo.</param>
/// <param name="IssuerLogo">Its issuer's.</param>
/// <param name="Background">The picture behind the card.</param>
internal sealed record Artwork(string? Card, OfferedLogo? Logo, OfferedLogo? IssuerLogo, OfferedLogo? Background);
