using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Cli.InPerson;
using Credentials.Codecs;
using Credentials.Mdoc;
using Credentials.Qr;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Presentation;
using Credentials.X509;

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
            // One set of data in two formats: the claims are given once, for both.
            await ReceiveAsync("mobile driving licence", ["mdl_sd_jwt", "mdl_mdoc"], "mdl", DemoPerson.Licence(script.Context.Now), withCode: true);
            await ReceiveAsync("resident certificate", ["resident_sd_jwt"], "resident_sd_jwt", DemoPerson.Resident(script.Context.Now), withCode: false);
            await script.StepAsync("The shop asks: are you over 19?", () => PresentAsync("over-19", ["age_over_19"]));
            await script.StepAsync("The shop asks for the driving licence, and the wallet shows it as ISO mDL", PresentMobileLicenceAsync);
            await script.StepAsync("A police officer's reader asks for the mDL in person, from device to device (ISO/IEC 18013-5)", ShowInPersonAsync);
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

    private async Task ReceiveAsync(string name, string[] configurations, string claimsFor, JsonObject claims, bool withCode)
    {
        JsonElement offer = default;
        await script.StepAsync($"The agency offers a {name}", async () =>
        {
            offer = await stage.Agency.PostAsync("/agency/v1/offers", new JsonObject
            {
                ["credential_configuration_ids"] = new JsonArray([.. configurations.Select(id => (JsonNode)id)]),
                ["claims"] = new JsonObject { [claimsFor] = claims },
                ["tx_code"] = withCode,
                ["subject"] = "demo-person",
            });
            script.Say($"page  {offer.RequireString("page")}");
            script.Say($"link  {offer.RequireString("offer_uri")}");
            ShowCode(offer.RequireString("offer_uri"));
            DemoScript.Require(withCode == TransactionCode(offer) is not null, "the offer has a transaction code exactly when one was asked for");
        });
        await script.StepAsync($"The wallet receives the {name} and checks it before it keeps it", () => AcceptAsync(offer, configurations.Length, withCode));
    }

    private async Task AcceptAsync(JsonElement offer, int documents, bool withCode)
    {
        await using var access = await stage.OpenWalletAsync();
        var resolved = await access.Wallet.ResolveOfferAsync(offer.RequireString("offer_uri"), Cancelled);
        DemoScript.Require(resolved.TransactionCode is not null == withCode, "the wallet is told whether a transaction code is needed");
        var outcomes = await access.Wallet.AcceptOfferAsync(
            resolved,
            new OfferAcceptance { TransactionCode = TransactionCode(offer), ConfirmedRecipient = resolved.TokenEndpoint, Copies = 2 },
            Cancelled);
        DemoScript.Require(
            outcomes.Count == documents && outcomes.All(outcome => outcome.IsStored),
            $"the wallet stores what was offered, but says {string.Join(", ", outcomes.SelectMany(WhyRefused))}");
        foreach (var document in outcomes.Select(outcome => outcome.Document!))
            script.Say($"stored: {WalletView.Name(document)} ({document.Format}), {document.Credentials.Count} copies, each with a key of its own");
        var last = outcomes[^1].Document!;
        WalletView.PrintClaims(last, (await access.Wallet.ShowDocumentAsync(last.Id, Cancelled))!, script.Context.Terminal, "       ");
    }

    private static IEnumerable<string?> WhyRefused(IssuanceOutcome outcome) => outcome.IsStored
        ? []
        : [outcome.Code, .. outcome.Reports.SelectMany(report => report.Checks).Where(check => check.Outcome == CheckOutcome.Failed).Select(check => check.Code)];

    private static string? TransactionCode(JsonElement offer) =>
        offer.Member("tx_code") is { ValueKind: JsonValueKind.String } code ? code.GetString() : null;

    private Task PresentMobileLicenceAsync() => PresentAsync(
        "driving-licence",
        ["birth_date", "document_number", "driving_privileges", "expiry_date", "family_name", "given_name", "portrait"],
        request => SelectionOf(request, CredentialFormat.Mdoc));

    private async Task PresentAsync(string policy, string[] expected, Func<ResolvedRequest, PresentationSelection?>? choose = null)
    {
        var (id, outcome, shared) = await AnswerAsync(policy, choose ?? (request => request.Proposal));
        script.Say("left the wallet: " + string.Join(", ", shared.SelectMany(match => match.AlwaysShown.Concat(match.Disclose)).Distinct().Select(WalletView.Dotted)));
        var result = await stage.Shop.GetAsync($"/verifications/{id}");
        DemoScript.Require(outcome.IsConfirmed && result.RequireString("state") == "accepted", $"the shop accepts {policy}, but says {result.RequireString("state")}");
        var claims = result.RequireObjectMember("report").RequireArray("parts")[0].RequireObjectMember("claims");
        script.Say("accepted; the shop got:");
        JsonView.Print(claims, script.Context.Terminal, "       ");
        DemoScript.Require(Names(claims).Order(StringComparer.Ordinal).SequenceEqual(expected), $"the shop gets what {policy} asks for and nothing else");
    }

    /// <summary>The names of the claims; those of an mdoc stand by namespace.</summary>
    private static IEnumerable<string> Names(JsonElement claims) => claims.EnumerateObject().SelectMany(claim =>
        claim.Name == MdocNames.MdlNamespace ? claim.Value.EnumerateObject().Select(element => element.Name) : [claim.Name]);

    /// <summary>The person chooses the document of this format, where the shop takes several.</summary>
    private static PresentationSelection? SelectionOf(ResolvedRequest request, string format) => request.Sets
        .SelectMany(set => set.Options).SelectMany(option => option.Members)
        .SelectMany(member => member.Matches.Where(match => match.Document.Format == format)
            .Select(match => PresentationSelection.Of([KeyValuePair.Create(member.QueryId, match.Document.Id)])))
        .FirstOrDefault();

    /// <summary>Holder and reader are two devices of this machine: what the one shows as a QR code, the other scans.</summary>
    private async Task ShowInPersonAsync()
    {
        await using var access = await stage.OpenWalletAsync();
        var reader = await stage.MakeReaderAsync(access);
        var question = InPersonQuestion.Named("driving-licence")!;
        using var http = Network.Open();
        var trust = await KeyFiles.LoadTrustAsync([stage.IssuerTrust], TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner, script.Context);
        var expected = question.Expect(trust, script.Context.Now, http, StatusMode.Online, CrlPolicy.Named("if-available")!);
        Task<InPersonAnswer>? asking = null;
        // A reader that fails before it comes must not be waited for.
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        async Task<InPersonAnswer> AskAsync(string engagement)
        {
            try
            {
                return await reader.AskAsync(engagement, question, expected, Cancelled);
            }
            catch
            {
                await waiting.CancelAsync();
                throw;
            }
        }

        InPersonSession session;
        try
        {
            session = await InPersonHolder.MeetAsync(
                access.Wallet,
                engagement =>
                {
                    ShowCode(engagement);
                    script.Say(engagement);
                    asking = AskAsync(engagement);
                },
                waiting.Token);
        }
        catch (OperationCanceledException) when (asking is { IsFaulted: true })
        {
            await asking;
            throw;
        }

        await using var _ = session;
        var request = await session.ReceiveAsync(Cancelled);
        DemoScript.Require(request is { Documents: [{ IsReaderTrusted: true, Matches.Count: > 0 }] }, "the wallet knows the reader and has what it asks for");
        script.Say(TextSafety.ForTerminal($"\"{request!.Documents[0].ReaderNames.In()}\" asks, and the holder agrees"));
        await session.ShareAsync(request, request.Proposal, cancellationToken: Cancelled);
        var answer = await asking!;
        DemoScript.Require(answer.IsAccepted, $"the reader accepts the licence, but says {answer.ToJson()}");
        script.Say("shown to the reader: " + string.Join(", ", request.Documents[0].Matches[0].Disclose.Select(WalletView.Dotted)));
        script.Say("accepted: issuer, digests, validity, device signature over this session, status");
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
        var (id, outcome, _) = await AnswerAsync("resident-certificate", request => request.Proposal);
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
        DemoScript.Require(history.Count == 8, "the history has three receipts and five presentations");
        foreach (var entry in history.Reverse())
        {
            script.Say(TextSafety.ForTerminal($"{WalletView.Snake(entry.Kind),-22} {entry.PartyNames.In() ?? entry.Party}"));
            script.Say("  " + string.Join(", ", entry.Claims.SelectMany(claims => claims.Claims).Select(WalletView.Dotted)));
        }
    }

    /// <summary>The shop asks, the wallet shows the person who asks for what, the person agrees.</summary>
    private async Task<(string Id, PresentationOutcome Outcome, IReadOnlyList<DocumentMatch> Shared)> AnswerAsync(
        string policy, Func<ResolvedRequest, PresentationSelection?> choose)
    {
        var created = await stage.Shop.PostAsync("/verifications", new JsonObject { ["policy"] = policy });
        script.Say($"page  {created.RequireString("page")}");
        ShowCode(created.RequireString("request_uri"));
        await using var access = await stage.OpenWalletAsync();
        var request = await access.Wallet.ResolveRequestAsync(created.RequireString("request_uri"), Cancelled);
        DemoScript.Require(request.IsVerifierTrusted, "the wallet knows who asks");
        var selection = choose(request);
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
