using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Events;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.MyData;
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
        ["status"] = Snake(document.Status),
    };

    internal static JsonObject ToJson(WalletEvent one) => new()
    {
        ["at"] = one.At.ToString("o"),
        ["kind"] = Snake(one.Kind),
        ["document_id"] = one.DocumentId,
        ["name"] = one.Names.In(),
    };

    /// <summary>A value of an enumeration as it stands in our JSON.</summary>
    internal static string Snake(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    internal static void Print(HistoryEntry entry, Terminal terminal)
    {
        terminal.Line(TextSafety.ForTerminal(
            $"{entry.At:yyyy-MM-dd HH:mm}  {Snake(entry.Kind)}  {entry.PartyNames.In() ?? entry.Party}{(entry.Purpose is null ? "" : $" – {entry.Purpose}")}{(entry.Code is null ? "" : $" ({entry.Code})")}"));
        foreach (var claims in entry.Claims.Where(claims => claims.Claims.Count > 0))
            terminal.Line("    " + string.Join(", ", claims.Claims.Select(Dotted)));
    }

    internal static JsonObject ToJson(VerifierRecord verifier) => new()
    {
        ["party"] = verifier.Party,
        ["party_name"] = verifier.Names.In(),
        ["party_trusted"] = verifier.IsTrusted,
        ["last_at"] = verifier.LastAt.ToString("o"),
        ["sharings"] = verifier.Sharings.Count,
        ["shared"] = new JsonArray([.. verifier.Shared.Select(claims => (JsonNode)new JsonObject { ["type"] = claims.Type, ["paths"] = Paths(claims.Claims) })]),
        ["support_uris"] = new JsonArray([.. (verifier.Contact?.SupportUris ?? []).Select(uri => (JsonNode)uri.OriginalString)]),
        ["deletion_endpoint"] = verifier.Contact?.DeletionEndpoint?.OriginalString,
        ["sessions"] = new JsonArray([.. verifier.Sessions.Select(entry => (JsonNode)entry.ToJson())]),
    };

    internal static JsonArray Paths(IEnumerable<ClaimPath> paths) => new([.. paths.Select(path => (JsonNode)path.ToJson())]);

    internal static string Dotted(ClaimPath path) => TextSafety.ForTerminal(string.Join('.', path.Segments.Select(s => s.Name ?? s.Index?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "*")));

    /// <summary>A claim as its holder knows it: by the issuer's word for it where there is one, and by its place.</summary>
    internal static string ClaimName(Document document, ClaimPath path) =>
        document.Labels.FirstOrDefault(label => label.Path.Equals(path))?.Names.In() is { } name
            ? $"{TextSafety.ForTerminal(name)} ({Dotted(path)})"
            : Dotted(path);

    internal static void PrintOffer(ResolvedOffer offer, Terminal terminal)
    {
        var vouched = offer.IsIssuerTrusted ? "" : "  (nobody vouches for this address; what it signs is checked)";
        terminal.Error.WriteLine(TextSafety.ForTerminal($"{offer.IssuerNames.In() ?? "An issuer"} at {offer.CredentialIssuer} offers:") + vouched);
        foreach (var document in offer.Documents)
            terminal.Error.WriteLine(TextSafety.ForTerminal($"  {document.Names.In() ?? document.ConfigurationId} [{document.Format}]{(document.Code is { } code ? $", which this wallet cannot take ({code})" : "")}"));
    }

    /// <summary>What became of what was to be received.</summary>
    internal static void Print(IReadOnlyList<IssuanceOutcome> outcomes, CommandContext context)
    {
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject
            {
                ["documents"] = new JsonArray([.. outcomes.Select(outcome => (JsonNode)new JsonObject
                {
                    ["credential_configuration_id"] = outcome.ConfigurationId,
                    ["stored"] = outcome.IsStored,
                    ["deferred"] = outcome.DeferredId is not null,
                    ["code"] = outcome.Code,
                    ["document"] = outcome.Document is { } document ? ToJson(document) : null,
                    ["reports"] = outcome.IsStored ? null : new JsonArray([.. outcome.Reports.Select(report => (JsonNode)report.ToJson())]),
                })]),
            });
            return;
        }
        foreach (var outcome in outcomes)
        {
            if (outcome.DeferredId is not null) context.Terminal.Line($"will be issued later: {outcome.ConfigurationId}; credentials wallet refresh asks again");
            else if (outcome.Document is { } document) context.Terminal.Line($"stored {document.Id}  {Name(document)}");
            else
            {
                context.Terminal.Line($"refused {outcome.ConfigurationId} ({outcome.Code})");
                foreach (var report in outcome.Reports) ReportView.Print(report, context.Terminal);
            }
        }
    }

    internal static JsonObject ToJson(DocumentClaim claim)
    {
        var json = new JsonObject
        {
            ["path"] = claim.Path.ToJson(),
            ["name"] = claim.Names.In(),
            ["values"] = new JsonArray([.. claim.Values.Select(StrictJson.ToNode)]),
        };
        if (claim.Bytes.Count > 0)
            json["bytes"] = new JsonArray([.. claim.Bytes.Select(bytes => (JsonNode)new JsonObject { ["media_type"] = bytes.MediaType, ["length"] = bytes.Data.Length })]);
        return json;
    }

    internal static void PrintClaims(Document document, IReadOnlyList<DocumentClaim> claims, Terminal terminal, string indent)
    {
        string? heading = null;
        foreach (var claim in claims)
        {
            if (document.Format == CredentialFormat.Mdoc && claim.Path.Segments[0].Name != heading)
                terminal.Line(indent + TextSafety.ForTerminal(heading = claim.Path.Segments[0].Name!));
            // An mdoc's elements stand below their namespace.
            var place = heading is null ? Dotted(claim.Path) : "  " + Dotted(new ClaimPath([.. claim.Path.Segments.Skip(1)]));
            var label = TextSafety.ForTerminal(claim.Names.In() ?? "");
            foreach (var value in Lines(claim, claims)) terminal.Line($"{indent}{place,-28} {label,-22} {TextSafety.ForTerminal(value)}");
        }
    }

    private static IEnumerable<string> Lines(DocumentClaim claim, IReadOnlyList<DocumentClaim> all)
    {
        if (claim.Bytes.Count > 0) return claim.Bytes.Select(bytes => $"({bytes.MediaType ?? "data"}, {bytes.Data.Length} bytes)");
        // What has lines of its own, member by member, is not shown twice.
        var isDescribed = all.Any(other => other.Path.Segments.Count > claim.Path.Segments.Count && other.Path.Segments.Take(claim.Path.Segments.Count).SequenceEqual(claim.Path.Segments));
        return claim.Values.SelectMany(value => value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && isDescribed ? [] : Texts(value));
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => [string.Join(", ", value.EnumerateObject().Select(member => $"{member.Name} {string.Join(" / ", Texts(member.Value))}"))],
        _ => [value.ToString()],
    };

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
            error.WriteLine($"  from {Name(match.Document)} [{match.Document.Format}] ({match.Document.Id}) it would see:");
            var shown = match.AlwaysShown.Concat(match.Disclose).Distinct().ToList();
            foreach (var path in shown) error.WriteLine("    " + ClaimName(match.Document, path));
            if (shown.Count == 0) error.WriteLine("    nothing but that you have it");
            if (match.IsLinkable) error.WriteLine("    (this copy was shown before; the two times can be linked)");
        }
    }

    internal static IEnumerable<DocumentMatch> Chosen(ResolvedRequest request, PresentationSelection selection) =>
        request.Sets.SelectMany(set => set.Options).SelectMany(option => option.Members).DistinctBy(member => member.QueryId)
            .Where(member => selection.Documents.ContainsKey(member.QueryId))
            .SelectMany(member => member.Matches.Where(match => selection.Documents[member.QueryId].Contains(match.Document.Id)));
}
