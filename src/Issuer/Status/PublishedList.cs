using System.IO.Compression;
using System.Security.Cryptography;
using Credentials.Codecs;

namespace Credentials.Issuer.Status;

/// <summary>A list as it is served, signed once for each form.</summary>
/// <param name="Signers">The keys it is signed with.</param>
/// <param name="Bitstrings">The same list for W3C credentials: for each purpose as a JWT and with a proof.</param>
internal sealed record PublishedList(
    long Version, DateTimeOffset SignedAt, (string Status, string Document) Signers, PublishedList.Form Jwt, PublishedList.Form Cwt,
    IReadOnlyDictionary<string, (PublishedList.Form Jwt, PublishedList.Form Proved)> Bitstrings)
{
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
