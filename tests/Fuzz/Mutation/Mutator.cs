using System.Text;
using Credentials.Codecs;

namespace Credentials.Fuzz.Tests.Mutation;

/// <summary>
/// Changes inputs at random. A third of the changes is to bytes, blindly; the rest is to the structure, with what surrounds it kept right:
/// otherwise nearly all inputs would be refused at their first length or digit.
/// </summary>
internal sealed class Mutator(int seed)
{
    private const int MaxLength = 16 * 1024;

    private static readonly byte[] s_interesting = [0x00, 0x01, 0x0a, 0x1f, 0x20, 0x22, 0x2d, 0x2e, 0x3d, 0x5c, 0x5f, 0x7b, 0x7d, 0x7e, 0x7f, 0x80, 0xa0, 0xbf, 0xc0, 0xd8, 0xf5, 0xf6, 0xf7, 0xfb, 0xff];

    /// <summary>The source of all that is decided.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>A changed copy.</summary>
    /// <param name="other">Another input, pieces of which may be put in.</param>
    public byte[] Change(InputShape shape, byte[] input, byte[] other)
    {
        var changed = input;
        for (var times = 1 << Random.Next(3); times > 0; times--)
        {
            changed = Random.Next(3) == 0 ? ChangeBytes(changed, other) : shape switch
            {
                InputShape.Json => JsonText.Change(this, changed, other),
                InputShape.Cbor => Tree.Change(this, CborTree.Instance, changed, other),
                InputShape.Der => Tree.Change(this, DerTree.Instance, changed, other),
                InputShape.Compact => ChangeCompact(changed, other),
                InputShape.Printed => ChangePrinted(changed, other),
                _ => ChangeBytes(changed, other),
            };
        }

        return changed.Length <= MaxLength ? changed : changed[..MaxLength];
    }

    /// <summary>Bytes changed without regard to what they mean.</summary>
    public byte[] ChangeBytes(byte[] input, byte[] other)
    {
        if (input.Length == 0) return other.Length > 0 ? other : [s_interesting[Random.Next(s_interesting.Length)]];
        var at = Random.Next(input.Length);
        var length = Math.Min(input.Length - at, 1 << Random.Next(7));
        switch (Random.Next(8))
        {
            case 0: return Replaced(input, at, 1, [(byte)(input[at] ^ (1 << Random.Next(8)))]);
            case 1: return Replaced(input, at, 1, [s_interesting[Random.Next(s_interesting.Length)]]);
            case 2: return Replaced(input, at, 1, [(byte)(input[at] + Random.Next(-16, 17))]);
            case 3: return Replaced(input, at, length, []);
            case 4: return Replaced(input, at, 0, input[at..(at + length)]);
            case 5:
                var bytes = new byte[length];
                Random.NextBytes(bytes);
                return Replaced(input, at, Random.Next(2) * length, bytes);
            case 6: return input[..at];
            default:
                if (other.Length == 0) return input;
                var from = Random.Next(other.Length);
                return Replaced(input, at, Random.Next(2) * length, other[from..Math.Min(other.Length, from + length)]);
        }
    }

    /// <summary>The input with another piece in the place of one of its own.</summary>
    public static byte[] Replaced(ReadOnlySpan<byte> input, int at, int length, ReadOnlySpan<byte> piece) => [.. input[..at], .. piece, .. input[(at + length)..]];

    /// <summary>A part in base64url, changed inside: as JSON if that is what it is.</summary>
    public string ChangeEncoded(string part, byte[] other)
    {
        if (part.Length == 0 || !StrictBase64Url.TryDecode(part, out var bytes)) return Encoding.Latin1.GetString(ChangeBytes(Encoding.Latin1.GetBytes(part), other));
        var isJson = bytes.Length > 0 && bytes[0] is (byte)'{' or (byte)'[';
        return StrictBase64Url.Encode(isJson ? JsonText.Change(this, bytes, other) : ChangeBytes(bytes, other));
    }

    private byte[] ChangeCompact(byte[] input, byte[] other)
    {
        if (input.Length > 0 && input[0] == '{') return JsonText.Change(this, input, other);
        var text = Encoding.Latin1.GetString(input);
        List<string> parts = [.. text.Split('.', '~')];
        List<char> separators = [.. text.Where(c => c is '.' or '~')];
        var at = Random.Next(parts.Count);
        switch (Random.Next(8))
        {
            case 0:
                var foreign = Encoding.Latin1.GetString(other).Split('.', '~');
                parts[at] = foreign[Random.Next(foreign.Length)];
                break;
            case 1:
                (parts[at], parts[^1]) = (parts[^1], parts[at]);
                break;
            case 2:
                parts.Insert(at, parts[at]);
                separators.Insert(Math.Min(at, separators.Count), Random.Next(4) == 0 ? '.' : '~');
                break;
            case 3 when separators.Count > 0:
                parts.RemoveAt(at);
                separators.RemoveAt(Math.Min(at, separators.Count - 1));
                break;
            default:
                parts[at] = ChangeEncoded(parts[at], other);
                break;
        }

        var result = new StringBuilder(parts[0]);
        for (var i = 1; i < parts.Count; i++) result.Append(separators[i - 1]).Append(parts[i]);
        return Encoding.Latin1.GetBytes(result.ToString());
    }

    private byte[] ChangePrinted(byte[] input, byte[] other)
    {
        if (Unpack(input) is not { } message) return ChangeBytes(input, other);
        var changed = Tree.Change(this, CborTree.Instance, message, Unpack(other) ?? other);
        var packed = StrictZLib.Compress(changed);
        if (Random.Next(16) == 0) packed = ChangeBytes(packed, other);
        return [.. input[..4], .. Encoding.ASCII.GetBytes(StrictBase45.Encode(packed))];
    }

    private static byte[]? Unpack(byte[] input)
    {
        if (input.Length < 4 || !StrictBase45.TryDecode(Encoding.Latin1.GetString(input.AsSpan(4)), out var packed)) return null;
        try
        {
            return StrictZLib.Decompress(packed, 1 << 16, CodecCodes.CborMalformed);
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }
}
