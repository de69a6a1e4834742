using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.Mdoc.Proximity;

/// <summary>Data transfer over Wi-Fi Aware (ISO/IEC 18013-5 §8.2.1.1, <c>WifiOptions</c>). All options are optional.</summary>
public sealed record WifiAwareRetrieval() : RetrievalMethod(TypeNumber, 1)
{
    internal const long TypeNumber = 3;
    private const long PassphraseLabel = 0;
    private const long OperatingClassLabel = 1;
    private const long ChannelLabel = 2;
    private const long BandsLabel = 3;

    /// <summary>The passphrase of the data path.</summary>
    public string? Passphrase { get; init; }

    /// <summary>The operating class of the channel.</summary>
    public long? OperatingClass { get; init; }

    /// <summary>The number of the channel.</summary>
    public long? ChannelNumber { get; init; }

    /// <summary>The supported bands as a bit map; empty if it is not told.</summary>
    public ReadOnlyMemory<byte> SupportedBands { get; init; }

    internal static WifiAwareRetrieval Parse(CborValue options) => new()
    {
        Passphrase = options.Find(PassphraseLabel)?.GetText(),
        OperatingClass = options.Find(OperatingClassLabel)?.GetInt64(),
        ChannelNumber = options.Find(ChannelLabel)?.GetInt64(),
        SupportedBands = options.Find(BandsLabel)?.GetBytes() ?? default,
    };

    private protected override void WriteOptions(CborWriter writer)
    {
        var count = (Passphrase is null ? 0 : 1) + (OperatingClass is null ? 0 : 1) + (ChannelNumber is null ? 0 : 1) + (SupportedBands.IsEmpty ? 0 : 1);
        writer.WriteStartMap(count);
        if (Passphrase is not null)
        {
            writer.WriteInt64(PassphraseLabel);
            writer.WriteTextString(Passphrase);
        }

        WriteNumber(writer, OperatingClassLabel, OperatingClass);
        WriteNumber(writer, ChannelLabel, ChannelNumber);
        if (!SupportedBands.IsEmpty)
        {
            writer.WriteInt64(BandsLabel);
            writer.WriteByteString(SupportedBands.Span);
        }

        writer.WriteEndMap();
    }

    private static void WriteNumber(CborWriter writer, long label, long? number)
    {
        if (number is null) return;
        writer.WriteInt64(label);
        writer.WriteInt64(number.Value);
    }
}
