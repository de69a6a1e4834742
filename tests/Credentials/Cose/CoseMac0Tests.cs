using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Cose;

namespace Credentials.Tests.Cose;

public class CoseMac0Tests
{
    private static readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private static CoseMac0 Parse(byte[] message) => CoseMac0.Parse(CborValue.Decode(message, CoseCodes.Malformed));

    [Fact]
    public void What_is_authenticated_verifies_with_its_key_and_no_other()
    {
        var message = Parse(CoseMac0.Create(CoseForge.Payload, _key, isDetached: false));

        Assert.Equal(CoseForge.Payload, message.Payload!.Value.ToArray());
        Assert.Equal(SHA256.HashSizeInBytes, message.AuthenticationTag.Length);
        Assert.True(message.Verify(_key));
        Assert.False(message.Verify([.. _key[..^1], (byte)~_key[^1]]));
        // Twice a payload is none.
        Assert.False(message.Verify(_key, CoseForge.Payload));
    }

    [Fact]
    public void A_detached_payload_verifies_with_itself_only()
    {
        var message = Parse(CoseMac0.Create(CoseForge.Payload, _key, isDetached: true));

        Assert.Null(message.Payload);
        Assert.True(message.Verify(_key, CoseForge.Payload));
        Assert.False(message.Verify(_key));
        Assert.False(message.Verify(_key, CoseForge.Payload[..^1]));
    }

    // RFC 9052 §6.3: MAC_structure, whose context is "MAC0".
    [Theory]
    [InlineData("MAC0", "", true)]
    [InlineData("MAC0", "00", false)]
    [InlineData("MAC", "", false)]
    [InlineData("Signature1", "", false)]
    public void The_tag_is_over_the_structure_of_the_standard(string context, string external, bool isRight)
    {
        byte[] header = [0xa1, 0x01, 0x05];
        var tag = HMACSHA256.HashData(_key, CoseForge.Structure(context, header, Convert.FromHexString(external), CoseForge.Payload));
        var message = CoseForge.Message(header, "a0", null, tag);

        Assert.Equal(isRight, Parse(message).Verify(_key));
        if (isRight) Assert.Equal(message, CoseMac0.Create(CoseForge.Payload, _key, isDetached: false));
    }

    [Theory]
    [InlineData("a10126")] // ES256
    [InlineData("a10104")] // HMAC 256/64, which is cut short
    [InlineData("a10106")] // HMAC 384/384
    public void Another_algorithm_is_refused(string header) =>
        Assert.Equal(CoseCodes.Algorithm, Assert.Throws<MalformedDataException>(() => Parse(CoseForge.Message(Convert.FromHexString(header), "a0", null, new byte[32]))).Code);

    [Fact]
    public void Every_flipped_byte_is_refused()
    {
        var good = CoseMac0.Create(CoseForge.Payload, _key, isDetached: false);
        for (var i = 0; i < good.Length; i++)
        {
            var changed = good.ToArray();
            changed[i] ^= 1;
            try
            {
                Assert.False(Parse(changed).Verify(_key), $"byte {i}");
            }
            catch (MalformedDataException)
            {
                // Refused before the tag was looked at.
            }
        }
    }
}
