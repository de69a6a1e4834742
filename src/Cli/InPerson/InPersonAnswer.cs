using System.Text.Json.Nodes;
using Credentials.Mdoc;

namespace Credentials.Cli.InPerson;

/// <summary>What came of an in-person check.</summary>
/// <param name="Documents">One answer for each document asked for.</param>
/// <param name="IsAccepted">What was accepted is enough for the policy.</param>
internal sealed record InPersonAnswer(IReadOnlyList<DocumentAnswer> Documents, bool IsAccepted)
{
    internal JsonObject ToJson() => new()
    {
        ["accepted"] = IsAccepted,
        ["documents"] = new JsonArray([.. Documents.Select(document => (JsonNode)new JsonObject
        {
            ["doctype"] = document.Asked.DocType,
            ["report"] = document.Report?.ToJson(),
            ["missing"] = new JsonArray([.. document.Missing.Select(missing => (JsonNode)new JsonArray(missing.NameSpace, missing.Element))]),
        })]),
    };

    internal void Print(Terminal terminal)
    {
        foreach (var document in Documents)
        {
            if (document.Report is { } report) ReportView.Print(report, terminal);
            else terminal.Line($"NOT ACCEPTED\n\n{TextSafety.ForTerminal(document.Asked.DocType)}: the holder shows none");
            if (document.Report is not null && document.Missing.Count > 0)
                terminal.Line("asked for and not shown: " + TextSafety.ForTerminal(string.Join(", ", document.Missing.Select(missing => $"{missing.NameSpace}.{missing.Element}"))));
        }
    }
}
