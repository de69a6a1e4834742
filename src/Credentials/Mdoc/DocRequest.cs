using Credentials.Cose;

namespace Credentials.Mdoc;

/// <summary>The request for one document (ISO/IEC 18013-5 §8.3.2.1.2.1).</summary>
/// <param name="ItemsRequest">What is asked for.</param>
/// <param name="ReaderAuth">The reader's signature over this request; null if there is none.</param>
/// <param name="EncodedReaderAuth">The same, encoded.</param>
public sealed record DocRequest(ItemsRequest ItemsRequest, CoseSign1? ReaderAuth = null, ReadOnlyMemory<byte> EncodedReaderAuth = default);
