using System.Text.Json.Nodes;
using Credentials.Cli.InPerson;
using Credentials.Qr;
using Credentials.Trust;
using Credentials.Wallet.Core.Presentation;

namespace Credentials.Cli.Verbs;

internal static class WalletPresentInPersonVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        if (!context.Arguments.Flag("--yes") && !context.Terminal.CanAsk)
            throw CommandException.Usage("nobody can be asked", "--yes shows whatever is asked for without asking, and is for scripts only");
        await using var access = await WalletAccess.OpenAsync(context);
        await access.KeepTrustAsync("--trust-verifier", TrustPurpose.Verifier, context);
        await using var session = await Patience.WaitAsync(
            context, "no reader came", cancelled => InPersonHolder.MeetAsync(access.Wallet, text => Show(text, context), cancelled, context.Arguments.Flag("--sign")));
        var request = await Patience.WaitAsync(context, "the reader did not ask", session.ReceiveAsync)
            ?? throw new CommandException(ExitCode.Refused, "the reader went away without asking");
        InPersonHolder.Print(request, context.Terminal.Error);
        var proposal = request.Proposal;
        if (proposal.Count == 0 || !Agreed(context))
        {
            await session.DeclineAsync(request, cancellationToken: context.Cancelled);
            context.Terminal.Error.WriteLine(proposal.Count == 0 ? "error: the wallet has nothing that answers this request" : "declined");
            return ExitCode.Refused;
        }
        await session.ShareAsync(request, proposal, cancellationToken: context.Cancelled);
        Tell(request, proposal, context);
        return ExitCode.Done;
    }

    private static bool Agreed(CommandContext context)
    {
        if (!context.Arguments.Flag("--yes")) return context.Terminal.Ask("Show it?");
        context.Terminal.Error.WriteLine("--yes: shown without asking");
        return true;
    }

    /// <summary>The code and its text; with <c>--json</c> the text alone and on stderr, as stdout is for the outcome.</summary>
    private static void Show(string engagement, CommandContext context)
    {
        if (context.Json)
        {
            context.Terminal.Error.WriteLine(engagement);
            return;
        }
        context.Terminal.Out.Write(QrCode.Encode(engagement).ToTerminal());
        context.Terminal.Line(engagement);
        context.Terminal.Line("For readers on this machine only (development): credentials read 'mdoc:…'");
    }

    private static void Tell(InPersonRequest request, IReadOnlyList<InPersonChoice> shown, CommandContext context)
    {
        if (!context.Json)
        {
            context.Terminal.Line("shown; the session has ended");
            return;
        }
        context.Terminal.Json(new JsonObject
        {
            ["readers"] = new JsonArray([.. request.Documents.Select(document => (JsonNode)new JsonObject
            {
                ["type"] = document.Type,
                ["name"] = document.ReaderNames.In(),
                ["trusted"] = document.IsReaderTrusted,
                ["code"] = document.ReaderCode,
            })]),
            ["shared"] = new JsonArray([.. shown.Select(choice => (JsonNode)new JsonObject
            {
                ["document_id"] = choice.DocumentId,
                ["paths"] = WalletView.Paths(choice.Request.Matches[0].Disclose),
            })]),
        });
    }
}
