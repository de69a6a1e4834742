namespace Credentials.Mdoc.Proximity;

/// <summary>What came in a message.</summary>
/// <param name="Payload">The decrypted request or response; null if the other side only ended the session.</param>
/// <param name="EndsSession">The other side ended the session with this message.</param>
public sealed record SessionMessage(ReadOnlyMemory<byte>? Payload, bool EndsSession);
