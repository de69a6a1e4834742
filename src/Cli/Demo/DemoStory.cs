using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Qr;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Presentation;

namespace Credentials.Cli.Demo;

/// <summary>The walk through the whole story. Each step holds what came out against what must.</summary>
internal sealed class DemoStory(DemoStage stage, DemoScript script)
{
    private const string ResidentType = "urn:credentials:kr:resident-certificate:1";

    private CancellationToken Cancelled => script.Context.Cancelled;

    /// <summary>True if every step came out as it must.</summary>
    internal async Task<bool> RunAsync()
    {
        string? failure = null;
        try
        {
            await script.StepAsync("The agency makes its authority, keys and certificates, and starts to issue", StartIssuerAsync);
            await script.StepAsync("A shop starts to verify; it trusts the agency's authority", StartVerifierAsync);
            await ReceiveAsync("mobile driving licence", "mdl_sd_jwt", DemoPerson.Licence(script.Context.Now), withCode: true);
            await ReceiveAsync("resident certificate", "resident_sd_jwt", DemoPerson.Resident(script.Context.Now), withCode: false);
            await script.StepAsync("The shop asks: are you over 19?", () => PresentAsync("over-19", ["age_over_19"]));
            await script.StepAsync("The shop asks for the resident certificate: name, region, city",
                () => PresentAsync("resident-certificate", ["address", "family_name", "given_name", "issue_date"]));
            await script.StepAsync("The agency revokes the resident certificate", RevokeAsync);
            await script.StepAsync("The shop asks for it again and refuses it", PresentRevokedAsync);
            await script.StepAsync("The wallet remembers what was shared, without what it said", ShowHistoryAsync);
        }
        catch (DemoFailedException e)
        {
            failure = e.Message;
        }
        catch (CredentialException e)
        {
            failure = $"{e.Code}: {TextSafety.ForTerminal(e.Message)}";
        }
        catch (CommandException e)
        {
            failure = e.Message;
        }
        script.End(failure);
        return failure is null;
    }

    private async Task StartIssuerAsync()
    {
        await stage.StartIssuerAsync();
        script.Say($"issuer    {stage.IssuerUrl}");
        script.Say($"authority {stage.IssuerTrust}");
    }

    private async Task StartVerifierAsync()
    {
        await stage.StartVerifierAsync();
        script.Say($"verifier  {stage.VerifierUrl}");
    }

    private async Task ReceiveAsync(string name, string configuration, JsonObject claims, bool withCode)
    {
        JsonElement offer = default;
        await script.StepAsync($"The agency offers a {name}", async () =>
        {
            offer = await stage.Agency.PostAsync("/agency/v1/offers", new JsonObject
            {
                ["credential_configuration_ids"] = new JsonArray(configuration),
                ["claims"] = new JsonObject { [configuration] = claims },
                ["tx_code"] = withCode,
                ["subject"] = "demo-person",
            });
            script.Say($"page  {offer.RequireString("page")}");
            script.Say($"link  {offer.RequireString("offer_uri")}");
            ShowCode(offer.RequireString("offer_uri"));
            DemoScript.Require(withCode == TransactionCode(offer) is not null, "the offer has a transaction code exactly when one was asked for");
        });
        await script.StepAsync($"The wallet receives the {name} and checks it before it keeps it", () => AcceptAsync(offer, withCode));
    }

    private async Task AcceptAsync(JsonElement offer, bool withCode)
    {
        await using var access = await stage.OpenWalletAsync();
        var resolved = await access.Wallet.ResolveOfferAsync(offer.RequireString("offer_uri"), Cancelled);
        DemoScript.Require(resolved.TransactionCode is not null == withCode, "the wallet is told whether a transaction code is needed");
        var outcomes = await access.Wallet.AcceptOfferAsync(
            resolved,
            new OfferAcceptance { TransactionCode = TransactionCode(offer), ConfirmedRecipient = resolved.TokenEndpoint, Copies = 2 },
            Cancelled);
        DemoScript.Require(outcomes.Count == 1 && outcomes[0].IsStored, "the wallet stores the document");
        var document = outcomes[0].Document!;
        script.Say($"stored: {WalletView.Name(document)}, {document.Credentials.Count} copies, each with a key of its own");
        WalletView.PrintClaims((await access.Wallet.ShowDocumentAsync(document.Id, Cancelled))!, script.Context.Terminal, "       ");
    }

    private static string? TransactionCode(JsonElement offer) =>
        offer.Member("tx_code") is { ValueKind: JsonValueKind.String } code ? code.GetString() : null;

    private async Task PresentAsync(string policy, string[] expected)
    {
        var (id, outcome, shared) = await AnswerAsync(policy);
        script.Say("left the wallet: " + string.Join(", ", shared.SelectMany(match => match.AlwaysShown.Concat(match.Disclose)).Distinct().Select(WalletView.Dotted)));
        var result = await stage.Shop.GetAsync($"/verifications/{id}");
        DemoScript.Require(outcome.IsConfirmed && result.RequireString("state") == "accepted", $"the shop accepts {policy}, but says {result.RequireString("state")}");
        var claims = result.RequireObjectMember("report").RequireArray("parts")[0].RequireObjectMember("claims");
        script.Say("accepted; the shop got:");
        JsonView.Print(claims, script.Context.Terminal, "       ");
        DemoScript.Require(claims.EnumerateObject().Select(claim => claim.Name).Order(StringComparer.Ordinal).SequenceEqual(expected), $"the shop gets what {policy} asks for and nothing else");
    }

    private async Task RevokeAsync()
    {
        var register = await stage.Agency.GetAsync($"/agency/v1/credentials?subject=demo-person&type={Uri.EscapeDataString(ResidentType)}");
        foreach (var credential in register.RequireArray("credentials").EnumerateArray().Where(row => row.RequireString("status") == "valid"))
        {
            var id = credential.RequireString("id");
            await stage.Agency.PostAsync(
                $"/agency/v1/credentials/{id}/status?wait=published", new JsonObject { ["status"] = "revoked", ["reason"] = "moved to another address" });
            script.Say($"revoked {id}, and the new status list is being served");
        }
    }

    private async Task PresentRevokedAsync()
    {
        var (id, outcome, _) = await AnswerAsync("resident-certificate");
        var result = await stage.Shop.GetAsync($"/verifications/{id}");
        var part = result.RequireObjectMember("report").RequireArray("parts")[0];
        var status = part.RequireArray("checks").EnumerateArray().Single(check => check.RequireString("id") == "status");
        DemoScript.Require(
            !outcome.IsConfirmed && result.RequireString("state") == "not_accepted" && status.OptionalString("code") == "status.revoked",
            "the shop refuses the revoked certificate");
        DemoScript.Require(part.Member("claims") is { ValueKind: JsonValueKind.Null }, "no claim of a refused document is kept");
        script.Say("refused: status.revoked; the shop kept none of its claims");
    }

    private async Task ShowHistoryAsync()
    {
        await using var access = await stage.OpenWalletAsync();
        var history = await access.Wallet.GetHistoryAsync(cancellationToken: Cancelled);
        DemoScript.Require(history.Count == 5, "the history has two receipts and three presentations");
        foreach (var entry in history.Reverse())
        {
            script.Say(TextSafety.ForTerminal($"{WalletView.JsonNamingKind(entry.Kind),-22} {entry.PartyNames.In() ?? entry.Party}"));
            script.Say("  " + string.Join(", ", entry.Claims.SelectMany(claims => claims.Claims).Select(WalletView.Dotted)));
        }
    }

    /// <summary>The shop asks, the wallet shows the person who asks for what, the person agrees.</summary>
    private async Task<(string Id, PresentationOutcome Outcome, IReadOnlyList<DocumentMatch> Shared)> AnswerAsync(string policy)
    {
        var created = await stage.Shop.PostAsync("/verifications", new JsonObject { ["policy"] = policy });
        script.Say($"page  {created.RequireString("page")}");
        ShowCode(created.RequireString("request_uri"));
        await using var access = await stage.OpenWalletAsync();
        var request = await access.Wallet.ResolveRequestAsync(created.RequireString("request_uri"), Cancelled);
        DemoScript.Require(request.IsVerifierTrusted, "the wallet knows who asks");
        var selection = request.Proposal;
        DemoScript.Require(selection is not null, "the wallet has what is asked for");
        script.Say(TextSafety.ForTerminal($"\"{request.VerifierNames.In()}\" asks: {request.Purpose.In("en")}"));
        var shared = WalletView.Chosen(request, selection!).ToList();
        return (created.RequireString("id"), await access.Wallet.PresentAsync(request, selection!, Cancelled), shared);
    }

    private void ShowCode(string link)
    {
        foreach (var line in QrCode.Encode(link).ToTerminal().TrimEnd('\n').Split('\n')) script.Say(line);
    }
}
