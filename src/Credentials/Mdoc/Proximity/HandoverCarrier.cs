namespace Credentials.Mdoc.Proximity;

/// <summary>One way to go on that an NFC handover message offers: an alternative carrier and its configuration record.</summary>
/// <param name="Reference">The name by which the message refers to the record.</param>
/// <param name="RecordType">The type of the configuration record.</param>
/// <param name="Payload">The configuration as received.</param>
/// <param name="Method">The configuration as a retrieval method; null for a carrier that is not known here (Wi-Fi Aware among them).</param>
public sealed record HandoverCarrier(string Reference, string RecordType, ReadOnlyMemory<byte> Payload, RetrievalMethod? Method);
