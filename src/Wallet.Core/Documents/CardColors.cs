using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Credentials.Codecs;
using Credentials.OpenId4Vci;

namespace Credentials.Wallet.Core.Documents;

/// <summary>The colours that an issuer wants a card in (OpenID4VCI 1.0 §12.2.4), each as <c>#rrggbb</c>; whether they can be read together is not checked.</summary>
/// <param name="Background">Of the card; null where the issuer names none that can be used.</param>
/// <param name="Text">Of what is written on it; null likewise.</param>
public sealed partial record CardColors(string? Background, string? Text)
{
    /// <summary>No colours.</summary>
    public static CardColors None { get; } = new(null, null);

    internal static CardColors From(IReadOnlyList<DisplayText> display) =>
        display.FirstOrDefault(entry => entry.BackgroundColor is not null) is { } entry
            ? new CardColors(Clean(entry.BackgroundColor), Clean(entry.TextColor))
            : None;

    internal static CardColors FromStored(System.Text.Json.JsonElement body) => new(
        Clean(body.OptionalString("background", WalletCodes.StoreCorrupt)), Clean(body.OptionalString("text", WalletCodes.StoreCorrupt)));

    internal void AddTo(JsonObject stored)
    {
        if (Background is not null) stored["background"] = Background;
        if (Text is not null) stored["text"] = Text;
    }

    // Numerical colours of CSS; only the plain form, so that nothing else can get into a style sheet.
    private static string? Clean(string? color) => color is null ? null
        : Long().IsMatch(color) ? color.ToLowerInvariant()
        : Short().IsMatch(color) ? string.Concat("#", new string(color[1], 2), new string(color[2], 2), new string(color[3], 2)).ToLowerInvariant()
        : null;

    [GeneratedRegex(@"\A#[0-9a-fA-F]{6}\z")]
    private static partial Regex Long();

    [GeneratedRegex(@"\A#[0-9a-fA-F]{3}\z")]
    private static partial Regex Short();
}
