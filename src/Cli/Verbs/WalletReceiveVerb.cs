using System.Text.Json.Nodes;
using Credentials.Trust;
using Credentials.Wallet.Core.Issuance;

namespace Credentials.Cli.Verbs;

internal static class WalletReceiveVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var copies = (int)(arguments.Number("--copies", 1, OfferAcceptance.MaxCopies) ?? 1);
        await using var access = await WalletAccess.OpenAsync(context);
        await access.KeepTrustAsync("--trust-issuer", TrustPurpose.CredentialIssuer, context);
        var offer = await access.Wallet.ResolveOfferAsync(arguments.RequiredPositional(0), context.Cancelled);
        WalletView.PrintOffer(offer, context.Terminal);
        var code = arguments.Value("--tx-code");
        if (offer.TransactionCode is not null && code is null && context.Terminal.CanAsk) code = context.Terminal.AskSecret("Transaction code");
        if (offer.TransactionCode is not null && string.IsNullOrEmpty(code))
            throw CommandException.Usage("the offer needs a transaction code", "--tx-code CODE");
        if (!Agreed(offer, context))
        {
            await access.Wallet.DeclineOfferAsync(offer, context.Cancelled);
            context.Terminal.Error.WriteLine("declined; the issuer is not told");
            return ExitCode.Refused;
        }
        var outcomes = await access.Wallet.AcceptOfferAsync(
            offer, new OfferAcceptance { TransactionCode = code, ConfirmedRecipient = offer.TokenEndpoint, Copies = copies }, context.Cancelled);
        Print(outcomes, context);
        return outcomes.All(outcome => outcome.IsStored) ? ExitCode.Done : ExitCode.Refused;
    }

    private static bool Agreed(ResolvedOffer offer, CommandContext context)
    {
        if (offer.TransactionCode is not null && !offer.IsIssuerTrusted)
            context.Terminal.Error.WriteLine(TextSafety.ForTerminal($"The transaction code would go to {offer.TokenEndpoint}"));
        return context.Arguments.Flag("--yes") || (context.Terminal.CanAsk ? context.Terminal.Ask("Receive it?") : throw CommandException.Usage("nobody can be asked", "--yes receives without asking"));
    }

    private static void Print(IReadOnlyList<IssuanceOutcome> outcomes, CommandContext context)
    {
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject
            {
                ["documents"] = new JsonArray([.. outcomes.Select(outcome => (JsonNode)new JsonObject
                {
                    ["credential_configuration_id"] = outcome.ConfigurationId,
                    ["stored"] = outcome.IsStored,
                    ["code"] = outcome.Code,
                    ["document"] = outcome.Document is { } document ? WalletView.ToJson(document) : null,
                    ["reports"] = outcome.IsStored ? null : new JsonArray([.. outcome.Reports.Select(report => (JsonNode)report.ToJson())]),
                })]),
            });
            return;
        }
        foreach (var outcome in outcomes)
        {
            if (outcome.Document is { } document) context.Terminal.Line($"stored {document.Id}  {WalletView.Name(document)}");
            else
            {
                context.Terminal.Line($"refused {outcome.ConfigurationId} ({outcome.Code})");
                foreach (var report in outcome.Reports) ReportView.Print(report, context.Terminal);
            }
        }
    }
}
