using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>NFC handover messages (ISO/IEC 18013-5 §8.2.2.1).</summary>
public class HandoverTests
{
    private static byte[] Select => AnnexD.Session.Input.Bytes("handover_select_hex");

    private static byte[] Request => AnnexD.Session.Input.Bytes("handover_request_hex");

    [Fact]
    public void The_published_select_message_reads()
    {
        var select = HandoverSelect.Parse(Select);
        var ble = Assert.IsType<BleRetrieval>(Assert.Single(select.Carriers).Method);
        Assert.Equal((false, true), (ble.PeripheralServer, ble.CentralClient));
        Assert.Equal("28128b372828", System.Convert.ToHexStringLower(ble.DeviceAddress.Span));
        Assert.Empty(select.Engagement.RetrievalMethods);
        using var key = AnnexD.Session.Input.Key("ephemeral_device_private_jwk");
        Assert.Equal(key.PublicKey.X, select.Engagement.EDeviceKey.X);
    }

    [Fact]
    public void The_published_request_message_reads_from_the_holders_point_of_view()
    {
        var request = HandoverRequest.Parse(Request);
        Assert.Equal(["0", "nfc", "W"], request.Carriers.Select(carrier => carrier.Reference));
        var ble = Assert.IsType<BleRetrieval>(request.Carriers[0].Method);
        Assert.Equal((true, true), (ble.PeripheralServer, ble.CentralClient));
        Assert.Equal(Guid.Parse("3a82d455-d5fc-4db3-bea0-6fd2f6ff32c8"), ble.CentralClientUuid);
        Assert.Null(request.Carriers[2].Method);
        Assert.Null(request.Engagement);
    }

    [Fact]
    public void The_handover_of_the_transcript_is_both_messages()
    {
        var (select, request) = (HandoverSelect.Parse(Select), HandoverRequest.Parse(Request));
        using var reader = AnnexD.Session.Input.Key("ephemeral_reader_private_jwk");
        var published = SessionTranscript.FromEncoded(Credentials.Codecs.CborValue.Decode(AnnexD.Session.Input.Bytes("session_transcript_bytes_hex")).GetEncodedCbor().Content);
        var made = SessionTranscript.ForProximity(select.Engagement.Encoded, EngagementSecurity.EncodeKey(reader.PublicKey), select.ToHandover(request));
        Assert.Equal(published.Bytes, made.Bytes);
        Assert.NotEqual(published.Bytes, SessionTranscript.ForProximity(select.Engagement.Encoded, EngagementSecurity.EncodeKey(reader.PublicKey), select.ToHandover(null)).Bytes);
    }

    [Fact]
    public void Our_select_message_comes_back()
    {
        using var key = SoftwareKeyAgreementKey.Generate();
        var uuid = Guid.NewGuid();
        RetrievalMethod[] carriers =
        [
            new BleRetrieval(true, true) { PeripheralServerUuid = uuid, CentralClientUuid = uuid },
            new NfcRetrieval(65_535, 65_536),
        ];
        var made = HandoverSelect.Create(DeviceEngagement.Create(key.PublicKey, []), carriers);
        var read = HandoverSelect.Parse(made.Bytes);
        Assert.Equal(carriers.Select(c => c.Type), read.Carriers.Select(c => c.Method!.Type));
        Assert.Equal(uuid, ((BleRetrieval)read.Carriers[0].Method!).CentralClientUuid);
        Assert.Equal(carriers[1], read.Carriers[1].Method);
        Assert.Equal(key.PublicKey.X, read.Engagement.EDeviceKey.X);
    }

    [Fact]
    public void A_message_of_the_other_kind_or_with_bytes_after_it_is_refused()
    {
        AssertMalformed(() => HandoverSelect.Parse(Request));
        AssertMalformed(() => HandoverRequest.Parse(Select));
        AssertMalformed(() => HandoverSelect.Parse((byte[])[.. Select, 0]));
        AssertMalformed(() => HandoverSelect.Parse(new byte[ProximityLimits.HandoverBytes + 1]));
        AssertMalformed(() => HandoverSelect.Parse(ReadOnlyMemory<byte>.Empty));
        Assert.NotNull(HandoverSelect.Parse(Select));
    }

    [Fact]
    public void A_cut_or_changed_message_is_read_or_refused_with_a_code()
    {
        foreach (var (message, isSelect) in new[] { (Select, true), (Request, false) })
        {
            for (var i = 0; i < message.Length; i++)
            {
                var cut = message[..i];
                Assert.IsAssignableFrom<CredentialException>(Record.Exception(() => isSelect ? (object)HandoverSelect.Parse(cut) : HandoverRequest.Parse(cut)));
                var changed = message.ToArray();
                changed[i] ^= 0xff;
                Assert.True(Record.Exception(() => HandoverSelect.Parse(changed)) is null or CredentialException, $"select {i}");
                Assert.True(Record.Exception(() => HandoverRequest.Parse(changed)) is null or CredentialException, $"request {i}");
            }
        }
    }

    private static void AssertMalformed(Action parse) =>
        Assert.Equal(ProximityCodes.HandoverMalformed, Assert.Throws<MalformedDataException>(parse).Code);
}
