using System.Text;
using System.Text.Json.Nodes;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Issuance;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Bulk;

/// <summary>What came of the rows of a batch, with the secrets that are to be delivered.</summary>
internal static class BatchResults
{
    internal const int PageSize = 100;

    internal static byte[] Seal(IssuerKeys keys, BatchRow row, byte[] credential) => AnswerVault.Seal(Key(keys, row), Context(row), credential);

    /// <summary>The rows after one, in order.</summary>
    internal static async Task<List<JsonObject>> PageAsync(IssuerDbContext db, IssuerKeys keys, IssuerOptions options, string batchId, long after, CancellationToken ct)
    {
        var rows = await db.BatchRows.AsNoTracking().Where(r => r.BatchId == batchId && r.Number > after).OrderBy(r => r.Number).Take(PageSize).ToListAsync(ct);
        var ids = rows.Select(r => r.OfferId).OfType<string>().ToList();
        var offers = await db.Offers.AsNoTracking().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, ct);
        return [.. rows.Select(row => Describe(row, row.OfferId is null ? null : offers.GetValueOrDefault(row.OfferId), keys, options))];
    }

    internal static string Name(BatchRowState state) => state.ToString().ToLowerInvariant();

    private static JsonObject Describe(BatchRow row, Offer? offer, IssuerKeys keys, IssuerOptions options)
    {
        var result = new JsonObject { ["row"] = row.Number, ["line"] = row.Line, ["subject"] = row.Subject, ["state"] = Name(row.State) };
        if (row.Error is not null)
            (result["code"], result["error"]) = (row.ErrorCode, row.Error);
        if (offer is not null)
        {
            result["offer_id"] = offer.Id;
            result["offer_uri"] = OfferView.Link(offer, keys, options);
            result["page"] = OfferView.Page(offer, keys, options);
            result["tx_code"] = OfferSecrets.TxCode(keys, offer);
            result["expires_at"] = Paging.Time(offer.ExpiresAt);
        }

        if (row.CredentialId is not null)
            result["credential_id"] = row.CredentialId;
        if (row.Result is not null)
            result["credential"] = Encoding.ASCII.GetString(AnswerVault.Open(Key(keys, row), Context(row), row.Result));
        return result;
    }

    private static string Key(IssuerKeys keys, BatchRow row) => Secrets.Derive(keys.Secret, "batch result", $"{row.BatchId}/{row.Number}");

    private static byte[] Context(BatchRow row) => Encoding.UTF8.GetBytes($"{row.BatchId}/{row.Number}");
}
