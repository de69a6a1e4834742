using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.SdJwt;

/// <summary>The digests of one object, in pooled memory one behind the other.</summary>
internal sealed class DigestList(DisclosureHash hash) : IDisposable
{
    private readonly PooledBuffer _texts = new(512);
    private readonly int _length = StrictBase64Url.EncodedLength(hash.Length);

    private int Count => _texts.WrittenSpan.Length / _length;

    public void AddDigestOf(ReadOnlySpan<byte> disclosure) => _texts.Advance(hash.Digest(disclosure, _texts.GetSpan(DisclosureHash.MaxDigestLength)));

    public void AddDecoy() => _texts.Advance(hash.Decoy(_texts.GetSpan(DisclosureHash.MaxDigestLength)));

    /// <summary>RFC 9901 §4.2.4.1: the order must not tell the order of the claims, nor which digests are decoys.</summary>
    public void WriteSorted(Utf8JsonWriter writer)
    {
        Span<int> order = Count <= 64 ? stackalloc int[Count] : new int[Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        order.Sort((a, b) => Text(a).SequenceCompareTo(Text(b)));
        foreach (var place in order) writer.WriteStringValue(Text(place));
    }

    public void Dispose() => _texts.Dispose();

    private ReadOnlySpan<byte> Text(int place) => _texts.WrittenSpan.Slice(place * _length, _length);
}
