using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// The holder's side of a session between two devices (ISO/IEC 18013-5 §9.1.1): engagement out, then request in and
/// response out in turns. It sends and receives nothing itself. Each session makes its own ephemeral key, so none is used
/// twice. After an error the session is over and <see cref="ClosingMessage"/> is what the reader is to be told. Not for use
/// by several threads at once.
/// </summary>
public sealed class ProximityHolderSession : IDisposable
{
    private readonly SoftwareKeyAgreementKey _eDeviceKey;
    private readonly ReadOnlyMemory<byte> _handover;
    private readonly SessionChannel _channel;

    private ProximityHolderSession(
        SoftwareKeyAgreementKey eDeviceKey, DeviceEngagement engagement, HandoverSelect? handoverSelect, ReadOnlyMemory<byte> handover, int maxMessageBytes)
    {
        _eDeviceKey = eDeviceKey;
        _handover = handover;
        _channel = new SessionChannel(ProximitySessionState.Waiting, maxMessageBytes);
        Engagement = engagement;
        HandoverSelect = handoverSelect;
    }

    /// <summary>What the reader needs to begin.</summary>
    public DeviceEngagement Engagement { get; }

    /// <summary>The NFC message that carries the engagement; null if it goes another way.</summary>
    public HandoverSelect? HandoverSelect { get; }

    /// <summary>The message that answers a reader engagement, to be sent first; null in a session that this device began.</summary>
    public ReadOnlyMemory<byte>? FirstMessage { get; private init; }

    /// <summary>Whose turn it is.</summary>
    public ProximitySessionState State => _channel.State;

    /// <summary>The transcript, once the reader's key is known; device authentication is over it.</summary>
    public SessionTranscript? Transcript { get; private set; }

    /// <summary>The reader's ephemeral key, likewise; a device MAC is made for it.</summary>
    public KeyAgreementPublicKey? EReaderKey { get; private set; }

    /// <summary>After an error: the message that tells the reader; null if there is nothing to tell.</summary>
    public ReadOnlyMemory<byte>? ClosingMessage => _channel.ClosingMessage;

    /// <summary>Begins a session whose engagement is shown as a QR code.</summary>
    /// <param name="retrievalMethods">The ways to reach this device.</param>
    /// <param name="maxMessageBytes">The longest message to read.</param>
    public static ProximityHolderSession BeginByQr(IReadOnlyList<RetrievalMethod> retrievalMethods, int maxMessageBytes = ProximityLimits.MessageBytes)
    {
        var key = SoftwareKeyAgreementKey.Generate();
        return new(key, DeviceEngagement.Create(key.PublicKey, retrievalMethods), null, SessionTranscript.QrHandover, maxMessageBytes);
    }

    /// <summary>Begins a session whose engagement goes over NFC.</summary>
    /// <param name="carriers">The ways to go on, as for <see cref="HandoverSelect.Create"/>.</param>
    /// <param name="request">The reader's request in a negotiated handover; null for static handover.</param>
    /// <param name="maxMessageBytes">The longest message to read.</param>
    public static ProximityHolderSession BeginByNfc(
        IReadOnlyList<RetrievalMethod> carriers, HandoverRequest? request = null, int maxMessageBytes = ProximityLimits.MessageBytes)
    {
        var key = SoftwareKeyAgreementKey.Generate();
        var select = HandoverSelect.Create(DeviceEngagement.Create(key.PublicKey, []), carriers);
        return new(key, select.Engagement, select, select.ToHandover(request), maxMessageBytes);
    }

    /// <summary>Begins a session that a reader offers (ISO/IEC TS 18013-7 Annex A); <see cref="FirstMessage"/> is to be sent.</summary>
    /// <param name="reader">The reader engagement, with the reader's key.</param>
    /// <param name="originDomains">The web site from which it was taken, if a browser vouches for that; empty for a code shown in person.</param>
    /// <param name="maxMessageBytes">The longest message to read.</param>
    /// <param name="cancellationToken">Stops the key agreement.</param>
    /// <exception cref="MalformedDataException"><c>proximity.engagement_malformed</c>: the engagement has no key.</exception>
    public static async ValueTask<ProximityHolderSession> BeginByReaderAsync(
        ReaderEngagement reader, IReadOnlyList<string> originDomains, int maxMessageBytes = ProximityLimits.MessageBytes, CancellationToken cancellationToken = default)
    {
        if (reader is not { EReaderKey: { } key, EReaderKeyBytes: { } keyBytes })
            throw new MalformedDataException(ProximityCodes.EngagementMalformed, "The reader engagement has no key.");
        var eDeviceKey = SoftwareKeyAgreementKey.Generate();
        var engagement = DeviceEngagement.CreateAnswer(eDeviceKey.PublicKey, originDomains);
        var session = new ProximityHolderSession(eDeviceKey, engagement, null, reader.ToHandover(), maxMessageBytes)
        {
            FirstMessage = EngagementMessage.Encode(engagement),
        };
        await session.UseReaderKeyAsync(keyBytes, key, cancellationToken).ConfigureAwait(false);
        return session;
    }

    /// <summary>Begins a session with a key that is known, for published examples.</summary>
    internal static ProximityHolderSession Begin(SoftwareKeyAgreementKey eDeviceKey, DeviceEngagement engagement, ReadOnlyMemory<byte> handover) =>
        new(eDeviceKey, engagement, null, handover, ProximityLimits.MessageBytes);

    /// <summary>Reads a message of the reader: the first one with its key, then one request after each response.</summary>
    /// <exception cref="MalformedDataException"><c>proximity.message_malformed</c>, <c>proximity.message_too_large</c>, <c>proximity.message_order</c>, <c>proximity.decryption</c>, <c>proximity.key_reused</c>, <c>cbor.too_large</c>, or the key's: <c>cose.key_malformed</c>, <c>cose.key_private</c>, <c>key.invalid</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>cose.key_not_supported</c>: not a key on P-256.</exception>
    /// <exception cref="ProtocolException"><c>proximity.peer_failed</c>, <c>proximity.session_ended</c>.</exception>
    public ValueTask<SessionMessage> ReceiveAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) =>
        _channel.GuardAsync(message, async () =>
            !_channel.HasKeys && SessionEstablishment.Parse(message) is { } first
                ? await EstablishAsync(first, cancellationToken).ConfigureAwait(false)
                : _channel.Read(message));

    /// <summary>Makes the message with a response.</summary>
    /// <param name="response">The response, as a rule an encoded <c>DeviceResponse</c>.</param>
    /// <param name="isLast">True: the message also ends the session.</param>
    /// <exception cref="ProtocolException"><c>proximity.session_ended</c>.</exception>
    /// <exception cref="InvalidOperationException">No request is waiting for a response.</exception>
    public byte[] Respond(ReadOnlyMemory<byte> response, bool isLast = false)
    {
        var data = _channel.Seal(response);
        if (isLast) _channel.End(null);
        return new SessionData(data, isLast ? SessionStatus.SessionTermination : null).Encode();
    }

    /// <summary>Ends the session and makes the message that says so.</summary>
    /// <exception cref="ProtocolException"><c>proximity.session_ended</c>.</exception>
    public byte[] Terminate() => _channel.Terminate();

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _eDeviceKey.Dispose();
    }

    private async ValueTask<SessionMessage> EstablishAsync(SessionEstablishment message, CancellationToken cancellationToken)
    {
        // A reader that sends our own key back knows no secret of its own.
        if (message.EReaderKey.X.SequenceEqual(Engagement.EDeviceKey.X))
            throw new MalformedDataException(ProximityCodes.KeyReused, "The reader's key is the holder's.");
        await UseReaderKeyAsync(message.EReaderKeyBytes, message.EReaderKey, cancellationToken).ConfigureAwait(false);
        return new SessionMessage(_channel.Open(message.Data), EndsSession: false);
    }

    private async ValueTask UseReaderKeyAsync(EncodedCbor keyBytes, KeyAgreementPublicKey key, CancellationToken cancellationToken)
    {
        Transcript = SessionTranscript.ForProximity(Engagement.Encoded, keyBytes, _handover);
        EReaderKey = key;
        var (reader, device) = SessionKeys.Derive(await _eDeviceKey.DeriveSecretAsync(key, cancellationToken).ConfigureAwait(false), Transcript).ToCiphers();
        _channel.UseKeys(reader, device);
    }
}
