using System.Buffers;

namespace Credentials.Codecs;

/// <summary>Grows like a list of bytes and lives in the shared pool. What was written is wiped when it goes back: it may be claims.</summary>
internal sealed class PooledBuffer(int capacity = 1024) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private int _written;

    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, _written);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _written);

    public void Clear()
    {
        _bytes.AsSpan(0, _written).Clear();
        _written = 0;
    }

    public void Add(byte value)
    {
        GetSpan(1)[0] = value;
        _written++;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _written += bytes.Length;
    }

    /// <summary>Adds the base64url text of the bytes.</summary>
    public void AddBase64Url(ReadOnlySpan<byte> bytes) => _written += StrictBase64Url.Encode(bytes, GetSpan(StrictBase64Url.EncodedLength(bytes.Length)));

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(_written);
    }

    public void Dispose()
    {
        if (_bytes.Length > 0) GiveBack();
        _bytes = [];
        _written = 0;
    }

    private void Grow(int sizeHint)
    {
        var needed = _written + Math.Max(sizeHint, 1);
        if (needed <= _bytes.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _bytes.Length * 2));
        WrittenSpan.CopyTo(larger);
        GiveBack();
        _bytes = larger;
    }

    private void GiveBack()
    {
        _bytes.AsSpan(0, _written).Clear();
        ArrayPool<byte>.Shared.Return(_bytes);
    }
}
