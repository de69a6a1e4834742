using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// An in-person check as the holder's device sees it: a session over a connection, both of which it then owns. Whatever goes
/// wrong ends the session, and the reader is told. What is shown is for the caller to decide, with the holder.
/// </summary>
/// <param name="session">A session that has just begun.</param>
/// <param name="transport">The connection to the reader.</param>
public sealed class ProximityHolder(ProximityHolderSession session, IProximityTransport transport) : IAsyncDisposable
{
    // Table 8: the request is not CBOR, or CBOR of another structure.
    private const long CborDecodingError = 11;
    private const long CborValidationError = 12;

    private readonly ProximityConnection _connection = new(transport);
    private bool _hasSentFirst;

    /// <summary>The session, which the device signs or authenticates; <see cref="ReceiveAsync"/> must have returned a request.</summary>
    public SessionTranscript Transcript => session.Transcript ?? throw new InvalidOperationException("No request has been received.");

    /// <summary>The reader's ephemeral key, for a device MAC; likewise.</summary>
    public KeyAgreementPublicKey EReaderKey => session.EReaderKey ?? throw new InvalidOperationException("No request has been received.");

    /// <summary>Waits for the next request. Who asks is what <see cref="ReaderAuthentication.Verify"/> says.</summary>
    /// <param name="cancellationToken">Stops waiting; the session is then only good for disposing of it.</param>
    /// <returns>The request; null when the reader has ended the session or disconnected.</returns>
    /// <exception cref="MalformedDataException"><c>proximity.…</c>; <c>mdoc.…</c>, <c>cose.…</c>, <c>cbor.too_large</c>: the request cannot be read, and the reader is told.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>cose.key_not_supported</c>.</exception>
    /// <exception cref="ProtocolException"><c>proximity.peer_failed</c>, <c>proximity.session_ended</c>.</exception>
    /// <exception cref="FetchException"><c>proximity.disconnected</c>: in the middle of a message.</exception>
    public async Task<DeviceRequest?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        if (session.State == ProximitySessionState.Ended) return null;
        try
        {
            if (session.FirstMessage is { } first && !_hasSentFirst)
            {
                _hasSentFirst = true;
                await transport.SendAsync(first, cancellationToken).ConfigureAwait(false);
            }

            if (await transport.ReceiveAsync(cancellationToken).ConfigureAwait(false) is not { } message) return null;
            return (await session.ReceiveAsync(message, cancellationToken).ConfigureAwait(false)).Payload is { } payload
                ? await ReadAsync(payload, cancellationToken).ConfigureAwait(false)
                : null;
        }
        catch (CredentialException)
        {
            await EndAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends the response; <see cref="MdocPresenter.Respond(DeviceRequest, IReadOnlyList{MdocDocument})"/> makes it.</summary>
    /// <param name="response">The response.</param>
    /// <param name="isLast">True: it also ends the session. Otherwise the reader may ask again.</param>
    /// <param name="cancellationToken">Stops sending; the session is then only good for disposing of it.</param>
    /// <exception cref="ProtocolException"><c>proximity.session_ended</c>.</exception>
    /// <exception cref="FetchException"><c>proximity.disconnected</c>.</exception>
    /// <exception cref="InvalidOperationException">No request is waiting for a response.</exception>
    public async Task RespondAsync(DeviceResponse response, bool isLast = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(response);
        await transport.SendAsync(session.Respond(response.Encode(), isLast), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the session, if it has not ended, and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        session.Dispose();
    }

    private async ValueTask<DeviceRequest> ReadAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var status = CborDecodingError;
        try
        {
            CborValue.Decode(payload, MdocCodes.Malformed);
            status = CborValidationError;
            return DeviceRequest.Parse(payload);
        }
        catch (CredentialException)
        {
            await RespondAsync(new DeviceResponse { Documents = [], Status = status }, cancellationToken: cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private ValueTask EndAsync() =>
        _connection.CloseAsync(session.State == ProximitySessionState.Ended ? session.ClosingMessage : session.Terminate());
}
