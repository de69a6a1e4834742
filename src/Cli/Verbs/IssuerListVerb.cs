using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Cli.Verbs;

internal static class IssuerListVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        using var service = ServiceClient.Open(context);
        var all = new JsonArray();
        for (string? after = null; ;)
        {
            var page = await service.GetAsync("/agency/v1/credentials" + Query(context.Arguments, after));
            foreach (var credential in page.RequireArray("credentials").EnumerateArray()) Add(credential, all, context);
            if (page.Member("next") is not { ValueKind: JsonValueKind.Number } next) break;
            after = next.GetRawText();
        }
        if (context.Json) context.Terminal.Json(new JsonObject { ["credentials"] = all });
        return ExitCode.Done;
    }

    // Printed as they come: a register can be long.
    private static void Add(JsonElement credential, JsonArray all, CommandContext context)
    {
        if (context.Json) all.Add(StrictJson.ToNode(credential));
        else
        {
            context.Terminal.Line(TextSafety.ForTerminal(
                $"{credential.RequireString("id")}  {credential.RequireString("status"),-9}  {credential.RequireString("issued_at")}  {credential.RequireString("credential_configuration_id")}  {credential.Member("subject")}"));
        }
    }

    private static string Query(Arguments arguments, string? after)
    {
        var parts = new[] { ("subject", arguments.Value("--subject")), ("state", arguments.Value("--state")), ("type", arguments.Value("--type")), ("after", after) };
        var given = parts.Where(part => part.Item2 is not null).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
