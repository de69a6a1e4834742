using System.Text.Json.Nodes;
using Credentials.OpenId4Vp;
using Credentials.Wallet.Core.MyData;

namespace Credentials.Cli.Verbs;

/// <summary>Deletion requests and reports: written, read by the holder, sent, and what came of them.</summary>
internal static class WalletRightsVerb
{
    internal static Task<int> DeletionAsync(CommandContext context) => AskAsync(context, RightsRequestKind.Deletion);

    internal static Task<int> ReportAsync(CommandContext context) => AskAsync(context, RightsRequestKind.Report);

    internal static async Task<int> ListAsync(CommandContext context)
    {
        await using var access = await WalletAccess.OpenAsync(context);
        var requests = await access.Wallet.MyData.ListRequestsAsync(context.Cancelled);
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject { ["requests"] = new JsonArray([.. requests.Select(request => (JsonNode)request.ToJson())]) });
            return ExitCode.Done;
        }
        foreach (var request in requests) Print(request, context.Terminal);
        return ExitCode.Done;
    }

    internal static async Task<int> NoteAsync(CommandContext context)
    {
        var id = context.Arguments.RequiredPositional(0);
        var state = context.Arguments.RequiredPositional(1);
        await using var access = await WalletAccess.OpenAsync(context);
        var data = access.Wallet.MyData;
        try
        {
            Print(state switch
            {
                "sent" => await data.MarkSentAsync(id, context.Cancelled),
                "fulfilled" => await data.MarkAnsweredAsync(id, isFulfilled: true, context.Cancelled),
                "refused" => await data.MarkAnsweredAsync(id, isFulfilled: false, context.Cancelled),
                _ => throw CommandException.Usage("STATE is sent, fulfilled or refused"),
            }, context.Terminal);
            return ExitCode.Done;
        }
        catch (InvalidOperationException wrong)
        {
            throw CommandException.Usage(wrong.Message, "credentials wallet requests");
        }
    }

    private static async Task<int> AskAsync(CommandContext context, RightsRequestKind kind)
    {
        await using var access = await WalletAccess.OpenAsync(context);
        var data = access.Wallet.MyData;
        var draft = Draft(context, kind);
        if (await data.FindVerifierAsync(draft.Party, context.Cancelled) is null)
            throw CommandException.Usage("the history does not know this verifier", "credentials wallet verifiers");
        RightsRequest request;
        try
        {
            request = await data.PrepareAsync(draft, context.Cancelled);
        }
        catch (ArgumentException wrong)
        {
            throw CommandException.Usage(wrong.Message);
        }
        context.Terminal.Error.WriteLine(TextSafety.ForTerminal($"To {request.Address.OriginalString}: {request.Subject}"));
        foreach (var line in request.Letter.Split('\n')) context.Terminal.Error.WriteLine("  " + TextSafety.ForTerminal(line));
        if (request.IsEndpoint) request = await SendAsync(data, request, context);
        Print(request, context.Terminal, context.Json);
        return request.Code is null || request.State == RightsRequestState.Refused ? ExitCode.Done : ExitCode.CouldNotFinish;
    }

    private static RightsRequestDraft Draft(CommandContext context, RightsRequestKind kind) =>
        new(kind, context.Arguments.RequiredPositional(0))
        {
            Language = context.Arguments.Value("--language"),
            Note = context.Arguments.Value("--note"),
            Address = context.Arguments.Value("--to") is not { } to ? null
                : DataRightsStatement.ContactUri(to, Network.AllowsLoopbackHttp)
                    ?? throw CommandException.Usage("--to is mailto: with one plain address, or https:"),
        };

    private static async Task<RightsRequest> SendAsync(MyDataRecords data, RightsRequest request, CommandContext context)
    {
        var agreed = context.Arguments.Flag("--yes") || (context.Terminal.CanAsk && context.Terminal.Ask("Send it?"));
        return agreed ? await data.SendAsync(request.Id, context.Cancelled) : request;
    }

    private static void Print(RightsRequest request, Terminal terminal, bool asJson = false)
    {
        if (asJson)
        {
            terminal.Json(request.ToJson());
            return;
        }
        terminal.Line(TextSafety.ForTerminal(
            $"{request.Id}  {request.Kind.ToString().ToLowerInvariant()}  {request.State.ToString().ToLowerInvariant()}  {request.PartyNames.In() ?? request.Party}  {request.Address.OriginalString}{(request.Code is null ? "" : $" ({request.Code})")}"));
        if (request is { State: RightsRequestState.Prepared, OpenUri: { } open })
        {
            terminal.Line("    " + TextSafety.ForTerminal(open.OriginalString));
            terminal.Hint($"open this link to send it, then: credentials wallet note {request.Id} sent");
        }
    }
}
