namespace Credentials.StatusLists;

/// <summary>
/// A signed list as its signer, subject and times are checked, whatever it lists and in whichever form it is signed
/// (Token Status List §5, ISO/IEC 18013-5 second edition §12.3.6.3).
/// </summary>
public abstract class StatusToken
{
    /// <summary>Largest token in bytes.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private readonly StatusEnvelope _envelope;

    private protected StatusToken(StatusEnvelope envelope, string? aggregationUri)
    {
        _envelope = envelope;
        AggregationUri = aggregationUri;
    }

    /// <summary>URI of the list (<c>sub</c>).</summary>
    public string Uri => _envelope.Uri;

    /// <summary>When the token was issued.</summary>
    public DateTimeOffset IssuedAt => _envelope.IssuedAt;

    /// <summary>When the token stops being usable, if it says so.</summary>
    public DateTimeOffset? ExpiresAt => _envelope.ExpiresAt;

    /// <summary>After how long, counted from the fetch, a newer one should be looked for.</summary>
    public TimeSpan? TimeToLive => _envelope.TimeToLive;

    /// <summary>Where the list of this issuer's lists is found (§9), if it says so.</summary>
    public string? AggregationUri { get; }

    /// <summary>Bytes of memory it is counted with.</summary>
    internal long Cost => _envelope.Size + ListSize;

    /// <summary>Bytes of memory of what is listed.</summary>
    private protected abstract long ListSize { get; }

    /// <summary>Why the token may not be used for the list at <paramref name="uri"/> at <paramref name="now"/>, as a code; null when it may.</summary>
    /// <param name="uri">URI in the credential's reference.</param>
    /// <param name="authority">Whom the status must come from.</param>
    public string? FindProblem(string uri, StatusAuthority authority, DateTimeOffset now) =>
        FindTimeProblem(now)
        // §8.3: the subject must equal the reference.
        ?? (string.Equals(Uri, uri, StringComparison.Ordinal) ? null : StatusListCodes.SubjectMismatch)
        ?? authority.FindSignerProblem(_envelope, now);

    /// <summary>The part of <see cref="FindProblem"/> that changes with time.</summary>
    internal string? FindTimeProblem(DateTimeOffset now)
    {
        var soon = now + StatusListLimits.ClockSkew;
        if (IssuedAt > soon || _envelope.NotBefore > soon)
        {
            return StatusListCodes.TokenNotYetValid;
        }

        var end = ExpiresAt ?? IssuedAt + StatusListLimits.LifetimeWithoutExpiry;
        // A token that is kept must not outlive the certificates that vouched for it.
        var certificatesEnd = _envelope.Chain?.Min(certificate => certificate.NotAfter.ToUniversalTime());
        return end <= now || certificatesEnd < now.UtcDateTime ? StatusListCodes.TokenExpired : null;
    }
}
