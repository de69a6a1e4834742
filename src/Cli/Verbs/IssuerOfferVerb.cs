using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Cli.Verbs;

internal static class IssuerOfferVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var id = arguments.RequiredPositional(0);
        var claims = StrictJson.ParseObject(Encoding.UTF8.GetBytes(await InputFiles.ReadTextAsync(arguments.Required("--claims"), context)));
        var body = new JsonObject
        {
            ["credential_configuration_ids"] = new JsonArray(id),
            ["claims"] = new JsonObject { [id] = StrictJson.ToNode(claims) },
            ["grant"] = "pre-authorized_code",
            ["tx_code"] = arguments.Flag("--tx-code"),
        };
        if (arguments.Value("--subject") is { } subject) body["subject"] = subject;
        using var service = ServiceClient.Open(context);
        Print(await service.PostAsync("/agency/v1/offers", body), context);
        return ExitCode.Done;
    }

    private static void Print(JsonElement offer, CommandContext context)
    {
        if (context.Json) context.Terminal.Json(StrictJson.ToNode(offer)!);
        else JsonView.Print(offer, context.Terminal, "", "offer");
    }
}
