using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Cose;

namespace Credentials.Tests.Cose;

public class CwtClaimsTests
{
    private const string Code = "test.malformed";

    [Fact]
    public void The_example_of_RFC_8392_is_read()
    {
        // RFC 8392 Appendix A.1
        var claims = CwtClaims.Parse(
            Convert.FromHexString(
                "a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e636f6d"
                + "041a5612aeb0051a5610d9f0061a5610d9f007420b71"),
            Code);

        Assert.Equal("coap://as.example.com", claims.Issuer);
        Assert.Equal("erikw", claims.Subject);
        Assert.Equal(1444064944, claims.ExpiresAt?.ToUnixTimeSeconds());
        Assert.Equal(1443944944, claims.NotBefore?.ToUnixTimeSeconds());
        Assert.Equal(1443944944, claims.IssuedAt?.ToUnixTimeSeconds());
        Assert.Equal("coap://light.example.com", claims.Map.Find(3)?.GetText());
    }

    [Fact]
    public void Claims_that_are_not_there_are_null()
    {
        var claims = CwtClaims.Parse(new byte[] { 0xa0 }, Code);
        Assert.Null(claims.Issuer);
        Assert.Null(claims.Subject);
        Assert.Null(claims.ExpiresAt);
        Assert.Null(claims.NotBefore);
        Assert.Null(claims.IssuedAt);
    }

    [Fact]
    public void A_time_with_a_fraction_is_kept_to_the_millisecond() =>
        Assert.Equal(1444064944250, CwtClaims.Parse(With(CwtNames.ExpiresAt, writer => writer.WriteDouble(1444064944.25)), Code).ExpiresAt?.ToUnixTimeMilliseconds());

    [Fact]
    public void A_time_that_is_no_untagged_number_of_our_calendar_is_refused()
    {
        Action<CborWriter>[] wrong =
        [
            writer => writer.WriteInt64(-1),
            writer => writer.WriteUInt64(253402300800),
            writer => writer.WriteUInt64(ulong.MaxValue),
            writer => writer.WriteDouble(double.NaN),
            writer => writer.WriteDouble(double.PositiveInfinity),
            writer => writer.WriteTextString("1444064944"),
            writer => writer.WriteNull(),
            writer =>
            {
                writer.WriteTag((CborTag)1);
                writer.WriteInt64(1444064944);
            },
        ];
        foreach (var write in wrong)
            Assert.Equal(Code, Assert.Throws<MalformedDataException>(() => CwtClaims.Parse(With(CwtNames.ExpiresAt, write), Code)).Code);
        Assert.Equal(253402300799, CwtClaims.Parse(With(CwtNames.ExpiresAt, writer => writer.WriteInt64(253402300799)), Code).ExpiresAt?.ToUnixTimeSeconds());
    }

    [Fact]
    public void What_is_no_map_or_has_an_issuer_that_is_no_text_is_refused()
    {
        Assert.Equal(Code, Assert.Throws<MalformedDataException>(() => CwtClaims.Parse(new byte[] { 0x80 }, Code)).Code);
        Assert.Equal(Code, Assert.Throws<MalformedDataException>(() => CwtClaims.Parse(With(CwtNames.Issuer, writer => writer.WriteInt64(1)), Code)).Code);
        Assert.Equal(Code, Assert.Throws<MalformedDataException>(() => CwtClaims.Parse(With(CwtNames.Subject, writer => writer.WriteByteString([1])), Code)).Code);
    }

    private static byte[] With(long claim, Action<CborWriter> value) => CborWriting.Encode(writer =>
    {
        writer.WriteStartMap(1);
        writer.WriteInt64(claim);
        value(writer);
        writer.WriteEndMap();
    });
}
