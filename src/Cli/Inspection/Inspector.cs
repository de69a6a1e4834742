using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.QrDocuments;
using Credentials.X509;

namespace Credentials.Cli.Inspection;

/// <summary>Finds out what something is and says what is written in it. Nothing is checked, fetched or believed.</summary>
internal static class Inspector
{
    private const byte DerSequence = 0x30;

    internal static JsonObject Describe(byte[] input)
    {
        if (input.Length > 0 && input[0] == DerSequence && input.Length > 1 && input[1] >= 0x80)
            return CertificateInspector.DescribeDer(input);
        if (CborInspector.LooksLikeIt(input))
            return CborInspector.Describe(input);
        var text = InputFiles.ToText(input);
        if (W3cInspector.Find(text) is { } w3c)
            return w3c;
        return text switch
        {
            "" => throw new MalformedDataException(CliCodes.InputUnknown, "there is nothing to inspect"),
            // Before all that looks for a character: Base45 has many of them.
            _ when QrDocumentText.FormatOf(text) is not null => QrDocumentInspector.Describe(text),
            _ when text.StartsWith("-----BEGIN", StringComparison.Ordinal) => CertificateInspector.DescribePem(text),
            _ when text[0] is '{' or '[' => JsonInspector.Describe(StrictJson.Parse(text)),
            _ when text.StartsWith(EngagementInspector.Scheme, StringComparison.OrdinalIgnoreCase) => EngagementInspector.DescribeText(text),
            _ when text.Contains("://", StringComparison.Ordinal) => LinkInspector.Describe(text),
            _ when text.Contains('~') => SdJwtInspector.Describe(text),
            _ when text.Count(character => character == '.') is 2 => TokenInspector.DescribeJwt(text),
            _ when text.Count(character => character == '.') is 4 => TokenInspector.DescribeJwe(text),
            _ when InputFiles.TryReadHex(text, out var bytes) && CborInspector.LooksLikeIt(bytes) => CborInspector.Describe(bytes),
            _ when text.StartsWith("MI", StringComparison.Ordinal) => CertificateInspector.DescribeDer(StrictBase64.Decode(text, X509Codes.Malformed)),
            _ when StrictBase64Url.TryDecode(text, out var bytes) && CborInspector.LooksLikeIt(bytes) => CborInspector.Describe(bytes),
            _ => throw new MalformedDataException(CliCodes.InputUnknown, "this is none of the things that are understood here"),
        };
    }

    /// <summary>The frame of every answer: what it is, and that it was not checked.</summary>
    internal static JsonObject Kind(string kind) => new() { ["kind"] = kind, ["verified"] = false };
}
