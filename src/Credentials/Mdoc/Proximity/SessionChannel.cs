namespace Credentials.Mdoc.Proximity;

/// <summary>
/// What both sides of a session do alike: request and response take turns, the first fault ends the session and says what
/// is to be told to the other side, and nothing is read or sent afterwards.
/// </summary>
internal sealed class SessionChannel(ProximitySessionState state, int maxMessageBytes) : IDisposable
{
    private SessionCipher? _incoming;
    private SessionCipher? _outgoing;

    public ProximitySessionState State { get; private set; } = state;

    public ReadOnlyMemory<byte>? ClosingMessage { get; private set; }

    public bool HasKeys => _incoming is not null;

    public void UseKeys(SessionCipher incoming, SessionCipher outgoing) => (_incoming, _outgoing) = (incoming, outgoing);

    /// <summary>Does what a received message asks for; whatever is wrong with the message ends the session.</summary>
    public async ValueTask<T> GuardAsync<T>(ReadOnlyMemory<byte> message, Func<ValueTask<T>> read)
    {
        if (State == ProximitySessionState.Ended) throw SessionIsOver();
        try
        {
            if (message.Length > maxMessageBytes) throw new MalformedDataException(ProximityCodes.MessageTooLarge, "The message is too long.");
            return await read().ConfigureAwait(false);
        }
        catch (CredentialException e)
        {
            End(AnswerTo(e.Code));
            throw;
        }
    }

    /// <summary>Reads a session data message.</summary>
    public SessionMessage Read(ReadOnlyMemory<byte> message)
    {
        var received = SessionData.Parse(message);
        if (received.Status is not (null or SessionStatus.SessionTermination))
            throw new ProtocolException(ProximityCodes.PeerFailed, $"{(int)received.Status.Value}", "The other side could not read a message.");
        if (received.Data is null)
        {
            End(null);
            return new SessionMessage(null, EndsSession: true);
        }

        var payload = Open(received.Data.Value);
        if (received.Status is not null) End(null);
        return new SessionMessage(payload, received.Status is not null);
    }

    /// <summary>Decrypts, in turn, and gives us the turn.</summary>
    public byte[] Open(ReadOnlyMemory<byte> data)
    {
        if (State != ProximitySessionState.Waiting || _incoming is null)
            throw new MalformedDataException(ProximityCodes.MessageOrder, "The message came out of turn.");
        var payload = _incoming.Decrypt(data.Span);
        State = ProximitySessionState.OurTurn;
        return payload;
    }

    /// <summary>Encrypts, in turn, and gives the other side the turn.</summary>
    public byte[] Seal(ReadOnlyMemory<byte> payload)
    {
        if (State == ProximitySessionState.Ended) throw SessionIsOver();
        if (State != ProximitySessionState.OurTurn) throw new InvalidOperationException("It is the other side's turn.");
        var data = _outgoing!.Encrypt(payload.Span);
        State = ProximitySessionState.Waiting;
        return data;
    }

    /// <summary>Ends the session from our side.</summary>
    public byte[] Terminate()
    {
        if (State == ProximitySessionState.Ended) throw SessionIsOver();
        End(null);
        return new SessionData(null, SessionStatus.SessionTermination).Encode();
    }

    /// <summary>Ends the session without a word.</summary>
    public void End(SessionStatus? answer)
    {
        State = ProximitySessionState.Ended;
        if (answer is not null) ClosingMessage = new SessionData(null, answer).Encode();
        Dispose();
    }

    public void Dispose()
    {
        _incoming?.Dispose();
        _outgoing?.Dispose();
    }

    public static ProtocolException SessionIsOver() => new(ProximityCodes.SessionEnded, "20", "The session is over.");

    // §9.1.1.4: keys and decryption 10, CBOR 11; to an error report of the other side there is no answer.
    private static SessionStatus? AnswerTo(string code) => code switch
    {
        ProximityCodes.PeerFailed => null,
        ProximityCodes.MessageMalformed or Codecs.CodecCodes.CborTooLarge => SessionStatus.CborDecodingError,
        ProximityCodes.MessageOrder or ProximityCodes.MessageTooLarge or ProximityCodes.SessionEnded => SessionStatus.SessionTermination,
        _ => SessionStatus.SessionEncryptionError,
    };
}
