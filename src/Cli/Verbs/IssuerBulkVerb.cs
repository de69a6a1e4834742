using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Qr;

namespace Credentials.Cli.Verbs;

/// <summary><c>issuer bulk</c>: sends a table, follows the batch to its end, writes what is to be delivered.</summary>
internal static class IssuerBulkVerb
{
    private const int MaxBytes = 256 * 1024 * 1024;

    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var csv = await InputFiles.ReadAsync(arguments.Required("--csv"), context, MaxBytes);
        var options = $"type={Uri.EscapeDataString(arguments.RequiredPositional(0))}&mode={arguments.Value("--mode") ?? "offers"}"
            + (arguments.Flag("--tx-code") ? "&tx_code=true" : "")
            + (arguments.Number("--valid-hours", 1, 24 * 90) is { } hours ? string.Create(CultureInfo.InvariantCulture, $"&valid_hours={hours}") : "");
        var id = arguments.Value("--id") ?? Name(csv, options);
        using var service = ServiceClient.Open(context);
        var batch = await service.PostAsync($"/agency/v1/batches?id={Uri.EscapeDataString(id)}&{options}", csv, "text/csv");
        while (batch.RequireString("state") is "running" or "uploading")
        {
            if (!context.Json) context.Terminal.Error.WriteLine(Progress(batch));
            await Task.Delay(TimeSpan.FromSeconds(1), context.Time, context.Cancelled);
            batch = await service.GetAsync($"/agency/v1/batches/{Uri.EscapeDataString(id)}");
        }

        if (arguments.Value("--out") is { } folder) await WriteAllAsync(service, id, folder, context);
        if (context.Json) context.Terminal.Json(StrictJson.ToNode(batch)!);
        else context.Terminal.Line($"{id}  {Progress(batch)}");
        return batch.RequireString("state") == "finished" && batch.RequireIndex("failed") == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    private static string Name(byte[] csv, string options) =>
        StrictBase64Url.Encode(SHA256.HashData([.. Encoding.UTF8.GetBytes(options + "\n"), .. csv]).AsSpan(0, 16));

    private static string Progress(JsonElement batch) => TextSafety.ForTerminal(
        $"{batch.RequireString("state")}: {batch.RequireIndex("done")} of {batch.RequireIndex("rows")} done, {batch.RequireIndex("failed")} failed");

    private static async Task WriteAllAsync(ServiceClient service, string id, string folder, CommandContext context)
    {
        Directory.CreateDirectory(folder);
        var (written, failed) = (0, 0);
        var told = context.Time.GetTimestamp();
        var errors = new StringBuilder("row,line,subject,code,error\n");
        for (long? after = 0; after is not null;)
        {
            var page = await service.GetLargeAsync(string.Create(CultureInfo.InvariantCulture, $"/agency/v1/batches/{Uri.EscapeDataString(id)}/results?after={after}"));
            foreach (var row in page.RequireArray("rows").EnumerateArray())
            {
                if (row.RequireString("state") == "done")
                {
                    Write(row, folder);
                    written++;
                }
                else
                {
                    errors.Append(ErrorLine(row));
                    failed++;
                }

                if (context.Json || context.Time.GetElapsedTime(told) < TimeSpan.FromSeconds(1)) continue;
                context.Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"writing: {written} deliveries"));
                told = context.Time.GetTimestamp();
            }

            after = page.Member("next") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null;
        }

        var why = Path.Combine(folder, "errors.csv");
        OutputFiles.WriteSecret(why, errors.ToString());
        if (failed > 0) context.Terminal.Hint($"why rows failed stands in {why}; put right, they can be sent as a table of their own");
    }

    private static void Write(JsonElement row, string folder)
    {
        var name = Path.Combine(folder, row.RequireIndex("row").ToString("D6", CultureInfo.InvariantCulture));
        OutputFiles.WriteSecret(name + ".json", StrictJson.ToText(StrictJson.ToNode(row)!) + "\n");
        if (row.OptionalString("offer_uri") is { } link)
            OutputFiles.WriteSecret(name + ".svg", QrCode.Encode(link).ToSvg());
    }

    private static string ErrorLine(JsonElement row)
    {
        string?[] cells = [row.RequireIndex("row").ToString(CultureInfo.InvariantCulture), row.RequireIndex("line").ToString(CultureInfo.InvariantCulture), Text(row, "subject"), Text(row, "code"), Text(row, "error") ?? row.RequireString("state")];
        return string.Join(',', cells.Select(Quote)) + "\n";
    }

    private static string? Text(JsonElement row, string name) => row.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    // A cell that begins like a formula is one in the programs that people open such files with.
    private static string Quote(string? cell)
    {
        var text = cell is ['=' or '+' or '-' or '@', ..] ? "'" + cell : cell ?? "";
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
