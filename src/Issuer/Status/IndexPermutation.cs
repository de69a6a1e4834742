using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Credentials.Issuer.Status;

/// <summary>
/// Turns 0, 1, 2, … into indexes that cannot be guessed and never repeat: a keyed permutation of 0 … size−1
/// (a Feistel network over the bits, walked until the result is in range).
/// </summary>
internal static class IndexPermutation
{
    private const int Rounds = 8;

    internal static int Apply(ReadOnlySpan<byte> key, int sequence, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, size);
        // An even number of bits, so that both halves are equally wide.
        var half = (BitLength(size - 1) + 1) / 2;
        var value = (uint)sequence;
        do
        {
            value = Once(key, value, half);
        }
        while (value >= size);
        return (int)value;
    }

    private static uint Once(ReadOnlySpan<byte> key, uint value, int half)
    {
        var mask = (1u << half) - 1;
        var (left, right) = (value >> half, value & mask);
        Span<byte> input = stackalloc byte[5];
        Span<byte> digest = stackalloc byte[32];
        for (var round = 0; round < Rounds; round++)
        {
            input[0] = (byte)round;
            BinaryPrimitives.WriteUInt32BigEndian(input[1..], right);
            HMACSHA256.HashData(key, input, digest);
            (left, right) = (right, left ^ (BinaryPrimitives.ReadUInt32BigEndian(digest) & mask));
        }

        return (left << half) | right;
    }

    private static int BitLength(int value) => 32 - int.LeadingZeroCount(value);
}
