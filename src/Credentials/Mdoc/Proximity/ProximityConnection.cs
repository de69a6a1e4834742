namespace Credentials.Mdoc.Proximity;

/// <summary>A connection that is closed once, with a last word to the other side.</summary>
internal sealed class ProximityConnection(IProximityTransport transport)
{
    private static readonly TimeSpan s_lastWord = TimeSpan.FromSeconds(2);

    private bool _isClosed;

    public static FetchException Gone() => new(ProximityCodes.Disconnected, "The other device has disconnected.");

    /// <summary>Says what there is to say, if the other side still listens, and closes.</summary>
    public async ValueTask CloseAsync(ReadOnlyMemory<byte>? lastWord)
    {
        if (_isClosed) return;
        _isClosed = true;
        try
        {
            using var patience = new CancellationTokenSource(s_lastWord);
            if (lastWord is { } message) await transport.SendAsync(message, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CredentialException or OperationCanceledException)
        {
            // The session is over on this side; a device that is gone need not be told.
        }

        await transport.DisposeAsync().ConfigureAwait(false);
    }
}
