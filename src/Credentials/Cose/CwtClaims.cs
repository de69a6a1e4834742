using Credentials.Codecs;

namespace Credentials.Cose;

/// <summary>The claims set of a CWT (RFC 8392 §3). Nothing of it is verified. Claims that are not read here stand in <see cref="Map"/>.</summary>
public sealed class CwtClaims
{
    private CwtClaims(CborValue map) => Map = map;

    /// <summary>The whole claims set.</summary>
    public CborValue Map { get; }

    /// <summary><c>iss</c>, if it is there.</summary>
    public string? Issuer { get; private init; }

    /// <summary><c>sub</c>, if it is there.</summary>
    public string? Subject { get; private init; }

    /// <summary><c>exp</c>, if it is there.</summary>
    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary><c>nbf</c>, if it is there.</summary>
    public DateTimeOffset? NotBefore { get; private init; }

    /// <summary><c>iat</c>, if it is there.</summary>
    public DateTimeOffset? IssuedAt { get; private init; }

    /// <summary>Reads the payload of a CWT: a map with these claims, where they are there, of the right type.</summary>
    /// <param name="payload">The encoded claims set. Not copied; must not change afterwards.</param>
    /// <param name="code">The code of every error about it.</param>
    /// <param name="limits">Caps; null: <see cref="CborLimits.Default"/>.</param>
    /// <exception cref="MalformedDataException">Not such a map (<paramref name="code"/>) or over a cap (<c>cbor.too_large</c>).</exception>
    public static CwtClaims Parse(ReadOnlyMemory<byte> payload, string code, CborLimits? limits = null)
    {
        var map = CborValue.Decode(payload, code, limits);
        return new CwtClaims(map)
        {
            Issuer = map.Find(CwtNames.Issuer)?.GetText(),
            Subject = map.Find(CwtNames.Subject)?.GetText(),
            ExpiresAt = Time(CwtNames.ExpiresAt),
            NotBefore = Time(CwtNames.NotBefore),
            IssuedAt = Time(CwtNames.IssuedAt),
        };

        DateTimeOffset? Time(long claim) => map.Find(claim) is { } time ? NumericDate.Read(time, code) : null;
    }
}
