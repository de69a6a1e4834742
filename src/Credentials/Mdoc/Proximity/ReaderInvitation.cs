using Credentials.Keys.Software;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// A session that a reader offers (ISO/IEC TS 18013-7 Annex A): the reader engagement to show, and then the session with the
/// one device that answers it. A second answer is refused, so that the key in it is used once.
/// </summary>
public sealed class ReaderInvitation : IDisposable
{
    private SoftwareKeyAgreementKey? _eReaderKey;

    private ReaderInvitation(SoftwareKeyAgreementKey eReaderKey, IReadOnlyList<RetrievalMethod> retrievalMethods)
    {
        _eReaderKey = eReaderKey;
        Engagement = ReaderEngagement.Create(eReaderKey.PublicKey, retrievalMethods);
    }

    /// <summary>What the holder's device needs to answer.</summary>
    public ReaderEngagement Engagement { get; }

    /// <summary>Makes an invitation with a key of its own.</summary>
    /// <param name="retrievalMethods">The ways to reach the reader.</param>
    public static ReaderInvitation Create(IReadOnlyList<RetrievalMethod> retrievalMethods) => new(SoftwareKeyAgreementKey.Generate(), retrievalMethods);

    /// <summary>Begins the session with the device that sent this message; the session then owns the key.</summary>
    /// <param name="message">The device's first message.</param>
    /// <param name="domain">
    /// The web site that showed the engagement: the device must name it, or somebody may have passed the engagement on. Null: it
    /// was shown to the holder in person.
    /// </param>
    /// <param name="maxMessageBytes">The longest message to read.</param>
    /// <param name="cancellationToken">Stops the key agreement.</param>
    /// <exception cref="MalformedDataException"><c>proximity.message_malformed</c>, <c>proximity.key_reused</c>, or as for <see cref="DeviceEngagement.Parse"/>.</exception>
    /// <exception cref="NotSupportedCredentialException">As for <see cref="DeviceEngagement.Parse"/>.</exception>
    /// <exception cref="ProtocolException"><c>proximity.origin</c>: the device names another web site or none. <c>proximity.session_ended</c>: a device has answered already.</exception>
    public async ValueTask<ProximityReaderSession> AcceptAsync(
        ReadOnlyMemory<byte> message, string? domain = null, int maxMessageBytes = ProximityLimits.MessageBytes, CancellationToken cancellationToken = default)
    {
        // Whatever the answer is, there is no second one.
        var key = Interlocked.Exchange(ref _eReaderKey, null) ?? throw SessionChannel.SessionIsOver();
        try
        {
            var engagement = EngagementMessage.Parse(message);
            if (engagement.EDeviceKey.X.SequenceEqual(key.PublicKey.X))
                throw new MalformedDataException(ProximityCodes.KeyReused, "The device's key is the reader's.");
            if (domain is not null && !engagement.OriginDomains.Contains(domain, StringComparer.OrdinalIgnoreCase))
                throw new ProtocolException(ProximityCodes.Origin, "20", "The device took the engagement from another place.");
            return await ProximityReaderSession.BeginByReaderAsync(key, Engagement, engagement, maxMessageBytes, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _eReaderKey, null)?.Dispose();
}
