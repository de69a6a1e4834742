using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Jose;
using Credentials.Keys;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Agency;

/// <summary>Reads the whole audit log against its chain and its checkpoints. Entries later than the last checkpoint can be cut off unseen; nothing else can.</summary>
internal sealed class AuditVerification
{
    private const int MostFindings = 50;

    private readonly List<(long Entry, string What)> _findings = [];

    private AuditVerification()
    {
    }

    internal long Entries { get; private set; }

    internal int Checkpoints { get; private set; }

    /// <summary>What is wrong and from which entry on, in the order of the log; empty for a whole log.</summary>
    internal IReadOnlyList<(long Entry, string What)> Findings => _findings;

    /// <param name="statements">Checkpoints kept outside the database, one compact JWS each.</param>
    internal static async Task<AuditVerification> RunAsync(IssuerDbContext db, PublicKey key, IEnumerable<string> statements, CancellationToken ct)
    {
        var result = new AuditVerification();
        var kept = await db.AuditCheckpoints.AsNoTracking().OrderBy(c => c.EntryId).Select(c => c.Statement).ToListAsync(ct);
        var expected = result.Read(kept.Concat(statements).Distinct(StringComparer.Ordinal), key);
        var last = await result.WalkAsync(db, expected, ct);
        var beyond = expected.Keys.Where(entry => entry > last).ToList();
        if (beyond.Count > 0)
            result.Add(last + 1, $"the log is cut off: a checkpoint saw entry {beyond.Max().ToString(CultureInfo.InvariantCulture)}");
        return result;
    }

    internal JsonObject ToJson() => new()
    {
        ["whole"] = _findings.Count == 0,
        ["entries"] = Entries,
        ["checkpoints"] = Checkpoints,
        ["findings"] = new JsonArray([.. _findings.Select(finding => new JsonObject { ["entry"] = finding.Entry, ["what"] = finding.What })]),
    };

    private async Task<long> WalkAsync(IssuerDbContext db, Dictionary<long, HashSet<string>> expected, CancellationToken ct)
    {
        var (previous, last, chained) = (AuditChain.Start, 0L, false);
        await foreach (var entry in (await AuditLog.ReadAsync(db, ct)).OrderBy(a => a.Id).AsAsyncEnumerable().WithCancellation(ct))
        {
            Entries++;
            var hash = AuditChain.Next(previous, entry);
            if (entry.Hash is null && chained)
                Add(entry.Id, "the entry has no hash");
            if (entry.Hash is not null)
            {
                chained = true;
                if (entry.Id != last + 1)
                    Add(last + 1, last + 2 == entry.Id ? "the entry is missing" : $"the entries up to {(entry.Id - 1).ToString(CultureInfo.InvariantCulture)} are missing");
                else if (!Secrets.Same(hash, entry.Hash))
                    Add(entry.Id, "the entry is not what was written here: changed, moved or put in");
            }

            (previous, last) = (entry.Hash ?? hash, entry.Id);
            if (expected.TryGetValue(entry.Id, out var hashes) && !hashes.SetEquals([StrictBase64Url.Encode(previous)]))
                Add(entry.Id, "a checkpoint has another hash: the log up to here was written anew");
        }

        return last;
    }

    private Dictionary<long, HashSet<string>> Read(IEnumerable<string> statements, PublicKey key)
    {
        var expected = new Dictionary<long, HashSet<string>>();
        foreach (var statement in statements)
        {
            Checkpoints++;
            try
            {
                var jws = CompactJws.Parse(statement);
                jws.RequireType(AuditCheckpoints.Type);
                var entry = jws.PayloadObject.RequireIndex("entry");
                if (!jws.VerifySignature(key))
                    Add(entry, "a checkpoint of this entry is not signed by the audit key");
                else if (!expected.TryAdd(entry, [jws.PayloadObject.RequireString("hash")]))
                    expected[entry].Add(jws.PayloadObject.RequireString("hash"));
            }
            catch (CredentialException)
            {
                Add(0, "a checkpoint cannot be read");
            }
        }

        return expected;
    }

    private void Add(long entry, string what)
    {
        if (_findings.Count < MostFindings)
            _findings.Add((entry, what));
    }
}
