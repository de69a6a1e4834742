using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Cose;

public class CoseKeyTests
{
    private static readonly PublicKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256).PublicKey;

    // kty, crv, x, y as pairs of key and value in hex.
    private static readonly Dictionary<string, string> _good = new()
    {
        ["01"] = "02",
        ["20"] = "01",
        ["21"] = "5820" + Convert.ToHexStringLower(_key.X),
        ["22"] = "5820" + Convert.ToHexStringLower(_key.Y),
    };

    private static byte[] Encode(IEnumerable<KeyValuePair<string, string>> members) =>
        [(byte)(0xa0 + members.Count()), .. members.SelectMany(member => Convert.FromHexString(member.Key + member.Value))];

    private static PublicKey Parse(byte[] key) => CoseKey.Parse(CborValue.Decode(key, CoseCodes.KeyMalformed));

    private static byte[] With(string label, string? value)
    {
        var members = _good.Where(member => member.Key != label).ToList();
        if (value is not null) members.Add(new(label, value));
        return Encode(members);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    public void What_is_written_is_read_again(string algorithm)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(algorithm)!);
        Assert.Equal(key.PublicKey, Parse(CborWriting.Encode(writer => CoseKey.Write(writer, key.PublicKey))));
    }

    [Theory]
    [Trait("Row", "CSE-12")]
    [InlineData("01", null, CoseCodes.KeyMalformed)]
    [InlineData("01", "f6", CoseCodes.KeyMalformed)]
    [InlineData("01", "6245 43", CoseCodes.KeyMalformed)]
    [InlineData("20", null, CoseCodes.KeyMalformed)]
    [InlineData("20", "6550 2d323536", CoseCodes.KeyMalformed)]
    [InlineData("21", null, CoseCodes.KeyMalformed)]
    [InlineData("21", "f6", CoseCodes.KeyMalformed)]
    [InlineData("22", null, CoseCodes.KeyMalformed)]
    [InlineData("22", "00", CoseCodes.KeyMalformed)]
    [InlineData("01", "01", CoseCodes.KeyMalformed)] // an octet key pair on P-256
    public void A_key_without_its_parts_is_refused(string label, string? value, string code)
    {
        Assert.Equal(code, Assert.Throws<MalformedDataException>(() => Parse(With(label, value?.Replace(" ", "", StringComparison.Ordinal)))).Code);
        Assert.Equal(_key, Parse(Encode(_good)));
    }

    [Theory]
    [Trait("Row", "CSE-12")]
    [InlineData("23", "412a")]
    [InlineData("23", "f6")]
    [InlineData("01", "04")]
    public void A_private_or_symmetric_key_is_refused(string label, string value) =>
        Assert.Equal(CoseCodes.KeyPrivate, Assert.Throws<MalformedDataException>(() => Parse(With(label, value))).Code);

    [Theory]
    [Trait("Row", "CSE-12")]
    [InlineData("22", "f5")]
    [InlineData("22", "f4")]
    [InlineData("01", "03")]
    [InlineData("20", "04")]
    [InlineData("20", "08")]
    [InlineData("20", "1901 00")]
    public void A_point_form_type_or_curve_that_is_not_supported_is_said_so(string label, string value) => Assert.Equal(
        CoseCodes.KeyNotSupported, Assert.Throws<NotSupportedCredentialException>(() => Parse(With(label, value.Replace(" ", "", StringComparison.Ordinal)))).Code);

    [Theory]
    [Trait("Row", "CSE-12")]
    [InlineData("04", "80", false)]
    [InlineData("04", "8101", false)]
    [InlineData("04", "810a", false)]
    [InlineData("04", "8166766572696679", false)]
    [InlineData("04", "02", false)]
    [InlineData("04", "8102", true)]
    [InlineData("04", "820102", true)]
    [InlineData("03", "26", true)]
    [InlineData("03", "28", true)]
    [InlineData("03", "3822", false)]
    [InlineData("03", "27", false)]
    [InlineData("03", "6545 53323536", false)]
    public void A_key_that_is_meant_for_something_else_is_refused(string label, string value, bool accepted)
    {
        var key = With(label, value.Replace(" ", "", StringComparison.Ordinal));
        if (accepted) Assert.Equal(_key, Parse(key));
        else Assert.Equal(CoseCodes.KeyUse, Assert.Throws<MalformedDataException>(() => Parse(key)).Code);
    }

    [Theory]
    [Trait("Row", "CSE-12")]
    [InlineData("20", "01")]
    [InlineData("3800", "01")]
    [InlineData("390000", "02")]
    [InlineData("1801", "02")]
    public void A_label_twice_is_refused_however_it_is_spelled(string label, string value) => Assert.Equal(
        CoseCodes.KeyMalformed, Assert.Throws<MalformedDataException>(() => Parse(Encode([.. _good, new(label, value)]))).Code);

    [Fact]
    public void What_is_no_map_is_no_key() => Assert.Equal(CoseCodes.KeyMalformed, Assert.Throws<MalformedDataException>(() => Parse([0x01])).Code);

    [Fact]
    [Trait("Row", "CSE-12")]
    public void A_point_off_the_curve_or_of_another_length_is_refused()
    {
        var wrong = _key.Y.ToArray();
        wrong[31] ^= 1;
        foreach (var y in new[] { wrong, _key.Y[1..].ToArray(), [0, .. _key.Y] })
        {
            var value = Convert.ToHexStringLower(CborWriting.Encode(writer => writer.WriteByteString(y)));
            Assert.Equal(KeyCodes.Invalid, Assert.Throws<MalformedDataException>(() => Parse(With("22", value))).Code);
        }
    }
}
