using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.Mdoc.Proximity;

/// <summary>Data transfer over NFC (ISO/IEC 18013-5 §8.2.1.1, <c>NfcOptions</c>).</summary>
public sealed record NfcRetrieval : RetrievalMethod
{
    internal const long TypeNumber = 1;
    private const long CommandLength = 0;
    private const long ResponseLength = 1;

    /// <summary>Creates the method.</summary>
    /// <param name="maxCommandLength">Longest command data field in bytes, 255 to 65 535.</param>
    /// <param name="maxResponseLength">Longest response data field in bytes, 256 to 65 536.</param>
    public NfcRetrieval(int maxCommandLength, int maxResponseLength) : base(TypeNumber, 1)
    {
        if (!IsCommandLength(maxCommandLength)) throw new ArgumentOutOfRangeException(nameof(maxCommandLength));
        if (!IsResponseLength(maxResponseLength)) throw new ArgumentOutOfRangeException(nameof(maxResponseLength));
        (MaxCommandLength, MaxResponseLength) = (maxCommandLength, maxResponseLength);
    }

    /// <summary>Longest command data field, in bytes.</summary>
    public int MaxCommandLength { get; }

    /// <summary>Longest response data field, in bytes.</summary>
    public int MaxResponseLength { get; }

    internal static NfcRetrieval Parse(CborValue options)
    {
        var (command, response) = (options.Require(CommandLength).GetInt64(), options.Require(ResponseLength).GetInt64());
        return AreLengths(command, response)
            ? new NfcRetrieval((int)command, (int)response)
            : throw options.Wrong("lengths that NFC can have");
    }

    internal static bool AreLengths(long command, long response) => IsCommandLength(command) && IsResponseLength(response);

    private protected override void WriteOptions(CborWriter writer)
    {
        writer.WriteStartMap(2);
        writer.WriteInt64(CommandLength);
        writer.WriteInt32(MaxCommandLength);
        writer.WriteInt64(ResponseLength);
        writer.WriteInt32(MaxResponseLength);
        writer.WriteEndMap();
    }

    private static bool IsCommandLength(long length) => length is >= 255 and <= 65_535;

    private static bool IsResponseLength(long length) => length is >= 256 and <= 65_536;
}
