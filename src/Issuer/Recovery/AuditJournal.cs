using System.Runtime.CompilerServices;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;

namespace Credentials.Issuer.Recovery;

/// <summary>
/// An exported audit log, one entry of <c>GET /agency/v1/audit</c> a line: what is known of the time after a back-up. The hash chain says
/// whether it goes on where the restored log ends, and whether anything was changed or left out.
/// </summary>
internal static class AuditJournal
{
    private const string Code = IssuerCodes.Journal;

    /// <summary>The entries after the end of the restored log, each checked, in order. Files may overlap; together they must be without gaps.</summary>
    /// <exception cref="MalformedDataException"><c>issuer.journal</c>: a line is no entry, an entry is missing, or it is not what was written.</exception>
    internal static async IAsyncEnumerable<AuditEntry> ReadAsync(IEnumerable<string> files, (long Id, byte[] Hash) end, [EnumeratorCancellation] CancellationToken ct)
    {
        var (last, hash) = end;
        foreach (var file in files)
        {
            await foreach (var line in File.ReadLinesAsync(file, ct))
            {
                if (string.IsNullOrWhiteSpace(line))
                    continue;
                var entry = Parse(line);
                if (entry.Id == end.Id && !Secrets.Same(entry.Hash, end.Hash))
                    throw Bad($"entry {entry.Id} is another one than that of the back-up: it is the journal of another log, or of one that was restored before");
                if (entry.Id <= last)
                    continue;
                if (entry.Id != last + 1)
                    throw Bad(entry.Id == last + 2 ? $"entry {last + 1} is missing" : $"the entries {last + 1} to {entry.Id - 1} are missing");
                if (!Secrets.Same(AuditChain.Next(hash, entry), entry.Hash))
                    throw Bad($"entry {entry.Id} is not what was written: changed, or of another log");
                (last, hash) = (entry.Id, entry.Hash!);
                yield return entry;
            }
        }
    }

    private static AuditEntry Parse(string line)
    {
        try
        {
            var json = StrictJson.ParseObject(System.Text.Encoding.UTF8.GetBytes(line));
            return new AuditEntry
            {
                Id = json.RequireIndex("id", Code),
                At = json.RequireIndex("at_ms", Code),
                Actor = json.RequireString("actor", Code),
                Action = json.RequireString("action", Code),
                Subject = json.RequireString("subject", Code),
                Detail = json.GetProperty("detail") is { ValueKind: JsonValueKind.Object } detail ? StrictJson.ToText(StrictJson.ToNode(detail)!) : null,
                Hash = StrictBase64Url.TryDecode(json.RequireString("hash", Code), out var hash) ? hash : throw Bad("a hash cannot be read"),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or CredentialException { Code: not Code })
        {
            throw Bad("a line is no entry of an audit log");
        }
    }

    private static MalformedDataException Bad(string what) => new(Code, $"The journal cannot be used: {what}.");
}
