namespace Credentials.Mdoc.Proximity;

/// <summary>
/// A message cut into pieces for BLE (ISO/IEC 18013-5 §8.3.3.1.1.6): each begins with 0x01 if more follow and 0x00 if it is
/// the last.
/// </summary>
public static class MessageFragments
{
    /// <summary>The smallest ATT_MTU of Bluetooth LE.</summary>
    public const int MinMtu = 23;

    /// <summary>The longest value of a characteristic.</summary>
    public const int MaxFragmentBytes = 512;

    internal const byte More = 1;
    internal const byte Last = 0;
    private const int AttributeHeader = 3;

    /// <summary>The longest fragment, first byte included, for an ATT_MTU.</summary>
    public static int FragmentBytes(int mtu)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mtu, MinMtu);
        return Math.Min(mtu - AttributeHeader, MaxFragmentBytes);
    }

    /// <summary>Cuts a message; every fragment but the last one is full.</summary>
    /// <param name="message">The message, not empty.</param>
    /// <param name="mtu">The ATT_MTU that both sides agreed on, 23 or more.</param>
    public static IEnumerable<byte[]> Split(ReadOnlyMemory<byte> message, int mtu)
    {
        if (message.IsEmpty) throw new ArgumentException("An empty message is not sent.", nameof(message));
        var content = FragmentBytes(mtu) - 1;
        return Cut(message, content);
    }

    private static IEnumerable<byte[]> Cut(ReadOnlyMemory<byte> message, int content)
    {
        while (message.Length > content)
        {
            yield return [More, .. message.Span[..content]];
            message = message[content..];
        }

        yield return [Last, .. message.Span];
    }
}
