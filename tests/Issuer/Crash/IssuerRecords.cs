using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Storage;
using Credentials.Jose;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>What an issuer has in its database, and what it serves.</summary>
internal sealed record IssuerRecords
{
    internal required IReadOnlyList<RegisterRow> Register { get; init; }

    /// <summary>Offer and configuration of each issuance.</summary>
    internal required IReadOnlyList<(string OfferId, string ConfigurationId)> Issuances { get; init; }

    /// <summary>The offer of each access token.</summary>
    internal required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>SHA-256 of the used nonces, in hexadecimal.</summary>
    internal required IReadOnlySet<string> UsedNonces { get; init; }

    /// <summary>How many indexes of each list are given out.</summary>
    internal required IReadOnlyDictionary<string, int> Reserved { get; init; }

    /// <summary>Offers that still have their claims.</summary>
    internal required IReadOnlySet<string> WithClaims { get; init; }

    /// <summary>Subject of each <c>credential.issue</c> of the audit log: the offer.</summary>
    internal required IReadOnlyList<string> AuditedIssuances { get; init; }

    /// <summary>Subjects of <c>credential.status</c> with "revoked": the credentials.</summary>
    internal required IReadOnlySet<string> AuditedRevocations { get; init; }

    /// <summary>What is wrong with the chain of the audit log.</summary>
    internal required IReadOnlyList<string> AuditFindings { get; init; }

    /// <summary>The status lists as each replica serves them.</summary>
    internal required IReadOnlyList<IReadOnlyDictionary<string, StatusList>> Served { get; init; }

    internal static async Task<IssuerRecords> ReadAsync(TempFolder folder, string connection, IEnumerable<Uri> replicas, HttpClient http, CancellationToken ct)
    {
        await using var db = await ExistingDatabase.OpenAsync(folder.FullPath, connection, ct);
        var register = await db.Credentials.AsNoTracking().ToListAsync(ct);
        var lists = await db.StatusLists.AsNoTracking().ToListAsync(ct);
        var key = Jwk.ParsePublic(StrictJson.Parse(await File.ReadAllTextAsync(folder.Combine("keys/audit.jwk"), ct)));
        var checkpoints = folder.Combine(AuditCheckpoints.FileName);
        var audit = await AuditVerification.RunAsync(db, key, File.Exists(checkpoints) ? await File.ReadAllLinesAsync(checkpoints, ct) : [], ct);
        var entries = await db.Audit.AsNoTracking().Where(entry => entry.Action == "credential.issue" || entry.Action == "credential.status").ToListAsync(ct);
        return new IssuerRecords
        {
            Register = [.. register.Select(row => new RegisterRow(
                row.Id, row.OfferId, row.ConfigurationId, new StatusPlace(row.ListId, row.ListIndex), row.Status, row.DocumentHash is null ? null : Convert.ToHexString(row.DocumentHash)))],
            Issuances = [.. (await db.Issuances.AsNoTracking().ToListAsync(ct)).Select(issuance => (issuance.OfferId, issuance.ConfigurationId))],
            Tokens = await db.AccessTokens.Select(token => token.OfferId).ToListAsync(ct),
            UsedNonces = (await db.UsedNonces.Select(nonce => nonce.Hash).ToListAsync(ct)).Select(hash => Convert.ToHexString(hash)).ToHashSet(),
            Reserved = lists.ToDictionary(list => list.Id, list => list.Next),
            WithClaims = (await db.Offers.Where(offer => offer.Claims != null).Select(offer => offer.Id).ToListAsync(ct)).ToHashSet(),
            AuditedIssuances = [.. entries.Where(entry => entry.Action == "credential.issue").Select(entry => entry.Subject)],
            AuditedRevocations = entries.Where(entry => entry.Action == "credential.status" && StrictJson.Parse(entry.Detail!).RequireString("status") == "revoked").Select(entry => entry.Subject).ToHashSet(),
            AuditFindings = [.. audit.Findings.Select(finding => $"entry {finding.Entry}: {finding.What}")],
            Served = await ServedAsync(replicas, lists.ConvertAll(list => list.Id), http, ct),
        };
    }

    private static async Task<List<IReadOnlyDictionary<string, StatusList>>> ServedAsync(IEnumerable<Uri> replicas, List<string> lists, HttpClient http, CancellationToken ct)
    {
        var all = new List<IReadOnlyDictionary<string, StatusList>>();
        foreach (var replica in replicas)
        {
            var served = new Dictionary<string, StatusList>();
            foreach (var list in lists)
                served[list] = StatusListToken.Parse(await http.GetStringAsync(new Uri(replica, $"/status/{list}"), ct)).UnverifiedList;
            all.Add(served);
        }

        return all;
    }
}
