using Credentials.Codecs;
using Credentials.Http;
using Credentials.StatusLists;

namespace Credentials.Cli;

/// <summary>
/// A status list as a file: the Status List JSON of Token Status List §4.2, <c>{"bits":…,"lst":"…"}</c>. A status list token,
/// from a file or fetched from its address, is read too; its signature is not checked here.
/// </summary>
internal static class StatusListFile
{
    internal static readonly JsonLimits Limits = new(MaxBytes: StatusListToken.MaxBytes * 2);

    internal static StatusList Parse(string text) => text.StartsWith('{')
        ? StatusList.Parse(StrictJson.Parse(text, Limits))
        : StatusListToken.Parse(text).UnverifiedList;

    /// <summary>The list in a file, on stdin or at an address.</summary>
    internal static async Task<StatusList> LoadAsync(string place, CommandContext context)
    {
        if (!place.StartsWith("https://", StringComparison.Ordinal) && !place.StartsWith("http://", StringComparison.Ordinal))
            return Parse(await InputFiles.ReadTextAsync(place, context));
        if (!Uri.TryCreate(place, UriKind.Absolute, out var url))
            throw CommandException.Usage("the address of the status list is not a URL");
        using var http = Network.Open();
        var rule = new FetchRule(StatusListNames.JwtMediaType) { MaxBytes = StatusListToken.MaxBytes };
        var document = await http.GetAsync(url, rule, cancellationToken: context.Cancelled);
        return Parse(InputFiles.ToText(document.Body.Span));
    }

    internal static void Save(string path, StatusList list) => OutputFiles.Write(path, list.ToJson().ToJsonString() + "\n");

    /// <summary>An index on the command line, inside this list.</summary>
    internal static int ReadIndex(string text, StatusList list) => Arguments.TryReadNumber(text, 0, list.Size - 1, out var index)
        ? (int)index
        : throw CommandException.Usage($"INDEX is a whole number from 0 to {list.Size - 1}");
}
