using System.Text.Json;

namespace Credentials.Cli;

/// <summary>Claims path pointers from the command line.</summary>
internal static class ClaimPaths
{
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
