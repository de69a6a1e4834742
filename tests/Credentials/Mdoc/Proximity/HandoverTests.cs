using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>NFC handover messages (ISO/IEC 18013-5 §8.2.2.1).</summary>
public class HandoverTests
{
    private static readonly SoftwareKeyAgreementKey s_key = SoftwareKeyAgreementKey.Generate();

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
        var published = AnnexD.TranscriptOf(AnnexD.Session.Input);
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

    // Bluetooth, Core Specification Supplement part A: length, type and data; the role is the sender's.
    [Theory]
    [InlineData("021c00", true, false)]
    [InlineData("021c01", false, true)]
    [InlineData("021c02", true, true)]
    [InlineData("021c03", true, true)]
    [InlineData("0209ff 021c00", true, false)] // a name, passed over
    [InlineData("061b0102030405 021c00", true, false)] // no whole address
    [InlineData("", null, null)]
    [InlineData("0209ff", null, null)]
    [InlineData("021c04", null, null)]
    [InlineData("011c", null, null)]
    [InlineData("031c0000", null, null)]
    [InlineData("021c", null, null)]
    [InlineData("00", null, null)]
    [InlineData("00 021c00", null, null)]
    [InlineData("021c00 021c00", null, null)]
    [InlineData("021c00 05", null, null)]
    [InlineData("021c00 1007000102030405060708090a0b0c0d0e", null, null)]
    [InlineData("021c00 1107000102030405060708090a0b0c0d0e0f 1107000102030405060708090a0b0c0d0e0f", null, null)]
    public void The_fields_of_a_bluetooth_carrier_are_each_whole_and_there_once(string hex, bool? server, bool? client)
    {
        var message = Message(Bytes(hex));
        if (server is null)
        {
            AssertMalformed(() => HandoverSelect.Parse(message));
            return;
        }

        var ble = Assert.IsType<BleRetrieval>(Assert.Single(HandoverSelect.Parse(message).Carriers).Method);
        Assert.Equal((server, client), ((bool?)ble.PeripheralServer, (bool?)ble.CentralClient));
        Assert.True(ble is { PeripheralServerUuid: null, CentralClientUuid: null, DeviceAddress.IsEmpty: true });
    }

    [Fact]
    public void A_bluetooth_carrier_has_its_service_last_byte_first_and_its_address()
    {
        var uuid = Guid.Parse("0f0e0d0c-0b0a-0908-0706-050403020100");
        foreach (var (role, server, client) in new (string, Guid?, Guid?)[] { ("00", uuid, null), ("01", null, uuid), ("02", uuid, uuid) })
        {
            var message = Message(Bytes($"021c{role} 1107000102030405060708090a0b0c0d0e0f 071b010203040506"));
            var ble = Assert.IsType<BleRetrieval>(Assert.Single(HandoverSelect.Parse(message).Carriers).Method);
            Assert.Equal((server, client), (ble.PeripheralServerUuid, ble.CentralClientUuid));
            Assert.Equal(Bytes("010203040506"), ble.DeviceAddress);
        }
    }

    [Fact]
    public void A_carrier_is_written_from_the_senders_point_of_view()
    {
        var uuid = Guid.Parse("0f0e0d0c-0b0a-0908-0706-050403020100");
        foreach (var (ble, select, request) in new[]
        {
            (new BleRetrieval(true, false), "021c00", "021c01"),
            (new BleRetrieval(false, true), "021c01", "021c00"),
            (new BleRetrieval(true, true), "021c02", "021c02"),
            (new BleRetrieval(true, true) { PeripheralServerUuid = uuid, CentralClientUuid = uuid }, "021c021107000102030405060708090a0b0c0d0e0f", "021c021107000102030405060708090a0b0c0d0e0f"),
            (new BleRetrieval(false, true) { CentralClientUuid = uuid }, "021c011107000102030405060708090a0b0c0d0e0f", "021c001107000102030405060708090a0b0c0d0e0f"),
        })
        {
            Assert.Equal((select, request), (Written(HandoverSelect.Create(Engagement, [ble]).Carriers), Written(HandoverRequest.Create([ble]).Carriers)));
        }

        foreach (var (nfc, lengths) in new[]
        {
            (new NfcRetrieval(255, 256), "010201ff03020100"), (new NfcRetrieval(256, 65_535), "010301010003 02ffff"), (new NfcRetrieval(65_535, 65_536), "010301ffff0402010000"),
        })
        {
            Assert.Equal((lengths.Replace(" ", "", StringComparison.Ordinal), "01"), (Written(HandoverSelect.Create(Engagement, [nfc]).Carriers), Written(HandoverRequest.Create([nfc]).Carriers)));
        }

        static string Written(IReadOnlyList<HandoverCarrier> carriers) => System.Convert.ToHexStringLower(Assert.Single(carriers).Payload.Span);
    }

    // ISO/IEC 18013-5 §8.2.2.2
    [Theory]
    [InlineData("01 0201ff 03020100", 255, 256)]
    [InlineData("01 0401000100 03020100 ff", 256, 256)]
    [InlineData("01", null, null)]
    [InlineData("02 0201ff 03020100", null, null)]
    [InlineData("", null, null)]
    [InlineData("01 0201fe 03020100", 0, 0)]
    [InlineData("01 0201ff 0202ff", 0, 0)]
    [InlineData("01 0202ff 03020100", 0, 0)]
    [InlineData("01 0201ff 03010100", 0, 0)]
    [InlineData("01 0101 03020100", 0, 0)]
    [InlineData("01 050100000100 03020100", 0, 0)]
    [InlineData("01 0201ff 030201", 0, 0)]
    [InlineData("01 0201ff", 0, 0)]
    [InlineData("01 02", 0, 0)]
    public void The_lengths_of_NFC_are_told_with_theirs_or_not_at_all(string hex, int? command, int? response)
    {
        var message = Message(Bytes(hex), new NdefRecord(NdefRecord.External, "iso.org:18013:nfc", "0", default));
        if (command == 0) AssertMalformed(() => HandoverSelect.Parse(message));
        else Assert.Equal(command is null ? null : new NfcRetrieval(command.Value, response!.Value), Assert.Single(HandoverSelect.Parse(message).Carriers).Method);
    }

    // NFC Forum, Connection Handover 1.5 §6.2, §7.1: the version, and alternative carriers that name their record.
    [Theory]
    [InlineData("15", 0)]
    [InlineData("1f", 0)]
    [InlineData("25", null)]
    [InlineData("", null)]
    [InlineData("15 d1 02 04 6163 01 01 30 00", 1)]
    [InlineData("15 91 02 04 6163 01 01 30 00 51 02 04 6163 01 01 30 00", 2)]
    [InlineData("15 d1 02 04 6372 01 01 30 00", 0)] // no alternative carrier
    [InlineData("15 d2 02 04 6163 01 01 30 00", 0)]
    [InlineData("15 d1 02 04 6163 01 01 31 00", null)] // names no record
    [InlineData("15 d1 02 04 6163 01 01 32 00", null)] // names two
    [InlineData("15 d1 02 01 6163 01", null)]
    [InlineData("15 d1 02 02 6163 01 00", null)]
    [InlineData("15 d1 02 02 6163 01 01", null)]
    [InlineData("15 d1 02 03 6163 01 01 30", 1)]
    public void An_alternative_carrier_names_one_record(string hex, int? carriers)
    {
        var message = NdefRecord.WriteMessage(
        [
            new NdefRecord(NdefRecord.WellKnown, "Hs", "", Bytes(hex)),
            new NdefRecord(NdefRecord.MediaType, "x/y", "0", default),
            new NdefRecord(NdefRecord.MediaType, "x/y", "2", default),
            new NdefRecord(NdefRecord.MediaType, "x/y", "2", default),
            new NdefRecord(NdefRecord.External, HandoverRecords.DeviceEngagementType, "mdoc", Engagement.Encode()),
        ]);
        if (carriers is null) AssertMalformed(() => HandoverSelect.Parse(message));
        else Assert.Equal(Enumerable.Repeat("0", carriers.Value), HandoverSelect.Parse(message).Carriers.Select(carrier => carrier.Reference));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_select_message_has_one_engagement(int count, bool isRead)
    {
        var message = NdefRecord.WriteMessage(
        [
            new NdefRecord(NdefRecord.WellKnown, "Hs", "", new byte[] { 0x15 }),
            new NdefRecord(NdefRecord.WellKnown, HandoverRecords.DeviceEngagementType, "", default),
            .. Enumerable.Repeat(new NdefRecord(NdefRecord.External, HandoverRecords.DeviceEngagementType, "mdoc", Engagement.Encode()), count),
        ]);
        if (isRead) Assert.Equal(s_key.PublicKey.X, HandoverSelect.Parse(message).Engagement.EDeviceKey.X);
        else AssertMalformed(() => HandoverSelect.Parse(message));
    }

    [Fact]
    public void Carriers_that_a_message_cannot_offer_are_the_callers_mistake()
    {
        var nfc = new NfcRetrieval(255, 256);
        foreach (var carriers in (RetrievalMethod[][])[[], [nfc, nfc], [new LoopbackRetrieval(1024)], [new BleRetrieval(true, true) { PeripheralServerUuid = Guid.NewGuid(), CentralClientUuid = Guid.NewGuid() }]])
        {
            Assert.Throws<ArgumentException>(() => HandoverSelect.Create(Engagement, carriers));
            Assert.Throws<ArgumentException>(() => HandoverRequest.Create(carriers));
        }
    }

    // NDEF 1.0 §3.2: begin, end, chunk, short record, ID length; then the format and the lengths.
    [Theory]
    [InlineData("d1 01 00 61", 1)]
    [InlineData("d9 01 00 01 61 62", 1)]
    [InlineData("c1 01 00000001 61 ff", 1)]
    [InlineData("91 01 00 61 51 01 00 61", 2)]
    [InlineData("91 01 00 61 11 01 00 61 51 01 00 61", 3)]
    [InlineData("51 01 00 61", null)] // does not begin
    [InlineData("91 01 00 61", null)] // does not end
    [InlineData("91 01 00 61 d1 01 00 61", null)] // begins twice
    [InlineData("d1 01 00 61 51 01 00 61", null)] // goes on after its end
    [InlineData("f1 01 00 61", null)] // a chunk
    [InlineData("d1 02 00 61", null)]
    [InlineData("d1 01 01 61", null)]
    [InlineData("d9 01 00 01 61", null)]
    [InlineData("c1 01 80000001 61 ff", null)]
    [InlineData("c1 01 ffffffff 61 ff", null)]
    public void A_message_is_whole_records_from_its_beginning_to_its_end(string hex, int? records)
    {
        if (records is null) AssertMalformed(() => NdefRecord.ParseMessage(Bytes(hex)));
        else Assert.Equal(records, NdefRecord.ParseMessage(Bytes(hex)).Count);
    }

    [Theory]
    [InlineData(0, "", "d101 00 61")]
    [InlineData(255, "", "d101 ff 61")]
    [InlineData(256, "", "c101 00000100 61")]
    [InlineData(256, "bc", "c901 00000100 02 616263")]
    [InlineData(1, "b", "d901 01 01 6162")]
    public void A_record_is_written_as_short_as_it_is_and_read_again(int length, string id, string head)
    {
        var written = NdefRecord.WriteMessage([new NdefRecord(NdefRecord.WellKnown, "a", id, new byte[length])]);
        Assert.Equal([.. Bytes(head), .. new byte[length]], written);
        var read = Assert.Single(NdefRecord.ParseMessage(written));
        Assert.Equal((NdefRecord.WellKnown, "a", id, length), (read.Format, read.Type, read.Id, read.Payload.Length));
        Assert.Equal((true, false, false), (read.Is(NdefRecord.WellKnown, "a"), read.Is(NdefRecord.External, "a"), read.Is(NdefRecord.WellKnown, "b")));
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Records_and_bytes_of_a_message_are_bounded(int count, bool isRead)
    {
        var records = Enumerable.Repeat(new NdefRecord(NdefRecord.WellKnown, "a", "", default), count).ToList();
        var bytes = NdefRecord.WriteMessage([new NdefRecord(NdefRecord.WellKnown, "a", "", new byte[ProximityLimits.HandoverBytes - 7 + (isRead ? 0 : 1)])]);
        Assert.Equal(ProximityLimits.HandoverBytes + (isRead ? 0 : 1), bytes.Length);
        foreach (var message in new[] { NdefRecord.WriteMessage(records), bytes })
        {
            if (isRead) Assert.NotEmpty(NdefRecord.ParseMessage(message));
            else AssertMalformed(() => NdefRecord.ParseMessage(message));
        }
    }

    private static DeviceEngagement Engagement => DeviceEngagement.Create(s_key.PublicKey, []);

    private static byte[] Bytes(string hex) => System.Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A select message with one carrier of this configuration, Bluetooth unless said otherwise.</summary>
    private static byte[] Message(byte[] configuration, NdefRecord? record = null) => NdefRecord.WriteMessage(
    [
        new NdefRecord(NdefRecord.WellKnown, "Hs", "", Bytes("15 d1 02 04 6163 01 01 30 00")),
        (record ?? new NdefRecord(NdefRecord.MediaType, "application/vnd.bluetooth.le.oob", "0", default)) with { Payload = configuration },
        new NdefRecord(NdefRecord.External, HandoverRecords.DeviceEngagementType, "mdoc", Engagement.Encode()),
    ]);

    private static void AssertMalformed(Action parse) =>
        Assert.Equal(ProximityCodes.HandoverMalformed, Assert.Throws<MalformedDataException>(parse).Code);
}
