using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.StatusLists;

/// <summary>A signed status list as a JWT (Token Status List §5.1).</summary>
public sealed class StatusListToken
{
    /// <summary>Largest token in bytes.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private readonly CompactJws _jws;
    private readonly IReadOnlyList<X509Certificate2>? _chain;

    private StatusListToken(CompactJws jws)
    {
        const string Code = StatusListCodes.TokenMalformed;
        _jws = jws;
        _chain = X5c.Of(jws);
        var claims = jws.PayloadObject;
        Uri = claims.RequireString(StatusListNames.Subject, Code);
        IssuedAt = claims.OptionalNumericDate(StatusListNames.IssuedAt, Code)
            ?? throw new MalformedDataException(Code, "The status list token has no iat.");
        ExpiresAt = claims.OptionalNumericDate(StatusListNames.ExpiresAt, Code);
        TimeToLive = ReadTimeToLive(claims, Code);
        var list = claims.RequireObjectMember(StatusListNames.StatusList, Code);
        UnverifiedList = StatusList.Parse(list);
        AggregationUri = list.OptionalString(StatusListNames.AggregationUri, Code);
    }

    /// <summary>URI of the list (<c>sub</c>).</summary>
    public string Uri { get; }

    /// <summary>When the token was issued.</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>When the token stops being usable, if it says so.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>After how long, counted from the fetch, a newer one should be looked for.</summary>
    public TimeSpan? TimeToLive { get; }

    /// <summary>Where the list of this issuer's lists is found (§9), if it says so.</summary>
    public string? AggregationUri { get; }

    /// <summary>The statuses. They mean something only after <see cref="FindProblem"/> found none.</summary>
    public StatusList UnverifiedList { get; }

    /// <summary>Reads a token without trusting it.</summary>
    /// <exception cref="CredentialException">The token, its header or its list is malformed.</exception>
    public static StatusListToken Parse(string token)
    {
        var jws = CompactJws.Parse(token, MaxBytes);
        jws.RequireType(StatusListNames.JwtType);
        return new StatusListToken(jws);
    }

    /// <summary>Signs a token.</summary>
    public static ValueTask<string> IssueAsync(StatusListTokenContent content, ISigningKey key, CancellationToken cancellationToken = default)
    {
        var header = new JsonObject { ["typ"] = StatusListNames.JwtType };
        if (content.Certificates.Count > 0)
        {
            header["x5c"] = X5c.ForHeader(content.Certificates);
        }

        if (content.KeyId is not null)
        {
            header["kid"] = content.KeyId;
        }

        var claims = new JsonObject
        {
            [StatusListNames.Subject] = content.Uri,
            [StatusListNames.IssuedAt] = NumericDate.From(content.IssuedAt),
            [StatusListNames.StatusList] = content.List.ToJson(content.AggregationUri),
        };
        if (content.ExpiresAt is { } expiresAt)
        {
            claims[StatusListNames.ExpiresAt] = NumericDate.From(expiresAt);
        }

        if (content.TimeToLive is { } ttl)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(ttl, TimeSpan.FromSeconds(1), nameof(content));
            claims[StatusListNames.TimeToLive] = (long)ttl.TotalSeconds;
        }

        return Jws.SignAsync(header, claims, key, cancellationToken);
    }

    /// <summary>Why the token may not be used for the list at <paramref name="uri"/> at <paramref name="now"/>, as a code; null when it may.</summary>
    /// <param name="uri">URI in the credential's reference.</param>
    /// <param name="authority">Whom the status must come from.</param>
    public string? FindProblem(string uri, StatusAuthority authority, DateTimeOffset now) =>
        FindTimeProblem(now)
        // §8.3: the subject must equal the reference.
        ?? (string.Equals(Uri, uri, StringComparison.Ordinal) ? null : StatusListCodes.SubjectMismatch)
        ?? authority.FindSignerProblem(_jws, _chain, now);

    /// <summary>The part of <see cref="FindProblem"/> that changes with time.</summary>
    internal string? FindTimeProblem(DateTimeOffset now)
    {
        if (IssuedAt > now + StatusListLimits.ClockSkew)
        {
            return StatusListCodes.TokenNotYetValid;
        }

        var end = ExpiresAt ?? IssuedAt + StatusListLimits.LifetimeWithoutExpiry;
        // A token that is kept must not outlive the certificates that vouched for it.
        var certificatesEnd = _chain?.Min(certificate => certificate.NotAfter.ToUniversalTime());
        return end <= now || certificatesEnd < now.UtcDateTime ? StatusListCodes.TokenExpired : null;
    }

    private static TimeSpan? ReadTimeToLive(JsonElement claims, string code)
    {
        // Any positive JSON number; read by the same checked rules as a date, because it is as hostile.
        if (claims.OptionalNumericDate(StatusListNames.TimeToLive, code) is not { } end)
        {
            return null;
        }

        var ttl = end - DateTimeOffset.UnixEpoch;
        return ttl > TimeSpan.Zero ? ttl : throw new MalformedDataException(code, "ttl is not positive.");
    }
}
