using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// The reader's side of a session between two devices (ISO/IEC 18013-5 §9.1.1): engagement in, then request out and response
/// in in turns. It sends and receives nothing itself. Each session makes its own ephemeral key, so none is used twice. After
/// an error the session is over and <see cref="ClosingMessage"/> is what the holder's device is to be told. Not for use by
/// several threads at once.
/// </summary>
public sealed class ProximityReaderSession : IDisposable
{
    private readonly SoftwareKeyAgreementKey _eReaderKey;
    private readonly EncodedCbor _eReaderKeyBytes;
    private readonly SessionChannel _channel;
    private bool _isEstablished;

    private ProximityReaderSession(
        SoftwareKeyAgreementKey eReaderKey, EncodedCbor eReaderKeyBytes, SessionTranscript transcript, SessionKeys keys, int maxMessageBytes)
    {
        _eReaderKey = eReaderKey;
        _eReaderKeyBytes = eReaderKeyBytes;
        _channel = new SessionChannel(ProximitySessionState.OurTurn, maxMessageBytes);
        var (outgoing, incoming) = keys.ToCiphers();
        _channel.UseKeys(incoming, outgoing);
        Transcript = transcript;
    }

    /// <summary>Whose turn it is.</summary>
    public ProximitySessionState State => _channel.State;

    /// <summary>The transcript; reader and device authentication are over it.</summary>
    public SessionTranscript Transcript { get; }

    /// <summary>The ephemeral key; a device MAC is checked with it. Usable until the session is disposed of, also after its end.</summary>
    public IKeyAgreementKey EReaderKey => _eReaderKey;

    /// <summary>After an error: the message that tells the holder's device; null if there is nothing to tell.</summary>
    public ReadOnlyMemory<byte>? ClosingMessage => _channel.ClosingMessage;

    /// <summary>Begins a session from what was read off a QR code.</summary>
    /// <param name="engagement">The engagement.</param>
    /// <param name="maxMessageBytes">The longest message to read.</param>
    /// <param name="cancellationToken">Stops the key agreement.</param>
    public static ValueTask<ProximityReaderSession> BeginAsync(
        DeviceEngagement engagement, int maxMessageBytes = ProximityLimits.MessageBytes, CancellationToken cancellationToken = default) =>
        BeginAsync(SoftwareKeyAgreementKey.Generate(), engagement, SessionTranscript.QrHandover, maxMessageBytes, cancellationToken);

    /// <summary>Begins a session from what was read over NFC.</summary>
    /// <param name="select">The holder's message.</param>
    /// <param name="request">Our own message before it; null for static handover.</param>
    /// <param name="maxMessageBytes">The longest message to read.</param>
    /// <param name="cancellationToken">Stops the key agreement.</param>
    public static ValueTask<ProximityReaderSession> BeginAsync(
        HandoverSelect select, HandoverRequest? request, int maxMessageBytes = ProximityLimits.MessageBytes, CancellationToken cancellationToken = default) =>
        BeginAsync(SoftwareKeyAgreementKey.Generate(), select.Engagement, select.ToHandover(request), maxMessageBytes, cancellationToken);

    /// <summary>Begins a session with a key that is known, for published examples.</summary>
    internal static ValueTask<ProximityReaderSession> BeginAsync(
        SoftwareKeyAgreementKey key, DeviceEngagement engagement, ReadOnlyMemory<byte> handover, int maxMessageBytes, CancellationToken cancellationToken) =>
        BeginAsync(key, EngagementSecurity.EncodeKey(key.PublicKey), engagement, handover, maxMessageBytes, cancellationToken);

    /// <summary>Begins the session with a device that answered a reader engagement: it has our key already, and no message brings it again.</summary>
    internal static async ValueTask<ProximityReaderSession> BeginByReaderAsync(
        SoftwareKeyAgreementKey key, ReaderEngagement reader, DeviceEngagement engagement, int maxMessageBytes, CancellationToken cancellationToken)
    {
        var session = await BeginAsync(key, reader.EReaderKeyBytes!.Value, engagement, reader.ToHandover(), maxMessageBytes, cancellationToken).ConfigureAwait(false);
        session._isEstablished = true;
        return session;
    }

    private static async ValueTask<ProximityReaderSession> BeginAsync(
        SoftwareKeyAgreementKey key, EncodedCbor keyBytes, DeviceEngagement engagement, ReadOnlyMemory<byte> handover, int maxMessageBytes, CancellationToken cancellationToken)
    {
        var transcript = SessionTranscript.ForProximity(engagement.Encoded, keyBytes, handover);
        var keys = SessionKeys.Derive(await key.DeriveSecretAsync(engagement.EDeviceKey, cancellationToken).ConfigureAwait(false), transcript);
        return new ProximityReaderSession(key, keyBytes, transcript, keys, maxMessageBytes);
    }

    /// <summary>Makes the message with a request; the first one carries our key.</summary>
    /// <param name="request">The request, as a rule an encoded <c>DeviceRequest</c>.</param>
    /// <exception cref="ProtocolException"><c>proximity.session_ended</c>.</exception>
    /// <exception cref="InvalidOperationException">The last request is not answered yet.</exception>
    public byte[] Request(ReadOnlyMemory<byte> request)
    {
        var data = _channel.Seal(request);
        if (_isEstablished) return new SessionData(data, null).Encode();
        _isEstablished = true;
        return SessionEstablishment.Encode(_eReaderKeyBytes, data);
    }

    /// <summary>Reads a message of the holder's device: one response after each request.</summary>
    /// <exception cref="MalformedDataException"><c>proximity.message_malformed</c>, <c>proximity.message_too_large</c>, <c>proximity.message_order</c>, <c>proximity.decryption</c>, <c>cbor.too_large</c>.</exception>
    /// <exception cref="ProtocolException"><c>proximity.peer_failed</c>, <c>proximity.session_ended</c>.</exception>
    public ValueTask<SessionMessage> ReceiveAsync(ReadOnlyMemory<byte> message) =>
        _channel.GuardAsync(message, () => ValueTask.FromResult(_channel.Read(message)));

    /// <summary>Ends the session and makes the message that says so.</summary>
    /// <exception cref="ProtocolException"><c>proximity.session_ended</c>.</exception>
    public byte[] Terminate() => _channel.Terminate();

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _eReaderKey.Dispose();
    }
}
