using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.StatusLists;

/// <summary>A signed identifier list (ISO/IEC 18013-5 second edition §12.3.6.4): a CWT with the claims of a status list token, but another list.</summary>
public sealed class IdentifierListToken : StatusToken
{
    private static readonly CborLimits s_limits = new(MaxBytes, MaxMembers: IdentifierList.MaxCount, MaxItems: (2 * IdentifierList.MaxCount) + (1 << 16));

    private IdentifierListToken(StatusEnvelope envelope, IdentifierList list, string? aggregationUri)
        : base(envelope, aggregationUri) => UnverifiedList = list;

    /// <summary>The identifiers. They mean something only after <see cref="StatusToken.FindProblem"/> found none.</summary>
    public IdentifierList UnverifiedList { get; }

    private protected override long ListSize => UnverifiedList.Size;

    /// <summary>Reads a token without trusting it.</summary>
    /// <param name="token">The bytes; they are not copied and must not change afterwards.</param>
    /// <exception cref="CredentialException">The token, its header or its list is malformed.</exception>
    public static IdentifierListToken Parse(ReadOnlyMemory<byte> token)
    {
        var (envelope, claims) = StatusCwt.Read(token, StatusListNames.IdentifierListMediaType, s_limits);
        // §12.3.6.3: exp is there. §12.3.6.4: the claim of a status list is not.
        if (envelope.ExpiresAt is null || claims.Find(StatusListNames.StatusListClaim) is not null)
        {
            throw claims.Wrong("an identifier list with exp and without a status list");
        }

        var list = claims.Require(StatusListNames.IdentifierListClaim);
        return new IdentifierListToken(envelope, IdentifierList.Parse(list), list.Find("aggregation_uri"u8)?.GetText());
    }

    /// <summary>Signs a token.</summary>
    /// <exception cref="ArgumentException">The content has no expiry.</exception>
    public static ValueTask<byte[]> IssueAsync(IdentifierListTokenContent content, ISigningKey key, CancellationToken cancellationToken = default)
    {
        if (content.ExpiresAt is null)
        {
            throw new ArgumentException("An identifier list has an expiry (ISO/IEC 18013-5 §12.3.6.3).", nameof(content));
        }

        return StatusCwt.SignAsync(
            content, StatusListNames.IdentifierListMediaType, StatusListNames.IdentifierListClaim, writer => content.List.WriteTo(writer, content.AggregationUri), key, cancellationToken);
    }
}
