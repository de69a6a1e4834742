using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>When an mdoc was signed and when it is valid (ISO/IEC 18013-5 §9.1.2.4); UTC, to the second.</summary>
/// <param name="Signed">When the mobile security object was signed.</param>
/// <param name="ValidFrom">From when it is valid; not before <paramref name="Signed"/>.</param>
/// <param name="ValidUntil">Until when.</param>
/// <param name="ExpectedUpdate">When the issuer expects to sign it anew.</param>
public sealed record ValidityInfo(DateTimeOffset Signed, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil, DateTimeOffset? ExpectedUpdate = null)
{
    internal static ValidityInfo Parse(CborValue map) => new(
        map.Require("signed"u8).GetDateTime(),
        map.Require("validFrom"u8).GetDateTime(),
        map.Require("validUntil"u8).GetDateTime(),
        map.Find("expectedUpdate"u8)?.GetDateTime());

    internal void Write(CborWriter writer)
    {
        writer.WriteStartMap(ExpectedUpdate is null ? 3 : 4);
        writer.WriteTextString("signed");
        writer.WriteDateTime(Signed);
        writer.WriteTextString("validFrom");
        writer.WriteDateTime(ValidFrom);
        writer.WriteTextString("validUntil");
        writer.WriteDateTime(ValidUntil);
        if (ExpectedUpdate is { } update)
        {
            writer.WriteTextString("expectedUpdate");
            writer.WriteDateTime(update);
        }

        writer.WriteEndMap();
    }
}
