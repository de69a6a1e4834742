using System.Diagnostics;
using Credentials.Fuzz.Tests.Mutation;

namespace Credentials.Fuzz.Tests;

/// <summary>One parser, what is given to it, and what must hold whatever is given to it.</summary>
internal abstract class FuzzTarget
{
    // Longer than any of them takes on a machine that does something else as well, and far below what would hurt a service.
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(1);

    /// <summary>What it is called on the command line and in the corpus.</summary>
    public abstract string Name { get; }

    /// <summary>How its input is put together, so that it is changed where it matters.</summary>
    public abstract InputShape Shape { get; }

    /// <summary>Bytes that reading may allocate whatever the input is.</summary>
    public virtual long MemoryBase => 256 * 1024;

    /// <summary>Bytes that reading may allocate besides, for each byte of input.</summary>
    public virtual long MemoryPerByte => 200;

    /// <summary>Valid and invalid inputs from the test vectors.</summary>
    public abstract IEnumerable<byte[]> Seeds(Vectors vectors);

    /// <summary>Gives one input to the parser and holds what comes out against the oracles.</summary>
    /// <returns>True if the input was read, false if it was refused with one of our errors.</returns>
    /// <exception cref="FindingException">Something that must not happen.</exception>
    public bool Run(byte[] input)
    {
        var value = ReadWithinLimits(input);
        try
        {
            if (value is null) CheckRefused(input);
            else Check(input, value);
        }
        catch (Exception e) when (e is not FindingException)
        {
            throw new FindingException(e is CredentialException ? "What was read cannot be used." : "An oracle failed.", e);
        }

        return value is not null;
    }

    /// <summary>Reads as the product does.</summary>
    protected abstract object Read(byte[] input);

    /// <summary>What must hold of anything that was read.</summary>
    protected abstract void Check(byte[] input, object value);

    /// <summary>What must hold of anything that was refused: for most nothing, since a second parser is more lenient.</summary>
    protected virtual void CheckRefused(byte[] input)
    {
    }

    /// <summary>An oracle.</summary>
    protected static void Require(bool holds, string what)
    {
        if (!holds) throw new FindingException(what);
    }

    private object? ReadWithinLimits(byte[] input)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        var value = ReadOrRefuse(input);
        if (Stopwatch.GetElapsedTime(start) > s_slow && IsSlow(input)) throw new FindingException($"Reading takes over {s_slow.TotalSeconds:0} s.");
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        // The first time anything runs, tables are built.
        if (allocated > MemoryBase + (MemoryPerByte * input.Length) && Allocated(input) is var again && again > MemoryBase + (MemoryPerByte * input.Length))
            throw new FindingException($"Reading {input.Length} bytes allocates {again} bytes.");
        return value;
    }

    private object? ReadOrRefuse(byte[] input)
    {
        try
        {
            return Read(input);
        }
        catch (CredentialException e) when (e.Code.Contains('.', StringComparison.Ordinal))
        {
            return null;
        }
        catch (Exception e) when (e is not FindingException)
        {
            throw new FindingException("An error that is none of ours.", e);
        }
    }

    // Somebody else may have used the processor: what is slow is slow again.
    private bool IsSlow(byte[] input) => Enumerable.Range(0, 3).All(_ =>
    {
        var start = Stopwatch.GetTimestamp();
        ReadOrRefuse(input);
        return Stopwatch.GetElapsedTime(start) > s_slow;
    });

    private long Allocated(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadOrRefuse(input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
