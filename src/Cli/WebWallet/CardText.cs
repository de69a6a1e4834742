using System.Globalization;

namespace Credentials.Cli.WebWallet;

/// <summary>The colour of text on a card: the issuer's where it can be read, else black or white (WCAG 2.2 §1.4.3).</summary>
internal static class CardText
{
    private const double Enough = 4.5;

    internal static string On(string background, string? wanted)
    {
        var ground = Luminance(background);
        if (wanted is not null && Contrast(ground, Luminance(wanted)) >= Enough) return wanted;
        return Contrast(ground, 1) >= Contrast(ground, 0) ? "#ffffff" : "#000000";
    }

    private static double Contrast(double a, double b) => (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

    // WCAG 2.2, "relative luminance".
    private static double Luminance(string color) => 0.2126 * Linear(color, 1) + 0.7152 * Linear(color, 3) + 0.0722 * Linear(color, 5);

    private static double Linear(string color, int at)
    {
        var part = int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }
}
