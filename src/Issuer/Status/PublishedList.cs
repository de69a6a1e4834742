using System.IO.Compression;
using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Issuer.Storage;
using Credentials.StatusLists;
using Credentials.W3c;

namespace Credentials.Issuer.Status;

/// <summary>A list as it is served, signed once for each form.</summary>
/// <param name="Signers">The keys it is signed with.</param>
/// <param name="Bitstrings">The same list for W3C credentials: for each purpose as a JWT and with a proof.</param>
internal sealed record PublishedList(
    long Version, DateTimeOffset SignedAt, (string Status, string Document) Signers, PublishedList.Form Jwt, PublishedList.Form Cwt,
    IReadOnlyDictionary<string, (PublishedList.Form Jwt, PublishedList.Form Proved)> Bitstrings)
{
    internal static PublishedList Of(PublishedStatus row) => new(
        row.Version, DateTimeOffset.FromUnixTimeMilliseconds(row.SignedAt), (row.StatusKey, row.DocumentKey),
        Form.Of(StatusListNames.JwtMediaType, row.Jwt), Form.Of(StatusListNames.CwtMediaType, row.Cwt),
        new Dictionary<string, (Form Jwt, Form Proved)>
        {
            [StatusPurposes.Revocation] = (Form.Of(GetBitstringList.JwtMediaType, row.RevocationJwt), Form.Of(GetBitstringList.ProvedMediaType, row.RevocationProved)),
            [StatusPurposes.Suspension] = (Form.Of(GetBitstringList.JwtMediaType, row.SuspensionJwt), Form.Of(GetBitstringList.ProvedMediaType, row.SuspensionProved)),
        });

    internal PublishedStatus ToRow(string listId) => new()
    {
        ListId = listId,
        Version = Version,
        SignedAt = SignedAt.ToUnixTimeMilliseconds(),
        StatusKey = Signers.Status,
        DocumentKey = Signers.Document,
        Jwt = Jwt.Token,
        Cwt = Cwt.Token,
        RevocationJwt = Bitstrings[StatusPurposes.Revocation].Jwt.Token,
        RevocationProved = Bitstrings[StatusPurposes.Revocation].Proved.Token,
        SuspensionJwt = Bitstrings[StatusPurposes.Suspension].Jwt.Token,
        SuspensionProved = Bitstrings[StatusPurposes.Suspension].Proved.Token,
    };

    /// <summary>One signed form, plain and gzip.</summary>
    internal sealed record Form(string MediaType, byte[] Token, byte[] Gzip, string ETag)
    {
        internal static Form Of(string mediaType, byte[] token) =>
            new(mediaType, token, Compress(token), StrictBase64Url.Encode(SHA256.HashData(token).AsSpan(0, 16)));

        private static byte[] Compress(byte[] bytes)
        {
            using var output = new MemoryStream();
            using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
                gzip.Write(bytes);
            return output.ToArray();
        }
    }
}
