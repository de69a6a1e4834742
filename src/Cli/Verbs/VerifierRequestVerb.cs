using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Qr;

namespace Credentials.Cli.Verbs;

internal static class VerifierRequestVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        using var service = ServiceClient.Open(context);
        var created = await service.PostAsync("/verifications", await BodyAsync(context));
        if (context.Json)
        {
            context.Terminal.Json(StrictJson.ToNode(created)!);
            return ExitCode.Done;
        }
        JsonView.Print(created, context.Terminal, "");
        if (context.Terminal.WritesToPerson && created.OptionalString("request_uri") is { } link) context.Terminal.Line(QrCode.Encode(link).ToTerminal());
        return ExitCode.Done;
    }

    private static async Task<JsonObject> BodyAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var body = new JsonObject();
        switch (arguments.Positional(0), arguments.Value("--dcql"))
        {
            case ({ } policy, null):
                body["policy"] = policy;
                break;
            case (null, { } file):
                body["dcql_query"] = StrictJson.ToNode(StrictJson.ParseObject(Encoding.UTF8.GetBytes(await InputFiles.ReadTextAsync(file, context))));
                break;
            default:
                throw CommandException.Usage("give either a policy or --dcql FILE");
        }
        foreach (var (option, member) in new[] { ("--purpose", "purpose"), ("--response-mode", "response_mode"), ("--client-id-prefix", "client_id_prefix"), ("--did-method", "did_method") })
            if (arguments.Value(option) is { } value) body[member] = value;
        return body;
    }
}
