using System.Buffers.Binary;

namespace Credentials.Codecs;

/// <summary>
/// base58btc (Controlled Identifiers 1.0 §2.4): the bytes as one number in base 58, and a <c>1</c> for each zero byte in front. Calculated with five
/// letters and four bytes at a time; still quadratic, so for short byte strings.
/// </summary>
internal static class Base58Btc
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int LettersAtOnce = 5;
    private const uint Power = 58 * 58 * 58 * 58 * 58;

    private static readonly sbyte[] s_values = MakeValues();

    /// <summary>The letters of the bytes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var zeros = bytes.IndexOfAnyExcept((byte)0) is >= 0 and var first ? first : bytes.Length;
        // Four bytes a limb, most significant first.
        var number = new uint[(bytes.Length - zeros + 3) / 4];
        for (var (i, end) = (number.Length - 1, bytes.Length); i >= 0; i--, end -= 4)
        {
            if (end - zeros >= 4) number[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(end - 4)..]);
            else foreach (var one in bytes[zeros..end]) number[i] = (number[i] << 8) | one;
        }

        // A byte takes less than 1.37 letters.
        Span<char> letters = new char[zeros + ((bytes.Length - zeros) * 137 / 100) + LettersAtOnce + 1];
        var at = letters.Length;
        for (var start = 0; start < number.Length;)
        {
            ulong rest = 0;
            for (var i = start; i < number.Length; i++) (number[i], rest) = ((uint)(((rest << 32) | number[i]) / Power), ((rest << 32) | number[i]) % Power);
            while (start < number.Length && number[start] == 0) start++;
            // The most significant group has no zeros in front.
            for (var i = 0; i < LettersAtOnce && (start < number.Length || rest > 0); i++, rest /= 58) letters[--at] = Alphabet[(int)(rest % 58)];
        }

        for (var i = 0; i < zeros; i++) letters[--at] = Alphabet[0];
        return new string(letters[at..]);
    }

    /// <summary>The bytes of the letters; null where one is none of the base.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> letters)
    {
        var zeros = letters.IndexOfAnyExcept(Alphabet[0]) is >= 0 and var first ? first : letters.Length;
        // A letter is less than 0.733 of a byte. Least significant limb first.
        var number = new uint[(((letters.Length - zeros) * 733 / 1000) + 4) / 4];
        var used = 0;
        for (var rest = letters[zeros..]; rest.Length > 0;)
        {
            var group = rest[..(rest.Length % LettersAtOnce is > 0 and var odd ? odd : LettersAtOnce)];
            rest = rest[group.Length..];
            var (carry, power) = (0ul, 1ul);
            foreach (var letter in group)
            {
                var value = letter < s_values.Length ? s_values[letter] : -1;
                if (value < 0) return null;
                (carry, power) = (carry * 58 + (ulong)value, power * 58);
            }

            for (var i = 0; i < used; i++) (number[i], carry) = ((uint)(number[i] * power + carry), (number[i] * power + carry) >> 32);
            if (carry > 0) number[used++] = (uint)carry;
        }

        var length = used * 4;
        while (length > 0 && (byte)(number[(length - 1) / 4] >> ((length - 1) % 4 * 8)) == 0) length--;
        var bytes = new byte[zeros + length];
        for (var i = 0; i < length; i++) bytes[^(i + 1)] = (byte)(number[i / 4] >> (i % 4 * 8));
        return bytes;
    }

    private static sbyte[] MakeValues()
    {
        var values = new sbyte[128];
        Array.Fill(values, (sbyte)-1);
        for (var i = 0; i < Alphabet.Length; i++) values[Alphabet[i]] = (sbyte)i;
        return values;
    }
}
