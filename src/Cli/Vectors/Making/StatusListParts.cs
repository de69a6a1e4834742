using System.Formats.Cbor;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.StatusLists;
using Credentials.X509;

namespace Credentials.Cli.Vectors.Making;

/// <summary>The pieces that signed lists good and bad are put together from, with keys made for one run.</summary>
internal sealed class StatusListParts : IDisposable
{
    internal const string Uri = "https://status.example/1";

    internal static readonly DateTimeOffset Now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    internal static readonly byte[][] Revoked = [[0xab, 0xcd], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]];

    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly CertificateAuthority _stranger = CertificateAuthority.Create("Stranger", "KR", Now.AddDays(-60));
    private readonly X509Certificate2 _strangeSigner;

    internal StatusListParts()
    {
        Signer = Authority.IssueStatusSigner("Test status signer", _key, Now.AddDays(-60));
        _strangeSigner = _stranger.IssueStatusSigner("Strange signer", _key, Now.AddDays(-60));
    }

    internal CertificateAuthority Authority { get; } = CertificateAuthority.Create("Test root", "KR", Now.AddDays(-60));

    internal X509Certificate2 Signer { get; }

    internal SoftwareSigningKey OtherKey { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    /// <summary>What one list differs in from a good one.</summary>
    internal sealed record Flaw
    {
        public string Subject { get; init; } = Uri;

        public DateTimeOffset IssuedAt { get; init; } = Now.AddMinutes(-5);

        public DateTimeOffset? ExpiresAt { get; init; } = Now.AddDays(1);

        public string? Type { get; init; }

        /// <summary>The claim of the list is left out.</summary>
        public bool HasNoList { get; init; }

        /// <summary>The compressed list lacks its last byte, or an identifier is a text.</summary>
        public bool IsListDamaged { get; init; }

        /// <summary>An identifier list with a status list beside.</summary>
        public bool HasStatusListToo { get; init; }

        public bool IsStrangersCertificate { get; init; }

        public ISigningKey? Key { get; init; }
    }

    internal static StatusList List()
    {
        var list = StatusList.Create(2, 12);
        (list[0], list[1], list[3], list[10]) = (1, 2, 3, 1);
        return list;
    }

    internal async Task<string> JwtAsync(Flaw flaw)
    {
        var header = new JsonObject { ["typ"] = flaw.Type ?? StatusListNames.JwtType, ["x5c"] = X5c.ForHeader([CertificateOf(flaw)]) };
        var claims = new JsonObject { ["sub"] = flaw.Subject, ["iat"] = NumericDate.From(flaw.IssuedAt), ["ttl"] = 600 };
        if (flaw.ExpiresAt is { } end)
            claims["exp"] = NumericDate.From(end);
        if (!flaw.HasNoList)
            claims["status_list"] = new JsonObject { ["bits"] = 2, ["lst"] = StrictBase64Url.Encode(Compressed(flaw)) };
        return await Jws.SignAsync(header, claims, flaw.Key ?? _key);
    }

    internal Task<byte[]> CwtAsync(Flaw flaw) => CwtAsync(flaw, StatusListNames.CwtMediaType, flaw.HasNoList ? [] : [(65533L, WriteStatusList)]);

    internal Task<byte[]> IdentifierListAsync(Flaw flaw)
    {
        List<(long, Action<CborWriter, Flaw>)> lists = flaw.HasNoList ? [] : [(65530L, WriteIdentifiers)];
        if (flaw.HasStatusListToo)
            lists.Add((65533L, WriteStatusList));
        return CwtAsync(flaw, StatusListNames.IdentifierListMediaType, lists);
    }

    private async Task<byte[]> CwtAsync(Flaw flaw, string type, IReadOnlyList<(long Claim, Action<CborWriter, Flaw> Write)> lists)
    {
        var claims = CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(3 + (flaw.ExpiresAt is null ? 0 : 1) + lists.Count);
            writer.WriteInt64(CwtNames.Subject);
            writer.WriteTextString(flaw.Subject);
            writer.WriteInt64(CwtNames.IssuedAt);
            writer.WriteInt64(NumericDate.From(flaw.IssuedAt));
            if (flaw.ExpiresAt is { } end)
            {
                writer.WriteInt64(CwtNames.ExpiresAt);
                writer.WriteInt64(NumericDate.From(end));
            }
            writer.WriteInt64(65534);
            writer.WriteInt64(600);
            foreach (var (claim, write) in lists)
            {
                writer.WriteInt64(claim);
                write(writer, flaw);
            }
            writer.WriteEndMap();
        });
        CoseHeader[] headers = [CoseHeader.Type(flaw.Type ?? type), CoseHeader.X5Chain(X5Chain.ForHeader([CertificateOf(flaw)]))];
        var message = await CoseSign1.SignAsync(claims, flaw.Key ?? _key, headers);
        return CborWriting.Encode(writer =>
        {
            writer.WriteTag((CborTag)CoseNames.Sign1Tag);
            writer.WriteEncoded(message);
        });
    }

    private X509Certificate2 CertificateOf(Flaw flaw) => flaw.IsStrangersCertificate ? _strangeSigner : Signer;

    private static byte[] Compressed(Flaw flaw)
    {
        var whole = StrictZLib.Compress(List().Bytes);
        return flaw.IsListDamaged ? whole[..^1] : whole;
    }

    private static void WriteStatusList(CborWriter writer, Flaw flaw)
    {
        writer.WriteStartMap(2);
        writer.WriteTextString("bits");
        writer.WriteInt32(2);
        writer.WriteTextString("lst");
        writer.WriteByteString(Compressed(flaw));
        writer.WriteEndMap();
    }

    private static void WriteIdentifiers(CborWriter writer, Flaw flaw)
    {
        writer.WriteStartMap(1);
        writer.WriteTextString("identifiers");
        writer.WriteStartMap(Revoked.Length);
        foreach (var identifier in Revoked)
        {
            if (flaw.IsListDamaged)
                writer.WriteTextString(Convert.ToHexStringLower(identifier));
            else
                writer.WriteByteString(identifier);
            writer.WriteStartMap(0);
            writer.WriteEndMap();
        }
        writer.WriteEndMap();
        writer.WriteEndMap();
    }

    public void Dispose()
    {
        _key.Dispose();
        _strangeSigner.Dispose();
        _stranger.Dispose();
        Signer.Dispose();
        OtherKey.Dispose();
        Authority.Dispose();
    }
}
