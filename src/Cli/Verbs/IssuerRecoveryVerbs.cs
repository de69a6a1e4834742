using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Issuer.Recovery;

namespace Credentials.Cli.Verbs;

/// <summary><c>issuer backup</c>, <c>issuer restore</c>, <c>issuer audit export</c>: what an operator needs for the day on which a machine is lost.</summary>
internal static class IssuerRecoveryVerbs
{
    internal static Task<int> BackupAsync(CommandContext context) => RunAsync(async () =>
    {
        var (arguments, target) = (context.Arguments, Path.GetFullPath(context.Arguments.Required("--out")));
        var manifest = await IssuerBackup.WriteAsync(
            arguments.Required("--data"), arguments.Value("--connection"), arguments.Value("--catalog"), target, context.Time, context.Cancelled);
        if (context.Json)
            context.Terminal.Json(new JsonObject { ["backup"] = target, ["manifest"] = manifest.ToJson() });
        else
            context.Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{target}: {manifest.Files.Count} files of {manifest.PublicUrl}"));
        return ExitCode.Done;
    });

    internal static Task<int> RestoreAsync(CommandContext context) => RunAsync(async () =>
    {
        var (arguments, journal) = (context.Arguments, context.Arguments.Values("--journal"));
        if (journal.Count == 0 != arguments.Flag("--without-journal"))
        {
            throw CommandException.Usage(
                "either --journal, or --without-journal if there is none: what was revoked after the back-up is then valid again",
                "the journal is what `credentials issuer audit export` wrote");
        }

        var restored = await IssuerRestore.RunAsync(arguments.Required("--from"), arguments.Required("--data"), arguments.Value("--connection"), journal, context.Time, context.Cancelled);
        if (context.Json)
            context.Terminal.Json(restored);
        else
            foreach (var (name, value) in restored) context.Terminal.Line($"{name,-28} {value}");
        return restored["unknown_credentials"]!.AsArray().Count == 0 ? ExitCode.Done : ExitCode.Refused;
    });

    internal static async Task<int> ExportAsync(CommandContext context)
    {
        var file = context.Arguments.Required("--out");
        using var service = ServiceClient.Open(context);
        await using var output = new FileStream(file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read });
        var last = await FindLastAsync(output, context);
        long count = 0;
        while (true)
        {
            var page = await service.GetLargeAsync(string.Create(CultureInfo.InvariantCulture, $"/agency/v1/audit?after={last}"));
            foreach (var entry in page.RequireArray("entries").EnumerateArray())
            {
                (last, count) = (entry.RequireIndex("id"), count + 1);
                await output.WriteAsync(StrictJson.ToUtf8(StrictJson.ToNode(entry)!), context.Cancelled);
                output.WriteByte((byte)'\n');
            }

            output.Flush(flushToDisk: true);
            if (page.Member("next") is not { ValueKind: JsonValueKind.Number })
                break;
        }

        if (context.Json)
            context.Terminal.Json(new JsonObject { ["added"] = count, ["last"] = last });
        else
            context.Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{count} entries added, up to {last}"));
        return ExitCode.Done;
    }

    // Leaves the file at the end of its last whole line: what an interruption cut off is fetched again.
    private static async Task<long> FindLastAsync(FileStream file, CommandContext context)
    {
        var (last, end, line) = (0L, 0L, new List<byte>());
        var buffer = new byte[64 * 1024];
        for (int read; (read = await file.ReadAsync(buffer, context.Cancelled)) > 0;)
        {
            foreach (var one in buffer.AsSpan(0, read))
            {
                line.Add(one);
                if (one != '\n') continue;
                last = StrictJson.ParseObject(line.ToArray()).RequireIndex("id");
                end += line.Count;
                line.Clear();
            }
        }

        file.SetLength(end);
        file.Position = end;
        return last;
    }

    private static async Task<int> RunAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (IssuerStartException e)
        {
            throw new CommandException(ExitCode.CouldNotFinish, TextSafety.ForTerminal(e.Message));
        }
    }
}
