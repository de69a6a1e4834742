namespace Credentials.Mdoc.Proximity;

/// <summary>
/// An in-person check as its reader makes it: a session over a connection, both of which it then owns. Whatever goes wrong
/// ends the session, and the holder's device is told.
/// </summary>
/// <param name="session">A session that has just begun.</param>
/// <param name="transport">The connection to the holder's device.</param>
public sealed class ProximityReader(ProximityReaderSession session, IProximityTransport transport) : IAsyncDisposable
{
    private readonly ProximityConnection _connection = new(transport);

    /// <summary>The session; <see cref="DeviceRequest.SignAsync"/> signs for it.</summary>
    public SessionTranscript Transcript => session.Transcript;

    /// <summary>Waits for the device that answers an invitation, and begins the session with it.</summary>
    /// <param name="invitation">The invitation, whose engagement the holder has got.</param>
    /// <param name="transport">The connection; it is closed if no session begins.</param>
    /// <param name="domain">As for <see cref="ReaderInvitation.AcceptAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="CredentialException">As for <see cref="ReaderInvitation.AcceptAsync"/>; <c>proximity.disconnected</c>.</exception>
    public static async Task<ProximityReader> AcceptAsync(
        ReaderInvitation invitation, IProximityTransport transport, string? domain = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var first = await transport.ReceiveAsync(cancellationToken).ConfigureAwait(false) ?? throw ProximityConnection.Gone();
            return new(await invitation.AcceptAsync(first, domain, cancellationToken: cancellationToken).ConfigureAwait(false), transport);
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks for documents and verifies what comes back. May be called again while the holder's device goes on.</summary>
    /// <param name="request">The request.</param>
    /// <param name="expected">What each document must meet. The device authentication and the document types are those of this session and request, whatever stands there.</param>
    /// <param name="cancellationToken">Stops waiting; the session is then only good for disposing of it.</param>
    /// <returns>One answer for each document request, in order.</returns>
    /// <exception cref="MalformedDataException"><c>proximity.…</c>; <c>mdoc.…</c>, <c>cose.…</c>, <c>cbor.too_large</c>: the response cannot be read.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>cose.key_not_supported</c>.</exception>
    /// <exception cref="ProtocolException"><c>proximity.response_status</c>, <c>proximity.peer_failed</c>, <c>proximity.session_ended</c>.</exception>
    /// <exception cref="FetchException"><c>proximity.disconnected</c>.</exception>
    public async Task<IReadOnlyList<DocumentAnswer>> AskAsync(DeviceRequest request, MdocExpectations expected, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(expected);
        var message = session.Request(request.Encode());
        DeviceResponse response;
        try
        {
            await transport.SendAsync(message, cancellationToken).ConfigureAwait(false);
            var answer = await session.ReceiveAsync(await transport.ReceiveAsync(cancellationToken).ConfigureAwait(false) ?? throw ProximityConnection.Gone()).ConfigureAwait(false);
            response = DeviceResponse.Parse(answer.Payload ?? throw SessionChannel.SessionIsOver());
        }
        catch (CredentialException)
        {
            await EndAsync().ConfigureAwait(false);
            throw;
        }

        // Table 8: an mdoc that reports an error returns no data.
        if (response.Status != 0)
            throw new ProtocolException(ProximityCodes.ResponseStatus, $"{response.Status}", "The holder's device could not answer the request.");
        var auth = DeviceAuthExpectation.Required(session.Transcript, session.EReaderKey);
        return await MdocVerifier.VerifyAsync(response, request, expected with { DeviceAuth = auth }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the session, if it has not ended, and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        session.Dispose();
    }

    private ValueTask EndAsync() =>
        _connection.CloseAsync(session.State == ProximitySessionState.Ended ? session.ClosingMessage : session.Terminate());
}
