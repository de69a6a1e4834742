namespace Credentials.Mdoc.Proximity;

/// <summary>Whose turn it is in a session.</summary>
public enum ProximitySessionState
{
    /// <summary>The other side is to send the next message.</summary>
    Waiting,

    /// <summary>We are to send the next message.</summary>
    OurTurn,

    /// <summary>The session is over: ended by one side or by an error. Its keys are gone.</summary>
    Ended,
}
