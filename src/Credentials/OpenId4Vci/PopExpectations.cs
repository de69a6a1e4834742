namespace Credentials.OpenId4Vci;

/// <summary>What is demanded of the proof of possession of a wallet attestation.</summary>
public sealed record PopExpectations
{
    /// <summary>The authorization server's identifier; <c>aud</c> must equal it.</summary>
    public required string AuthorizationServer { get; init; }

    /// <summary>Algorithms that are accepted.</summary>
    public required IReadOnlyCollection<string> Algorithms { get; init; }

    /// <summary>Whether the server gives out challenges: then the proof must have one (-07 §8).</summary>
    public required bool ChallengeRequired { get; init; }

    /// <summary>The current time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How old <c>iat</c> may be.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far <c>iat</c> may lie in the future.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromMinutes(1);
}
