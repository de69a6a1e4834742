using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Codecs;

/// <summary>What is written with heads of our own and with a writer that is used again, against a fresh writer of the platform.</summary>
public class CborWritingTests
{
    public static TheoryData<int> Lengths { get; } = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 70_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Tag_24_is_written_as_the_platform_does(int length)
    {
        var text = new string('x', length);
        var content = Fresh(writer => writer.WriteTextString(text));
        var expected = Fresh(writer =>
        {
            writer.WriteTag(CborTag.EncodedCborDataItem);
            writer.WriteByteString(content);
        });
        var wrapped = EncodedCbor.Wrap(content);
        var written = CborWriting.EncodeInTag24(text, static (writer, text) => writer.WriteTextString(text));
        foreach (var made in new[] { wrapped, written })
        {
            Assert.Equal(expected, made.Bytes);
            Assert.Equal(content, made.Content);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task What_is_signed_and_authenticated_is_written_as_the_platform_does(int length)
    {
        var payload = new byte[length];
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var message = CoseSign1.Parse(CborValue.Decode(await CoseSign1.SignAsync(payload, key, ct: TestContext.Current.CancellationToken)));
        Assert.True(key.PublicKey.Verify(Structure("Signature1", message.Headers.ProtectedBytes.ToArray(), payload), message.Signature.Span));

        var mac = CoseMac0.Parse(CborValue.Decode(CoseMac0.Create(payload, new byte[32], isDetached: false)));
        var tag = System.Security.Cryptography.HMACSHA256.HashData(new byte[32], Structure("MAC0", mac.Headers.ProtectedBytes.ToArray(), payload));
        Assert.Equal(tag, mac.AuthenticationTag);
    }

    [Fact]
    public void An_item_written_inside_another_has_a_writer_of_its_own()
    {
        var bytes = CborWriting.Encode(outer =>
        {
            outer.WriteStartArray(2);
            outer.WriteByteString(CborWriting.Encode(inner => inner.WriteTextString("inner")));
            outer.WriteByteString(CborWriting.EncodeInTag24(1, static (inner, number) => inner.WriteInt32(number)).Bytes.Span);
            outer.WriteEndArray();
        });
        Assert.Equal("8246" + "65696e6e6572" + "44" + "d8184101", System.Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void What_went_wrong_in_one_item_is_not_found_in_the_next()
    {
        Assert.Throws<InvalidOperationException>(() => CborWriting.Encode(writer => writer.WriteStartArray(1)));
        Assert.Throws<FormatException>(() => CborWriting.Encode(writer =>
        {
            writer.WriteTextString("half");
            throw new FormatException();
        }));
        Assert.Equal([0x01], CborWriting.Encode(writer => writer.WriteInt32(1)));
        Assert.Throws<MalformedDataException>(() => CborValue.Decode(System.Convert.FromHexString("83010203ff")));
        Assert.Equal(3, CborValue.Decode(System.Convert.FromHexString("83010203")).Count);
    }

    private static byte[] Structure(string context, byte[] header, byte[] payload) => Fresh(writer =>
    {
        writer.WriteStartArray(4);
        writer.WriteTextString(context);
        writer.WriteByteString(header);
        writer.WriteByteString([]);
        writer.WriteByteString(payload);
        writer.WriteEndArray();
    });

    private static byte[] Fresh(Action<CborWriter> write)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        write(writer);
        return writer.Encode();
    }
}
