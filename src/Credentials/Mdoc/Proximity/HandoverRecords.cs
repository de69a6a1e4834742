using System.Security.Cryptography;
using System.Text;

namespace Credentials.Mdoc.Proximity;

/// <summary>The records that handover select and handover request have in common (ISO/IEC 18013-5 §8.2.2.1; NFC Forum, Connection Handover 1.5 §6, §7).</summary>
internal static class HandoverRecords
{
    public const string Select = "Hs";
    public const string Request = "Hr";
    public const string DeviceEngagementType = "iso.org:18013:deviceengagement";
    public const string ReaderEngagementType = "iso.org:18013:readerengagement";
    public const string DeviceEngagementId = "mdoc";

    private const string ReaderEngagementId = "mdocreader";
    private const string AlternativeCarrier = "ac";
    private const string CollisionResolution = "cr";
    private const string BleType = "application/vnd.bluetooth.le.oob";
    private const string BleId = "0";
    private const string NfcType = "iso.org:18013:nfc";
    private const string NfcId = "nfc";
    private const byte Version = 0x15;
    private const byte Active = 1;
    private const byte NfcVersion = 1;
    private const byte MaxCommandLength = 1;
    private const byte MaxResponseLength = 2;

    /// <summary>The records and the carriers of a message whose first record is of this type.</summary>
    public static (List<NdefRecord> Records, List<HandoverCarrier> Carriers) Parse(ReadOnlyMemory<byte> message, string type, bool fromReader)
    {
        var records = NdefRecord.ParseMessage(message);
        var payload = records[0].Payload;
        // Connection Handover §5: another minor version can be read.
        if (!records[0].Is(NdefRecord.WellKnown, type) || payload.IsEmpty || payload.Span[0] >> 4 != Version >> 4) throw NdefRecord.Malformed();
        var carriers = new List<HandoverCarrier>();
        foreach (var record in payload.Length > 1 ? NdefRecord.ParseMessage(payload[1..]) : [])
        {
            if (!record.Is(NdefRecord.WellKnown, AlternativeCarrier)) continue;
            var reference = Reference(record.Payload.Span);
            var configurations = records.FindAll(candidate => candidate.Id == reference);
            if (configurations.Count != 1) throw NdefRecord.Malformed();
            carriers.Add(new HandoverCarrier(reference, configurations[0].Type, configurations[0].Payload, Method(configurations[0], fromReader)));
        }

        return (records, carriers);
    }

    /// <summary>The one payload of this external type; null if there is none.</summary>
    public static ReadOnlyMemory<byte>? Find(List<NdefRecord> records, string type)
    {
        var found = records.FindAll(record => record.Is(NdefRecord.External, type));
        return found.Count switch { 0 => default(ReadOnlyMemory<byte>?), 1 => found[0].Payload, _ => throw NdefRecord.Malformed() };
    }

    /// <summary>The holder's message: carriers, their configurations, and the engagement to which all carriers refer.</summary>
    public static byte[] WriteSelect(IReadOnlyList<RetrievalMethod> carriers, ReadOnlyMemory<byte> engagement)
    {
        var configurations = Configurations(carriers, fromReader: false);
        var alternatives = NdefRecord.WriteMessage([.. configurations.Select(record => Alternative(record, DeviceEngagementId))]);
        return NdefRecord.WriteMessage(
        [
            new NdefRecord(NdefRecord.WellKnown, Select, "", (byte[])[Version, .. alternatives]),
            .. configurations,
            new NdefRecord(NdefRecord.External, DeviceEngagementType, DeviceEngagementId, engagement),
        ]);
    }

    /// <summary>The reader's message: a random number in case both sides ask, carriers, their configurations, and the engagement.</summary>
    public static byte[] WriteRequest(IReadOnlyList<RetrievalMethod> carriers, ReadOnlyMemory<byte> engagement)
    {
        var configurations = Configurations(carriers, fromReader: true);
        var inner = NdefRecord.WriteMessage(
        [
            new NdefRecord(NdefRecord.WellKnown, CollisionResolution, "", RandomNumberGenerator.GetBytes(2)),
            .. configurations.Select(record => Alternative(record, null)),
        ]);
        return NdefRecord.WriteMessage(
        [
            new NdefRecord(NdefRecord.WellKnown, Request, "", (byte[])[Version, .. inner]),
            new NdefRecord(NdefRecord.External, ReaderEngagementType, ReaderEngagementId, engagement),
            .. configurations,
        ]);
    }

    // Alternative carrier record: power state, reference, auxiliary references.
    private static string Reference(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2 || payload[1] == 0 || payload.Length < 2 + payload[1]) throw NdefRecord.Malformed();
        return Encoding.Latin1.GetString(payload.Slice(2, payload[1]));
    }

    private static NdefRecord Alternative(NdefRecord configuration, string? auxiliary) => new(
        NdefRecord.WellKnown, AlternativeCarrier, "",
        (byte[])[Active, .. Text(configuration.Id), .. auxiliary is null ? [(byte)0] : (byte[])[1, .. Text(auxiliary)]]);

    private static byte[] Text(string reference) => [(byte)reference.Length, .. Encoding.Latin1.GetBytes(reference)];

    private static List<NdefRecord> Configurations(IReadOnlyList<RetrievalMethod> carriers, bool fromReader)
    {
        var configurations = carriers.Select(carrier => Configuration(carrier, fromReader)).ToList();
        return configurations.Count > 0 && configurations.DistinctBy(record => record.Id).Count() == configurations.Count
            ? configurations
            : throw new ArgumentException("One or more carriers, each once.", nameof(carriers));
    }

    // §8.2.2.2: the lengths are the holder's to say.
    private static NdefRecord Configuration(RetrievalMethod method, bool fromReader) => method switch
    {
        BleRetrieval ble => new(NdefRecord.MediaType, BleType, BleId, BleOutOfBand.Write(ble, fromReader)),
        NfcRetrieval nfc => new(NdefRecord.External, NfcType, NfcId, fromReader ? [NfcVersion] : NfcLengths(nfc)),
        _ => throw new ArgumentException("NFC handover is made for BLE and NFC carriers.", nameof(method)),
    };

    private static RetrievalMethod? Method(NdefRecord record, bool fromReader) => record switch
    {
        { Format: NdefRecord.MediaType, Type: BleType } => BleOutOfBand.Parse(record.Payload.Span, fromReader),
        { Format: NdefRecord.External, Type: NfcType } => ParseNfcLengths(record.Payload.Span),
        _ => null,
    };

    // §8.2.2.2: version, then each length with its own length and type in front.
    private static byte[] NfcLengths(NfcRetrieval nfc) =>
        [NfcVersion, .. Field(MaxCommandLength, nfc.MaxCommandLength), .. Field(MaxResponseLength, nfc.MaxResponseLength)];

    private static byte[] Field(byte type, int number) => number switch
    {
        < 1 << 8 => [2, type, (byte)number],
        < 1 << 16 => [3, type, (byte)(number >> 8), (byte)number],
        _ => [4, type, (byte)(number >> 16), (byte)(number >> 8), (byte)number],
    };

    // A reader's record has the version alone.
    private static NfcRetrieval? ParseNfcLengths(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] != NfcVersion) return null;
        payload = payload[1..];
        if (payload.IsEmpty) return null;
        var (command, response) = (Number(ref payload, MaxCommandLength), Number(ref payload, MaxResponseLength));
        return NfcRetrieval.AreLengths(command, response) ? new NfcRetrieval(command, response) : throw NdefRecord.Malformed();
    }

    private static int Number(ref ReadOnlySpan<byte> payload, byte type)
    {
        if (payload.Length < 2 || payload[0] is < 2 or > 4 || payload.Length <= payload[0] || payload[1] != type) throw NdefRecord.Malformed();
        var number = 0;
        foreach (var digit in payload[2..(payload[0] + 1)]) number = (number << 8) | digit;
        payload = payload[(payload[0] + 1)..];
        return number;
    }
}
