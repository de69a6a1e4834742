using System.Globalization;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Storage;

namespace Credentials.Cli.Verbs;

internal static class IssuerAuditVerifyVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var folder = arguments.Required("--data");
        var key = await KeyFiles.LoadPublicAsync(arguments.Value("--key") ?? Path.Combine(folder, "keys", "audit.jwk"), context);
        var own = Path.Combine(folder, AuditCheckpoints.FileName);
        var statements = new List<string>();
        foreach (var file in arguments.Values("--checkpoints").Concat(File.Exists(own) ? [own] : []))
        {
            await foreach (var line in File.ReadLinesAsync(file, context.Cancelled))
                if (line.Trim() is { Length: > 0 } statement) statements.Add(statement);
        }

        try
        {
            await using var db = await ExistingDatabase.OpenAsync(folder, arguments.Value("--connection"), context.Cancelled);
            var result = await AuditVerification.RunAsync(db, key, statements, context.Cancelled);
            Print(result, context);
            return result.Findings.Count == 0 ? ExitCode.Done : ExitCode.Refused;
        }
        catch (IssuerStartException e)
        {
            throw new CommandException(ExitCode.CouldNotFinish, TextSafety.ForTerminal(e.Message));
        }
    }

    private static void Print(AuditVerification result, CommandContext context)
    {
        if (context.Json)
        {
            context.Terminal.Json(result.ToJson());
            return;
        }

        foreach (var (entry, what) in result.Findings)
            context.Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"entry {entry}: {what}"));
        context.Terminal.Line(string.Create(CultureInfo.InvariantCulture,
            $"{(result.Findings.Count == 0 ? "whole" : "NOT whole")}: {result.Entries} entries, {result.Checkpoints} checkpoints"));
    }
}
