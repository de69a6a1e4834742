using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Storage;

namespace Credentials.Issuer.Recovery;

/// <summary>
/// What an audit entry tells of new credentials beside their number: enough for a register that was restored from an older back-up to know
/// them again and revoke them. No holder, no subject, no claims.
/// </summary>
internal static class RegisterJournal
{
    private const string Code = IssuerCodes.Journal;

    /// <summary>Adds the rows, which are of one type and have their places in one list, to the entry's detail.</summary>
    internal static JsonObject With(this JsonObject detail, IReadOnlyList<IssuedCredential> rows)
    {
        if (rows.Count == 0)
            return detail;
        detail["credential_configuration_id"] = rows[0].ConfigurationId;
        detail["type"] = rows[0].Type;
        detail["list"] = rows[0].ListId;
        detail["credentials"] = new JsonArray([.. rows.Select(row => new JsonObject { ["id"] = row.Id, ["index"] = row.ListIndex, ["expires_at_ms"] = row.ExpiresAt })]);
        return detail;
    }

    /// <summary>The rows that an entry tells of, as far as it does.</summary>
    internal static IReadOnlyList<IssuedCredential> Read(JsonElement detail, string subject, long at) => detail.OptionalArray("credentials", Code) is not { } rows
        ? []
        : [.. rows.EnumerateArray().Select(row => new IssuedCredential
        {
            Id = row.RequireString("id", Code),
            OfferId = subject,
            ConfigurationId = detail.RequireString("credential_configuration_id", Code),
            Type = detail.RequireString("type", Code),
            HolderKey = "",
            ListId = detail.RequireString("list", Code),
            ListIndex = (int)row.RequireIndex("index", Code),
            IssuedAt = at,
            ExpiresAt = row.RequireIndex("expires_at_ms", Code),
        })];
}
