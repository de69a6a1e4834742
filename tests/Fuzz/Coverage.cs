using System.Numerics;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Credentials.Fuzz.Tests;

/// <summary>
/// Which branches of the core an input led through, as far as the core is instrumented; otherwise nothing is ever new.
/// Counts are taken in eight classes, as AFL does, so that a loop that runs oftener is seen as well.
/// </summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    // One for the process: an instrumented core writes into it from its first line on.
    private static readonly byte* s_map = (byte*)NativeMemory.AlignedAlloc(Size, 64);

    private readonly byte[] _seen = new byte[Size];

    /// <summary>Branches seen so far.</summary>
    public int Count => _seen.Count(classes => classes != 0);

    /// <summary>Gives an instrumented core the place that it writes to. Nothing of it may run before.</summary>
    public static void Prepare()
    {
        Trace.SharedMem = s_map;
        Clear();
    }

    /// <summary>Forgets the last input.</summary>
    public static void Clear()
    {
        new Span<byte>(s_map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Takes note of what the last input reached.</summary>
    /// <returns>True if it reached something that none did before.</returns>
    public bool AddLast()
    {
        var isNew = false;
        var map = new ReadOnlySpan<byte>(s_map, Size);
        for (var at = map.IndexOfAnyExcept((byte)0); at >= 0;)
        {
            var bit = (byte)(1 << Math.Min(7, BitOperations.Log2(map[at])));
            if ((_seen[at] & bit) == 0)
            {
                _seen[at] |= bit;
                isNew = true;
            }

            var next = map[(at + 1)..].IndexOfAnyExcept((byte)0);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return isNew;
    }
}
