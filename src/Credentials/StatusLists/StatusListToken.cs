using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.StatusLists;

/// <summary>A signed status list, as a JWT or as a CWT (Token Status List §5).</summary>
public sealed class StatusListToken : StatusToken
{
    private static readonly CborLimits s_limits = new(MaxBytes: MaxBytes);

    private StatusListToken(StatusEnvelope envelope, StatusList list, string? aggregationUri)
        : base(envelope, aggregationUri) => UnverifiedList = list;

    /// <summary>The statuses. They mean something only after <see cref="StatusToken.FindProblem"/> found none.</summary>
    public StatusList UnverifiedList { get; }

    private protected override long ListSize => UnverifiedList.Bytes.Length;

    /// <summary>Reads a JWT without trusting it (§5.1).</summary>
    /// <exception cref="CredentialException">The token, its header or its list is malformed.</exception>
    public static StatusListToken Parse(string token)
    {
        const string Code = StatusListCodes.TokenMalformed;
        var (envelope, claims) = StatusJwt.Read(token);
        var list = claims.RequireObjectMember(StatusListNames.StatusList, Code);
        return new StatusListToken(envelope, StatusList.Parse(list), list.OptionalString(StatusListNames.AggregationUri, Code));
    }

    /// <summary>Reads a CWT without trusting it (§5.2).</summary>
    /// <param name="token">The bytes; they are not copied and must not change afterwards.</param>
    /// <exception cref="CredentialException">The token, its header or its list is malformed.</exception>
    public static StatusListToken Parse(ReadOnlyMemory<byte> token)
    {
        var (envelope, claims) = StatusCwt.Read(token, StatusListNames.CwtMediaType, s_limits);
        var list = claims.Require(StatusListNames.StatusListClaim);
        return new StatusListToken(envelope, StatusList.Parse(list), list.Find("aggregation_uri"u8)?.GetText());
    }

    /// <summary>Signs a JWT.</summary>
    public static ValueTask<string> IssueAsync(StatusListTokenContent content, ISigningKey key, CancellationToken cancellationToken = default) =>
        StatusJwt.SignAsync(content, key, cancellationToken);

    /// <summary>Signs a CWT.</summary>
    public static ValueTask<byte[]> IssueCwtAsync(StatusListTokenContent content, ISigningKey key, CancellationToken cancellationToken = default) =>
        StatusCwt.SignAsync(
            content, StatusListNames.CwtMediaType, StatusListNames.StatusListClaim, writer => content.List.WriteTo(writer, content.AggregationUri), key, cancellationToken);
}
