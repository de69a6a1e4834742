using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Credentials.Keys.Pkcs11;

/// <summary>
/// An array of <c>CK_ATTRIBUTE</c> in native memory. The struct has no padding on any platform: <c>CK_ULONG</c> is as wide as a pointer
/// except on Windows, where the standard has structs packed.
/// </summary>
internal sealed unsafe class CryptokiTemplate : IDisposable
{
    /// <summary>Bytes of a <c>CK_ULONG</c>.</summary>
    internal static readonly int UlongSize = Unsafe.SizeOf<CULong>();

    private static readonly int s_attributeSize = UlongSize + sizeof(nint) + UlongSize;

    private readonly byte* _attributes;
    private readonly List<nint> _values = [];
    private readonly List<int> _capacities = [];
    private readonly int _most;

    internal CryptokiTemplate(int most)
    {
        _most = most;
        _attributes = (byte*)NativeMemory.AllocZeroed((nuint)(most * s_attributeSize));
    }

    internal void* Pointer => _attributes;

    internal CULong Count => new((uint)_values.Count);

    internal CryptokiTemplate With(uint type, bool value) => With(type, [value ? (byte)1 : (byte)0]);

    internal CryptokiTemplate With(uint type, uint value)
    {
        Span<byte> bytes = stackalloc byte[UlongSize];
        WriteUlong(bytes, value);
        return With(type, bytes);
    }

    internal CryptokiTemplate With(uint type, string value) => With(type, Encoding.UTF8.GetBytes(value));

    internal CryptokiTemplate With(uint type, ReadOnlySpan<byte> value)
    {
        Room(type, value.Length);
        value.CopyTo(new Span<byte>((void*)_values[^1], value.Length));
        return this;
    }

    /// <summary>Room for a value that the token fills in.</summary>
    internal CryptokiTemplate Room(uint type, int capacity)
    {
        if (_values.Count == _most) throw new InvalidOperationException("The template is full.");
        var attribute = _attributes + (_values.Count * s_attributeSize);
        _values.Add((nint)NativeMemory.AllocZeroed((nuint)Math.Max(capacity, 1)));
        _capacities.Add(capacity);
        WriteUlong(new Span<byte>(attribute, UlongSize), type);
        *(nint*)(attribute + UlongSize) = _values[^1];
        WriteUlong(new Span<byte>(attribute + UlongSize + sizeof(nint), UlongSize), (uint)capacity);
        return this;
    }

    /// <summary>What the token filled in; null: the object has no such attribute, or keeps it to itself.</summary>
    internal byte[]? Value(int index)
    {
        var length = ReadUlong(new ReadOnlySpan<byte>(_attributes + (index * s_attributeSize) + UlongSize + sizeof(nint), UlongSize));
        return length <= (ulong)_capacities[index] ? new ReadOnlySpan<byte>((void*)_values[index], (int)length).ToArray() : null;
    }

    public void Dispose()
    {
        foreach (var value in _values) NativeMemory.Free((void*)value);
        NativeMemory.Free(_attributes);
    }

    internal static void WriteUlong(Span<byte> into, uint value)
    {
        var number = new CULong(value);
        MemoryMarshal.Write(into, in number);
    }

    internal static ulong ReadUlong(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<CULong>(bytes).Value;
}
