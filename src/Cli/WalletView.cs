using System.Text.Json.Nodes;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Presentation;

namespace Credentials.Cli;

/// <summary>What the wallet has to say, for people and as JSON. Names come from others and are made safe to show.</summary>
internal static class WalletView
{
    internal static string Name(Document document) => TextSafety.ForTerminal(document.Names.In() ?? document.Type);

    internal static JsonObject ToJson(Document document) => new()
    {
        ["id"] = document.Id,
        ["name"] = document.Names.In(),
        ["format"] = document.Format,
        ["type"] = document.Type,
        ["issuer"] = document.CredentialIssuer,
        ["received_at"] = document.ReceivedAt.ToString("o"),
        ["expires_at"] = document.ExpiresAt?.ToString("o"),
        ["copies"] = document.Credentials.Count,
        ["unused_copies"] = document.UnusedCopies,
    };

    internal static JsonObject ToJson(HistoryEntry entry) => new()
    {
        ["at"] = entry.At.ToString("o"),
        ["kind"] = JsonNamingKind(entry.Kind),
        ["party"] = entry.Party,
        ["party_name"] = entry.PartyNames.In(),
        ["party_trusted"] = entry.IsPartyTrusted,
        ["purpose"] = entry.Purpose,
        ["code"] = entry.Code,
        ["claims"] = new JsonArray([.. entry.Claims.Select(claims => (JsonNode)new JsonObject
        {
            ["document_id"] = claims.DocumentId,
            ["type"] = claims.Type,
            ["paths"] = Paths(claims.Claims),
        })]),
    };

    internal static string JsonNamingKind(HistoryKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    internal static JsonArray Paths(IEnumerable<ClaimPath> paths) => new([.. paths.Select(path => (JsonNode)path.ToJson())]);

    internal static string Dotted(ClaimPath path) => TextSafety.ForTerminal(string.Join('.', path.Segments.Select(s => s.Name ?? s.Index?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "*")));

    internal static void PrintOffer(ResolvedOffer offer, Terminal terminal)
    {
        var vouched = offer.IsIssuerTrusted ? "" : "  (nobody vouches for this address; what it signs is checked)";
        terminal.Error.WriteLine(TextSafety.ForTerminal($"{offer.IssuerNames.In() ?? "An issuer"} at {offer.CredentialIssuer} offers:") + vouched);
        foreach (var document in offer.Documents) terminal.Error.WriteLine("  " + TextSafety.ForTerminal(document.Names.In() ?? document.ConfigurationId));
    }

    internal static void PrintClaims(IEnumerable<DocumentClaim> claims, Terminal terminal, string indent)
    {
        foreach (var claim in claims)
        {
            var label = TextSafety.ForTerminal(claim.Names.In() ?? "");
            foreach (var value in claim.Values)
            {
                if (value.ValueKind is System.Text.Json.JsonValueKind.Object or System.Text.Json.JsonValueKind.Array) continue; // its members have lines of their own
                terminal.Line($"{indent}{Dotted(claim.Path),-28} {label,-22} {TextSafety.ForTerminal(value.ToString())}");
            }
        }
    }

    internal static void PrintRequest(ResolvedRequest request, PresentationSelection selection, Terminal terminal)
    {
        var error = terminal.Error;
        error.WriteLine(request.IsVerifierTrusted
            ? TextSafety.ForTerminal($"{request.VerifierNames.In()} asks (vouched for by an authority you trust)")
            : TextSafety.ForTerminal($"UNKNOWN VERIFIER at {request.ResponseUri.Host} asks. It calls itself \"{request.UnverifiedNames.In() ?? "nothing"}\"; nobody vouches for it."));
        if (request.Purpose.In() is { } purpose) error.WriteLine(TextSafety.ForTerminal($"  why: {purpose}"));
        if (!request.IsAnswerEncrypted) error.WriteLine("  the answer is not encrypted beyond the connection");
        foreach (var match in Chosen(request, selection))
        {
            error.WriteLine($"  from {Name(match.Document)} ({match.Document.Id}) it would see:");
            foreach (var path in match.AlwaysShown.Concat(match.Disclose).Distinct()) error.WriteLine("    " + Dotted(path));
            if (match.IsLinkable) error.WriteLine("    (this copy was shown before; the two times can be linked)");
        }
    }

    internal static IEnumerable<DocumentMatch> Chosen(ResolvedRequest request, PresentationSelection selection) =>
        request.Sets.SelectMany(set => set.Options).SelectMany(option => option.Members).DistinctBy(member => member.QueryId)
            .Where(member => selection.Documents.ContainsKey(member.QueryId))
            .SelectMany(member => member.Matches.Where(match => selection.Documents[member.QueryId].Contains(match.Document.Id)));
}
