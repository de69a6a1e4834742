using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.StatusLists;

/// <summary>Status list tokens as JWTs (Token Status List §5.1).</summary>
internal static class StatusJwt
{
    private const string Code = StatusListCodes.TokenMalformed;

    /// <summary>Reads a token without trusting it.</summary>
    public static (StatusEnvelope Envelope, JsonElement Claims) Read(string token)
    {
        var jws = CompactJws.Parse(token, StatusToken.MaxBytes);
        jws.RequireType(StatusListNames.JwtType);
        var claims = jws.PayloadObject;
        var envelope = new StatusEnvelope
        {
            Uri = claims.RequireString(StatusListNames.Subject, Code),
            IssuedAt = claims.OptionalNumericDate(StatusListNames.IssuedAt, Code)
                ?? throw new MalformedDataException(Code, "The status list token has no iat."),
            NotBefore = claims.OptionalNumericDate(StatusListNames.NotBefore, Code),
            ExpiresAt = claims.OptionalNumericDate(StatusListNames.ExpiresAt, Code),
            TimeToLive = ReadTimeToLive(claims),
            Chain = X5c.Of(jws),
            VerifySignature = jws.VerifySignature,
            // The text in two bytes a character, and the payload as bytes and as JSON.
            Size = 4L * token.Length,
        };
        return (envelope, claims);
    }

    /// <summary>Signs a token.</summary>
    public static ValueTask<string> SignAsync(StatusListTokenContent content, ISigningKey key, CancellationToken cancellationToken)
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
            claims[StatusListNames.TimeToLive] = (long)ttl.TotalSeconds;
        }

        return Jws.SignAsync(header, claims, key, cancellationToken);
    }

    private static TimeSpan? ReadTimeToLive(JsonElement claims)
    {
        // Any positive JSON number; read by the same checked rules as a date, because it is as hostile.
        if (claims.OptionalNumericDate(StatusListNames.TimeToLive, Code) is not { } end)
        {
            return null;
        }

        var ttl = end - DateTimeOffset.UnixEpoch;
        return ttl > TimeSpan.Zero ? ttl : throw new MalformedDataException(Code, "ttl is not positive.");
    }
}
