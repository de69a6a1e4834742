using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys.Software;
using Credentials.Mdoc.Proximity;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>Device and reader engagement (ISO/IEC 18013-5 §8.2.1).</summary>
public class EngagementTests
{
    private static readonly SoftwareKeyAgreementKey s_key = SoftwareKeyAgreementKey.Generate();

    [Fact]
    public void The_published_engagement_reads_as_printed()
    {
        var (input, expect) = AnnexD.Engagement;
        var engagement = DeviceEngagement.ParseQrText(expect.RequireString("qr_text"));

        Assert.Equal(expect.RequireString("version"), engagement.Version);
        Assert.Equal(expect.Bytes("e_device_key_bytes_hex"), engagement.EDeviceKeyBytes.Bytes);
        Assert.True(input.Bytes("device_engagement_hex").AsSpan().SequenceEqual(engagement.Encode().Span));
        Assert.Equal(expect.RequireString("qr_text"), engagement.ToQrText());
        var ble = Assert.IsType<BleRetrieval>(Assert.Single(engagement.RetrievalMethods));
        Assert.Equal((false, true, Guid.Parse("45efef74-2b2c-4837-a9a3-b0e1d05a6917")), (ble.PeripheralServer, ble.CentralClient, ble.CentralClientUuid));
    }

    [Fact]
    public void Our_writer_makes_the_published_engagement_byte_for_byte()
    {
        var (input, expect) = AnnexD.Engagement;
        var published = DeviceEngagement.ParseQrText(expect.RequireString("qr_text"));
        Assert.Equal(input.Bytes("device_engagement_hex"), DeviceEngagement.Create(published.EDeviceKey, published.RetrievalMethods).Encode());
    }

    [Fact]
    public void Every_retrieval_method_comes_back()
    {
        RetrievalMethod[] methods =
        [
            new NfcRetrieval(255, 65_536),
            new BleRetrieval(true, true) { PeripheralServerUuid = Guid.NewGuid(), CentralClientUuid = Guid.NewGuid() },
            new WifiAwareRetrieval { Passphrase = "secret", OperatingClass = 81, ChannelNumber = 6 },
            new LoopbackRetrieval(1024),
        ];
        Assert.Equal(methods, DeviceEngagement.ParseQrText(DeviceEngagement.Create(s_key.PublicKey, methods).ToQrText()).RetrievalMethods);
    }

    // ISO/IEC 18013-5 §8.2.1.1: each method with its options, as it is read and as it is written.
    [Theory]
    [InlineData("8183 01 01 a2 00 18ff 01 190100", true)]
    [InlineData("8183 01 01 a2 00 19ffff 01 1a00010000", true)]
    [InlineData("8183 01 01 a2 00 18fe 01 190100", false)]
    [InlineData("8183 01 01 a2 00 1a00010000 01 190100", false)]
    [InlineData("8183 01 01 a2 00 18ff 01 18ff", false)]
    [InlineData("8183 01 01 a2 00 18ff 01 1a00010001", false)]
    [InlineData("8183 01 01 a1 00 18ff", false)]
    [InlineData("8183 01 01 a1 01 190100", false)]
    [InlineData("8183 01 02 a0", true)]
    [InlineData("8183 02 01 a3 00 f5 01 f4 0a 5000112233445566778899aabbccddeeff", true)]
    [InlineData("8183 02 01 a3 00 f4 01 f5 0b 5000112233445566778899aabbccddeeff", true)]
    [InlineData("8183 02 01 a5 00 f5 01 f5 0a 5000112233445566778899aabbccddeeff 0b 5000112233445566778899aabbccddeeff 14 46010203040506", true)]
    [InlineData("8183 02 01 a2 00 f4 01 f4", true)]
    [InlineData("8183 02 01 a2 00 f5 01 f4", false)]
    [InlineData("8183 02 01 a3 00 f5 01 f5 0a 5000112233445566778899aabbccddeeff", false)]
    [InlineData("8183 02 01 a3 00 f5 01 f4 0a 4f00112233445566778899aabbccddee", false)]
    [InlineData("8183 02 01 a3 00 f5 01 f4 0a 6161", false)]
    [InlineData("8183 02 01 a3 00 f4 01 f4 14 450102030405", false)]
    [InlineData("8183 02 01 a2 00 f4 01 00", false)]
    [InlineData("8183 02 01 a1 00 f4", false)]
    [InlineData("8183 03 01 a0", true)]
    [InlineData("8183 03 01 a4 00 6161 01 1851 02 06 03 4105", true)]
    [InlineData("8183 03 01 a1 01 1851", true)]
    [InlineData("8183 03 01 a1 02 06", true)]
    [InlineData("8183 03 01 a1 03 4105", true)]
    [InlineData("8183 03 01 a1 00 01", false)]
    [InlineData("8183 1a6c6f6f70 01 a1 00 190400", true)]
    [InlineData("8183 1a6c6f6f70 01 a1 00 19ffff", true)]
    [InlineData("8183 09 01 80", true)]
    [InlineData("8182 01 01", false)]
    [InlineData("80", false)]
    [InlineData("a0", false)]
    public void A_retrieval_method_is_written_as_it_was_read_or_refused(string hex, bool isRead)
    {
        var methods = System.Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var bytes = Map(("version", w => w.WriteTextString("1.0")), ("security", Security), ("methods", w => w.WriteEncodedValue(methods)));
        if (!isRead)
        {
            AssertMalformed(() => DeviceEngagement.Parse(bytes));
            AssertMalformed(() => ReaderEngagement.Parse(bytes));
            return;
        }

        var written = DeviceEngagement.Create(s_key.PublicKey, DeviceEngagement.Parse(bytes).RetrievalMethods);
        Assert.Equal(methods, CborValue.Decode(written.Encode()).Require(2).Encoded);
    }

    [Fact]
    public void A_method_that_could_not_be_read_again_is_the_callers_mistake()
    {
        Assert.Equal("maxCommandLength", Assert.Throws<ArgumentOutOfRangeException>(() => new NfcRetrieval(254, 256)).ParamName);
        Assert.Equal("maxResponseLength", Assert.Throws<ArgumentOutOfRangeException>(() => new NfcRetrieval(255, 65_537)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopbackRetrieval(65_536));
        foreach (var ble in new[] { new BleRetrieval(true, false), new BleRetrieval(false, true) })
            Assert.Throws<InvalidOperationException>(() => DeviceEngagement.Create(s_key.PublicKey, [ble]));
    }

    // ISO/IEC TS 18013-7 Annex A, OriginInfo
    [Theory]
    [InlineData("80", "")]
    [InlineData("81a3 63636174 01 6474797065 01 6764657461696c73 a1 66646f6d61696e 6161", "a")]
    [InlineData("82a2 63636174 02 6474797065 01 a3 63636174 01 6474797065 01 6764657461696c73 a1 66646f6d61696e 6162", "b")]
    [InlineData("81a3 63636174 01 6474797065 02 6764657461696c73 a1 66646f6d61696e 6161", "")]
    [InlineData("81a2 63636174 01 6474797065 01", null)]
    [InlineData("81a1 63636174 01", null)]
    [InlineData("81a1 6474797065 01", null)]
    [InlineData("81a3 63636174 01 6474797065 01 6764657461696c73 a0", null)]
    [InlineData("a0", null)]
    public void The_web_sites_that_a_device_names_are_read(string hex, string? domains)
    {
        var bytes = Map(
            ("version", w => w.WriteTextString("1.1")), ("security", Security), ("methods", w => w.WriteEncodedValue(System.Convert.FromHexString("81830301a0"))),
            ("origin infos", w => w.WriteEncodedValue(System.Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)))));
        if (domains is null) AssertMalformed(() => DeviceEngagement.Parse(bytes));
        else Assert.Equal(domains, string.Join(',', DeviceEngagement.Parse(bytes).OriginDomains));
    }

    [Fact]
    public void An_answer_names_the_web_sites_as_the_standard_has_them()
    {
        var answer = DeviceEngagement.CreateAnswer(s_key.PublicKey, ["a", "b"]);
        Assert.Equal(["a", "b"], DeviceEngagement.Parse(answer.Encode()).OriginDomains);
        Assert.Equal(
            "82a363636174016474797065016764657461696c73a166646f6d61696e6161a363636174016474797065016764657461696c73a166646f6d61696e6162",
            System.Convert.ToHexStringLower(CborValue.Decode(answer.Encode()).Require(5).Encoded.Span));
    }

    [Fact]
    public void The_scheme_of_an_engagement_is_read_in_any_case() =>
        Assert.NotNull(DeviceEngagement.ParseQrText("MDOC:" + AnnexD.Engagement.Expect.RequireString("qr_text")["mdoc:".Length..]));

    [Theory]
    [InlineData("01")]
    [InlineData("80")]
    [InlineData("8101")]
    [InlineData("820180")]
    [InlineData("8261 3101")]
    public void Parse_rejects_a_security_that_is_no_suite_and_key(string hex) => AssertMalformed(() => DeviceEngagement.Parse(Map(
        ("version", w => w.WriteTextString("1.0")), ("security", w => w.WriteEncodedValue(System.Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)))))));

    [Theory]
    [InlineData("8183" + "1a6c6f6f70" + "01" + "a1001903ff")] // port 1023, of the system
    [InlineData("8183" + "1a6c6f6f70" + "01" + "a1001a00010000")]
    [InlineData("8183" + "1a6c6f6f70" + "01" + "a10020")]
    [InlineData("8183" + "1a6c6f6f70" + "01" + "a0")]
    [InlineData("8183" + "1a6c6f6f70" + "01" + "a100683132372e302e302e")] // an address is none of its options
    public void The_loopback_method_leads_to_a_free_port_of_this_machine_and_nowhere_else(string methods)
    {
        var bytes = Map(("version", w => w.WriteTextString("1.0")), ("security", Security), ("methods", w => w.WriteEncodedValue(System.Convert.FromHexString(methods))));
        Assert.Equal(ProximityCodes.EngagementMalformed, Assert.Throws<MalformedDataException>(() => DeviceEngagement.Parse(bytes)).Code);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopbackRetrieval(1023));
    }

    [Fact]
    public void A_method_that_is_not_known_and_members_of_a_later_edition_are_no_obstacle()
    {
        var bytes = Map(
            ("1.1", w => w.WriteTextString("1.1")), ("security", Security), ("methods", w => w.WriteEncodedValue(System.Convert.FromHexString("81830901a10063616263"))),
            ("origin infos", w => w.WriteEncodedValue([0x80])));
        var engagement = DeviceEngagement.Parse(bytes);
        Assert.Equal("1.1", engagement.Version);
        Assert.Equal((9, 1), (engagement.RetrievalMethods[0].Type, engagement.RetrievalMethods[0].Version));
        Assert.Equal(bytes, engagement.Encode());
    }

    [Theory]
    [Trait("Row", "MDD-16")]
    [InlineData(2, ProximityCodes.EngagementNotSupported)]
    [InlineData(0, ProximityCodes.EngagementNotSupported)]
    [InlineData(-1, ProximityCodes.EngagementNotSupported)]
    public void Parse_rejects_a_cipher_suite_that_is_not_known(int suite, string code)
    {
        var bytes = Map(("version", w => w.WriteTextString("1.0")), ("security", w => WriteSecurity(w, suite, keys: 1)));
        Assert.Equal(code, Assert.Throws<NotSupportedCredentialException>(() => DeviceEngagement.Parse(bytes)).Code);
        Assert.Equal(code, Assert.Throws<NotSupportedCredentialException>(() => DeviceEngagement.ParseQrText($"mdoc:{StrictBase64Url.Encode(bytes)}")).Code);
        Assert.Equal(code, Assert.Throws<NotSupportedCredentialException>(() => ReaderEngagement.Parse(bytes)).Code);
    }

    [Fact]
    [Trait("Row", "MDD-16")]
    public void Parse_rejects_two_device_keys()
    {
        var twoInOne = Map(("version", w => w.WriteTextString("1.0")), ("security", w => WriteSecurity(w, 1, keys: 2)));
        var one = Map(("version", w => w.WriteTextString("1.0")), ("security", Security));
        // The same map with its member 1 once more.
        byte[] twoMembers = [0xa3, .. one[1..], 0x01, .. CborWriting.Encode(Security)];

        AssertMalformed(() => DeviceEngagement.Parse(twoInOne));
        AssertMalformed(() => DeviceEngagement.Parse(twoMembers));
        Assert.Equal(s_key.PublicKey.X, DeviceEngagement.Parse(one).EDeviceKey.X);
    }

    [Fact]
    [Trait("Row", "MDD-16")]
    public void Parse_rejects_a_QR_code_over_the_cap_before_it_decodes_it()
    {
        AssertMalformed(() => DeviceEngagement.ParseQrText("mdoc:" + new string('A', 5 * 1024)));
        Assert.NotNull(DeviceEngagement.ParseQrText(WithText(4096)));
        Assert.NotNull(DeviceEngagement.ParseQrText(WithText(4095)));
        AssertMalformed(() => DeviceEngagement.ParseQrText(WithText(4098)));
    }

    [Theory]
    [Trait("Row", "MDD-16")]
    [InlineData("\0")]
    [InlineData("A\0")]
    [InlineData(" ")]
    [InlineData("=")]
    [InlineData("\n")]
    public void Parse_rejects_NUL_and_other_strange_characters(string strange)
    {
        var text = AnnexD.Engagement.Expect.RequireString("qr_text");
        AssertMalformed(() => DeviceEngagement.ParseQrText(text + strange));
        AssertMalformed(() => DeviceEngagement.ParseQrText(strange + text));
        AssertMalformed(() => DeviceEngagement.ParseQrText(text.Insert(20, strange)));
        Assert.NotNull(DeviceEngagement.ParseQrText(text));
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.")]
    [InlineData("")]
    [InlineData("1.x")]
    [InlineData("11.0")]
    [InlineData("1.1234567")]
    public void Parse_rejects_another_major_version(string version)
    {
        var bytes = Map(("version", w => w.WriteTextString(version)), ("security", Security));
        Assert.Equal("1.123456", DeviceEngagement.Parse(Map(("version", w => w.WriteTextString("1.123456")), ("security", Security))).Version);
        Assert.Equal(ProximityCodes.EngagementNotSupported, Assert.Throws<NotSupportedCredentialException>(() => DeviceEngagement.Parse(bytes)).Code);
    }

    [Fact]
    public void Parse_rejects_a_key_on_another_curve_as_not_supported()
    {
        using var other = SoftwareSigningKey.Generate(Credentials.Keys.SignatureAlgorithm.Es384);
        var key = EncodedCbor.Wrap(CborWriting.Encode(w => CoseKey.Write(w, other.PublicKey)));
        var bytes = Map(("version", w => w.WriteTextString("1.0")), ("security", w =>
        {
            w.WriteStartArray(2);
            w.WriteInt32(1);
            w.WriteEncoded(key.Bytes);
            w.WriteEndArray();
        }
        ));
        Assert.Equal(CoseCodes.KeyNotSupported, Assert.Throws<NotSupportedCredentialException>(() => DeviceEngagement.Parse(bytes)).Code);
    }

    [Fact]
    public void An_engagement_is_read_or_refused_with_a_code_whichever_byte_is_changed()
    {
        var bytes = AnnexD.Engagement.Input.Bytes("device_engagement_hex");
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var flip in new byte[] { 0x01, 0x20, 0x80, 0xff })
            {
                var changed = bytes.ToArray();
                changed[i] ^= flip;
                var thrown = Record.Exception(() => DeviceEngagement.Parse(changed));
                Assert.True(thrown is null or CredentialException, $"byte {i}: {thrown?.GetType()}");
            }
        }
    }

    [Fact]
    public void A_reader_engagement_reads_with_and_without_key()
    {
        var whole = ReaderEngagement.Parse(AnnexD.Engagement.Input.Bytes("device_engagement_hex"));
        Assert.Equal(AnnexD.Engagement.Expect.Bytes("e_device_key_bytes_hex"), whole.EReaderKeyBytes!.Value.Bytes);
        var bare = ReaderEngagement.Parse(Map(("version", w => w.WriteTextString("1.0"))));
        Assert.Null(bare.EReaderKey);
        Assert.Empty(bare.RetrievalMethods);
    }

    internal static void AssertMalformed(Action parse) =>
        Assert.Equal(ProximityCodes.EngagementMalformed, Assert.Throws<MalformedDataException>(parse).Code);

    // An engagement with a member, passed over, that makes its text this long.
    private static string WithText(int length)
    {
        for (var padding = length / 2; ; padding++)
        {
            var one = Map(("version", w => w.WriteTextString("1.0")), ("security", Security));
            byte[] bytes = [0xa3, .. one[1..], 0x09, .. CborWriting.Encode(w => w.WriteByteString(new byte[padding]))];
            var text = "mdoc:" + StrictBase64Url.Encode(bytes);
            if (text.Length >= length) return text;
        }
    }

    private static byte[] Map(params (string Name, Action<CborWriter> Write)[] members) => CborWriting.Encode(writer =>
    {
        int[] labels = [0, 1, 2, 5];
        writer.WriteStartMap(members.Length);
        for (var i = 0; i < members.Length; i++)
        {
            writer.WriteInt32(labels[i]);
            members[i].Write(writer);
        }

        writer.WriteEndMap();
    });

    private static void Security(CborWriter writer) => WriteSecurity(writer, 1, keys: 1);

    private static void WriteSecurity(CborWriter writer, int suite, int keys)
    {
        writer.WriteStartArray(1 + keys);
        writer.WriteInt32(suite);
        for (var i = 0; i < keys; i++)
            writer.WriteEncoded(EncodedCbor.Wrap(CborWriting.Encode(w => CoseKey.Write(w, s_key.PublicKey))).Bytes);
        writer.WriteEndArray();
    }
}
