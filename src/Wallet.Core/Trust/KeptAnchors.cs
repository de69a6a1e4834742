using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Trust;
using Credentials.Wallet.Core.Storage;
using Credentials.X509;

namespace Credentials.Wallet.Core.Trust;

/// <summary>Trust anchors that the holder, or the app for them, has put into the wallet.</summary>
internal static class KeptAnchors
{
    private const string Code = WalletCodes.StoreCorrupt;

    public static IReadOnlyList<TrustAnchor> List(StoreTransaction transaction) =>
        [.. transaction.List(RecordKind.TrustAnchor).OrderBy(record => record.Id, StringComparer.Ordinal).Select(Read)];

    /// <summary>Keeps an anchor. One of the same certificate or key is replaced, so that its purposes can be changed.</summary>
    public static void Put(StoreTransaction transaction, TrustAnchor anchor)
    {
        var stored = new JsonObject { ["purposes"] = (int)anchor.Purposes };
        if (anchor.Certificate is { } certificate) stored["certificate"] = StrictBase64Url.Encode(certificate.RawDataMemory.Span);
        else if (anchor.Key is { } key) stored["jwk"] = Jwk.Write(key);
        if (anchor.Types is { } types) stored["types"] = new JsonArray([.. types.Order(StringComparer.Ordinal).Select(type => (JsonNode)type)]);
        if (anchor.Issuer is { } issuer) stored[anchor.IsControlledIdentifier ? "identifier" : "issuer"] = issuer;
        transaction.Put(RecordKind.TrustAnchor, anchor.Id, stored);
    }

    public static void Delete(StoreTransaction transaction, string anchorId) => transaction.Delete(RecordKind.TrustAnchor, anchorId);

    private static TrustAnchor Read(StoredRecord record)
    {
        var body = record.Body;
        var purposes = (TrustPurpose)body.GetProperty("purposes").GetInt32();
        var types = body.OptionalStringArray("types", Code);
        if (body.OptionalString("certificate", Code) is { } certificate)
            return TrustAnchor.ForCertificate(CertificateReader.FromDer(StrictBase64Url.Decode(certificate, Code)), purposes, types);
        if (body.OptionalString("identifier", Code) is { } identifier) return TrustAnchor.ForControlledIdentifier(identifier, purposes, types);
        return body.OptionalObject("jwk", Code) is { } jwk
            ? TrustAnchor.ForKey(Jwk.ParsePublic(jwk), purposes, types, body.OptionalString("issuer", Code))
            : TrustAnchor.ForIssuerUrl(body.RequireString("issuer", Code), types);
    }
}
