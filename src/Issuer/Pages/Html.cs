using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Credentials.Issuer.Pages;

/// <summary>Markup that is safe to send: every hole of <see cref="Of"/> is escaped unless it is markup itself.</summary>
internal readonly record struct Html(string Text)
{
    private static readonly HtmlEncoder _encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static readonly Html None = new("");

    public static Html Of(FormattableString markup) =>
        new(string.Format(CultureInfo.InvariantCulture, markup.Format, [.. markup.GetArguments().Select(Escape)]));

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(p => p.Text)));

    public override string ToString() => Text;

    private static object Escape(object? hole) => hole switch
    {
        null => "",
        Html html => html.Text,
        IEnumerable<Html> parts => Join(parts).Text,
        IFormattable value => _encoder.Encode(value.ToString(null, CultureInfo.InvariantCulture)),
        _ => _encoder.Encode(hole.ToString() ?? ""),
    };
}
