using System.Formats.Cbor;
using System.Text;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.StatusLists;

/// <summary>Status list tokens and identifier lists as CWTs (Token Status List §5.2, ISO/IEC 18013-5 second edition §12.3.6.3).</summary>
internal static class StatusCwt
{
    private const string Code = StatusListCodes.TokenMalformed;

    /// <summary>Reads a token without trusting it.</summary>
    /// <param name="type">The media type that its header must name.</param>
    /// <param name="limits">Caps on the message, and again on its claims.</param>
    public static (StatusEnvelope Envelope, CborValue Claims) Read(ReadOnlyMemory<byte> token, string type, CborLimits limits)
    {
        // §5.2: a tagged COSE_Sign1 without the CWT tag around it. A tagged COSE_Mac0 would be one too, but its keys are
        // shared with every verifier, which could then make lists of its own (§11.6): it is not taken.
        var message = CoseSign1.Parse(CborValue.Decode(token, Code, limits).GetTagged(CoseNames.Sign1Tag));
        message.Headers.RequireType(type);
        var claims = CwtClaims.Parse(message.Payload ?? throw Malformed("The payload is detached."), Code, limits);
        var envelope = new StatusEnvelope
        {
            Uri = claims.Subject ?? throw Malformed("The token has no subject."),
            IssuedAt = claims.IssuedAt ?? throw Malformed("The token does not say when it was issued."),
            NotBefore = claims.NotBefore,
            ExpiresAt = claims.ExpiresAt,
            TimeToLive = ReadTimeToLive(claims.Map),
            Chain = message.Headers.X5Chain() is { } chain ? X5Chain.Parse(chain) : null,
            VerifySignature = key => message.Verify(key),
            Size = token.Length,
        };
        return (envelope, claims.Map);
    }

    /// <summary>Signs a token.</summary>
    /// <param name="type">Its media type.</param>
    /// <param name="listClaim">The claim of the list.</param>
    /// <param name="writeList">Writes its value.</param>
    public static async ValueTask<byte[]> SignAsync(
        StatusTokenContent content, string type, long listClaim, Action<CborWriter> writeList, ISigningKey key, CancellationToken cancellationToken)
    {
        // ISO/IEC 18013-5 §12.3.6.3 wants the chain in the protected header, as Token Status List §5.2 wants the type.
        List<CoseHeader> headers = [CoseHeader.Type(type)];
        if (content.Certificates.Count > 0)
        {
            headers.Add(CoseHeader.X5Chain(X5Chain.ForHeader(content.Certificates)));
        }

        CoseHeader[] unprotected = content.KeyId is { } id ? [CoseHeader.KeyId(Encoding.UTF8.GetBytes(id))] : [];
        var claims = CborWriting.Encode(writer => WriteClaims(writer, content, listClaim, writeList));
        var message = await CoseSign1.SignAsync(claims, key, headers, unprotected, ct: cancellationToken).ConfigureAwait(false);
        return CborWriting.Encode(writer =>
        {
            writer.WriteTag((CborTag)CoseNames.Sign1Tag);
            writer.WriteEncoded(message);
        });
    }

    private static void WriteClaims(CborWriter writer, StatusTokenContent content, long listClaim, Action<CborWriter> writeList)
    {
        writer.WriteStartMap(3 + (content.ExpiresAt is null ? 0 : 1) + (content.TimeToLive is null ? 0 : 1));
        writer.WriteInt64(CwtNames.Subject);
        writer.WriteTextString(content.Uri);
        writer.WriteInt64(CwtNames.IssuedAt);
        writer.WriteInt64(NumericDate.From(content.IssuedAt));
        if (content.ExpiresAt is { } expiresAt)
        {
            writer.WriteInt64(CwtNames.ExpiresAt);
            writer.WriteInt64(NumericDate.From(expiresAt));
        }

        if (content.TimeToLive is { } ttl)
        {
            writer.WriteInt64(StatusListNames.TimeToLiveClaim);
            writer.WriteInt64((long)ttl.TotalSeconds);
        }

        writer.WriteInt64(listClaim);
        writeList(writer);
        writer.WriteEndMap();
    }

    // §5.2: an unsigned integer, where a JWT may have any positive number.
    private static TimeSpan? ReadTimeToLive(CborValue claims)
    {
        if (claims.Find(StatusListNames.TimeToLiveClaim) is not { } ttl)
        {
            return null;
        }

        return ttl.Kind == CborKind.UnsignedInteger && ttl.GetInt64() > 0 ? NumericDate.Read(ttl, Code) - DateTimeOffset.UnixEpoch : throw ttl.Wrong("a positive number of seconds");
    }

    private static MalformedDataException Malformed(string message) => new(Code, message);
}
