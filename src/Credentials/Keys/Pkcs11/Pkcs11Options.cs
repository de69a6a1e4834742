namespace Credentials.Keys.Pkcs11;

/// <summary>Where a token is, and how it is used.</summary>
public sealed record Pkcs11Options
{
    /// <summary>The file of the PKCS #11 library, for example <c>/usr/lib/softhsm/libsofthsm2.so</c>.</summary>
    public required string ModulePath { get; init; }

    /// <summary>The label of the token: up to 32 bytes of UTF-8. Exactly one token must have it.</summary>
    public required string TokenLabel { get; init; }

    /// <summary>
    /// Asks for the user's PIN, at each log-in: a change is noticed. Null: there is none now. One that the token refused is not tried again,
    /// since a token locks itself after a few of them.
    /// </summary>
    public required Func<string?> Pin { get; init; }

    /// <summary>How many sessions, each with a thread of its own, use the token at once. 1 to 64.</summary>
    public int MaxSessions { get; init; } = 8;

    /// <summary>How long a request may take, waiting for a session included. 10 milliseconds to 5 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
