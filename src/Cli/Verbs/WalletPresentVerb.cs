using System.Text.Json.Nodes;
using Credentials.Trust;
using Credentials.Wallet.Core.Presentation;

namespace Credentials.Cli.Verbs;

internal static class WalletPresentVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        await using var access = await WalletAccess.OpenAsync(context);
        await access.KeepTrustAsync("--trust-verifier", TrustPurpose.Verifier, context);
        var request = await access.Wallet.ResolveRequestAsync(context.Arguments.RequiredPositional(0), context.Cancelled);
        var selection = Selection(request, context.Arguments);
        if (selection is null)
        {
            context.Terminal.Error.WriteLine("error: the wallet has nothing that answers this request");
            await access.Wallet.DeclineRequestAsync(request, context.Cancelled);
            return ExitCode.Refused;
        }
        WalletView.PrintRequest(request, selection, context.Terminal);
        if (!Agreed(context))
        {
            await access.Wallet.DeclineRequestAsync(request, context.Cancelled);
            context.Terminal.Error.WriteLine("declined");
            return ExitCode.Refused;
        }
        var shared = WalletView.Chosen(request, selection).ToList();
        var outcome = await PresentAsync(access, request, selection, context);
        Print(outcome, shared, context);
        return outcome.IsConfirmed ? ExitCode.Done : outcome.Code == Wallet.Core.WalletCodes.VerifierRefused ? ExitCode.Refused : ExitCode.CouldNotFinish;
    }

    private static async Task<PresentationOutcome> PresentAsync(WalletAccess access, ResolvedRequest request, PresentationSelection selection, CommandContext context)
    {
        try
        {
            return await access.Wallet.PresentAsync(request, selection, context.Cancelled);
        }
        catch (ArgumentException wrong)
        {
            await access.Wallet.DeclineRequestAsync(request, context.Cancelled);
            throw CommandException.Usage(TextSafety.ForTerminal(wrong.Message), "--select QUERY=DOCUMENT, with ids from the request and from wallet list");
        }
    }

    private static PresentationSelection? Selection(ResolvedRequest request, Arguments arguments)
    {
        if (request.Proposal is not { } proposal) return null;
        var documents = proposal.Documents.ToDictionary(StringComparer.Ordinal);
        foreach (var group in arguments.Values("--select").Select(Split).GroupBy(pair => pair.Query)) documents[group.Key] = [.. group.Select(pair => pair.Document)];
        return new PresentationSelection(documents);
    }

    private static (string Query, string Document) Split(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (text[..at], text[(at + 1)..]) : throw CommandException.Usage("--select is QUERY=DOCUMENT");

    private static bool Agreed(CommandContext context) =>
        context.Arguments.Flag("--yes") || (context.Terminal.CanAsk ? context.Terminal.Ask("Share it?") : throw CommandException.Usage("nobody can be asked", "--yes shares without asking"));

    private static void Print(PresentationOutcome outcome, List<DocumentMatch> shared, CommandContext context)
    {
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject
            {
                ["confirmed"] = outcome.IsConfirmed,
                ["code"] = outcome.Code,
                ["redirect_uri"] = outcome.RedirectUri?.OriginalString,
                ["shared"] = new JsonArray([.. shared.Select(match => (JsonNode)new JsonObject
                {
                    ["document_id"] = match.Document.Id,
                    ["paths"] = WalletView.Paths(match.AlwaysShown.Concat(match.Disclose).Distinct()),
                })]),
            });
            return;
        }
        context.Terminal.Line(outcome.IsConfirmed ? "shared; the verifier took it" : $"sent; the verifier did not take it ({outcome.Code})");
        if (outcome.RedirectUri is { } next) context.Terminal.Line(TextSafety.ForTerminal($"go on at {next}"));
    }
}
