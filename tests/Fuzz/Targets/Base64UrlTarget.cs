using System.Text;
using Credentials.Codecs;
using Credentials.Fuzz.Tests.Mutation;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>Base64url, base64 and Base45. Second decoder: one bit after the other, as RFC 4648 §5 puts it; for base64 the platform's.</summary>
internal sealed class Base64UrlTarget : FuzzTarget
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    public override string Name => "base64url";

    public override InputShape Shape => InputShape.Plain;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) =>
    [
        [], .. new[] { "", "AA", "AAA", "AAAA", "_-8", "AB", "Zg==", "Zm8=", "a b", "AA=", "BB8", "%69 VD92EX0" }.Select(Encoding.ASCII.GetBytes),
        .. vectors.Texts("disclosure", "sd-jwt.disclosure"), .. vectors.Texts("text", "base45.decode"),
    ];

    protected override object Read(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        return StrictBase64Url.TryDecode(text, out var bytes) ? bytes : ReadOther(text);
    }

    protected override void Check(byte[] input, object value)
    {
        var text = Encoding.UTF8.GetString(input);
        var isBase64Url = StrictBase64Url.TryDecode(text, out var bytes);
        Require(isBase64Url == (Reference(text) is { } expected && expected.AsSpan().SequenceEqual(bytes)), "Base64url is not decoded as the reference does.");
        if (isBase64Url) Require(StrictBase64Url.Encode(bytes) == text, "Two texts in base64url have the same bytes.");
        if (StrictBase45.TryDecode(text, out var fromBase45)) Require(StrictBase45.Encode(fromBase45) == text, "Two texts in Base45 have the same bytes.");
        try
        {
            var fromBase64 = StrictBase64.Decode(text);
            Require(Convert.FromBase64String(text).AsSpan().SequenceEqual(fromBase64) && Convert.ToBase64String(fromBase64) == text, "Base64 is not decoded as the platform does.");
        }
        catch (MalformedDataException)
        {
        }
    }

    protected override void CheckRefused(byte[] input) => Require(Reference(Encoding.UTF8.GetString(input)) is null, "Base64url without a fault is refused.");

    private static byte[] ReadOther(string text) => StrictBase45.TryDecode(text, out var bytes) ? bytes : StrictBase64.Decode(text);

    private static byte[]? Reference(string text)
    {
        List<byte> bytes = [];
        var (bits, count) = (0, 0);
        foreach (var c in text)
        {
            var value = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0) return null;
            (bits, count) = ((bits << 6) | value, count + 6);
            if (count < 8) continue;
            count -= 8;
            bytes.Add((byte)(bits >> count));
            bits &= (1 << count) - 1;
        }

        return count < 6 && bits == 0 ? [.. bytes] : null;
    }
}
