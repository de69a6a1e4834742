using System.Text.Json;
using Credentials.Mdoc;

namespace Credentials.Cli;

/// <summary>Claims path pointers from the command line.</summary>
internal static class ClaimPaths
{
    /// <summary>A data element of an mdoc: <c>["namespace","element"]</c>, or its identifier alone where one namespace has it.</summary>
    internal static ClaimPath ReadElement(string text, IssuerSigned mdoc)
    {
        List<ClaimPath> found = [.. mdoc.NameSpaces
            .SelectMany(space => space.Value.Select(item => ClaimPath.Of(space.Key, item.ElementIdentifier)))
            .Where(path => text.StartsWith('[') ? path.Equals(ClaimPath.ParseText(text)) : path.Segments[1].Name == text)];
        return found switch
        {
            [var one] => one,
            [] => throw CommandException.Usage($"{TextSafety.ForTerminal(text)} names no data element", "`credentials inspect` lists them"),
            _ => throw CommandException.Usage($"{TextSafety.ForTerminal(text)} stands in several namespaces", "write it as [\"namespace\",\"element\"]"),
        };
    }

    /// <summary>Reads them; one that names no claim is a mistake worth telling.</summary>
    internal static IReadOnlyList<ClaimPath> Read(IReadOnlyList<string> texts, JsonElement claims)
    {
        var paths = texts.Select(ClaimPath.ParseText).ToList();
        for (var i = 0; i < paths.Count; i++)
        {
            if (paths[i].Select(claims).Count == 0)
                throw CommandException.Usage($"{TextSafety.ForTerminal(texts[i])} names no claim", "`credentials inspect` lists the claims");
        }
        return paths;
    }
}
