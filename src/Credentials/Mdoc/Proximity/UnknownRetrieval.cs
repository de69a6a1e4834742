using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.Mdoc.Proximity;

/// <summary>A retrieval method of a type or version that is not known here; only its bytes are kept.</summary>
public sealed record UnknownRetrieval : RetrievalMethod
{
    internal UnknownRetrieval(long type, long version, ReadOnlyMemory<byte> options) : base(type, version) => Options = options;

    /// <summary>The encoded options, as received.</summary>
    public ReadOnlyMemory<byte> Options { get; }

    private protected override void WriteOptions(CborWriter writer) => writer.WriteEncoded(Options);
}
