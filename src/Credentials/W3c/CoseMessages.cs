using System.Formats.Cbor;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.W3c;

/// <summary>Makes COSE_Sign1 messages of W3C documents (VC-JOSE-COSE §3.3), with claims in the protected header (RFC 9597).</summary>
internal static class CoseMessages
{
    /// <summary>CWT claim <c>aud</c> (RFC 8392 §3.1.3).</summary>
    public const long Audience = 3;

    /// <summary>CWT claim <c>cnf</c> (RFC 8747 §3.1).</summary>
    public const long Confirmation = 8;

    /// <summary>CWT claim <c>nonce</c> (IANA CWT registry, Claim-Key 10).</summary>
    public const long Nonce = 10;

    /// <summary>Confirmation method <c>COSE_Key</c> (RFC 8747 §3.2).</summary>
    public const long ConfirmationKey = 1;

    private const byte Sign1TagByte = 0xd2;

    /// <summary>Signs a document; the message has its tag.</summary>
    /// <param name="kind"><c>vc</c> or <c>vp</c>.</param>
    /// <param name="claims">The encoded claims set; an empty map is left out.</param>
    public static async ValueTask<byte[]> SignAsync(
        string kind, JsonObject document, byte[] claims, string? keyId, IReadOnlyList<X509Certificate2> certificates, ISigningKey key, CancellationToken ct)
    {
        List<CoseHeader> headers = [CoseHeader.ContentType($"application/{kind}")];
        if (keyId is not null) headers.Add(CoseHeader.KeyId(Encoding.UTF8.GetBytes(keyId)));
        if (claims.Length > 1) headers.Add(new CoseHeader(CoseNames.CwtClaims, claims));
        headers.Add(CoseHeader.Type($"application/{kind}+cose"));
        CoseHeader[] chain = certificates.Count > 0 ? [CoseHeader.X5Chain(X5Chain.ForHeader(certificates))] : [];
        var message = await CoseSign1.SignAsync(StrictJson.ToUtf8(document), key, headers, chain, ct: ct).ConfigureAwait(false);
        return [Sign1TagByte, .. message];
    }

    /// <summary>Writes a map of these members, which come by ascending label.</summary>
    public static void WriteMap(CborWriter writer, IReadOnlyCollection<(long Label, Action Write)> members)
    {
        writer.WriteStartMap(members.Count);
        foreach (var (label, write) in members)
        {
            writer.WriteInt64(label);
            write();
        }

        writer.WriteEndMap();
    }

    /// <summary>Writes the value of <c>cnf</c>.</summary>
    public static void WriteConfirmation(CborWriter writer, PublicKey key)
    {
        writer.WriteStartMap(1);
        writer.WriteInt64(ConfirmationKey);
        CoseKey.Write(writer, key);
        writer.WriteEndMap();
    }
}
