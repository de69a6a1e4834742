using Credentials.Cli.Inspection;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.StatusLists;

namespace Credentials.Cli;

/// <summary>
/// A status list as a file: the Status List JSON of Token Status List §4.2, <c>{"bits":…,"lst":"…"}</c>. A status list token
/// in either form, from a file or fetched from its address, is read too; its signature is not checked here.
/// </summary>
internal static class StatusListFile
{
    private static readonly JsonLimits Limits = new(MaxBytes: StatusToken.MaxBytes * 2);

    /// <summary>The list in a file, on stdin or at an address.</summary>
    internal static async Task<StatusList> LoadAsync(string place, CommandContext context)
    {
        if (!place.StartsWith("https://", StringComparison.Ordinal) && !place.StartsWith("http://", StringComparison.Ordinal))
            return Parse(await InputFiles.ReadAsync(place, context));
        if (!Uri.TryCreate(place, UriKind.Absolute, out var url))
            throw CommandException.Usage("the address of the status list is not a URL");
        using var http = Network.Open();
        var rule = new FetchRule(StatusListNames.JwtMediaType, StatusListNames.CwtMediaType) { MaxBytes = StatusToken.MaxBytes };
        return Parse((await http.GetAsync(url, rule, cancellationToken: context.Cancelled)).Body);
    }

    private static StatusList Parse(ReadOnlyMemory<byte> input)
    {
        if (CborInspector.LooksLikeIt(input.Span))
            return StatusListToken.Parse(input).UnverifiedList;
        var text = InputFiles.ToText(input.Span);
        if (text.StartsWith('{'))
            return StatusList.Parse(StrictJson.Parse(text, Limits));
        return InputFiles.TryReadHex(text, out var bytes) || StrictBase64Url.TryDecode(text, out bytes)
            ? StatusListToken.Parse(bytes).UnverifiedList
            : StatusListToken.Parse(text).UnverifiedList;
    }

    internal static void Save(string path, StatusList list) => OutputFiles.Write(path, list.ToJson().ToJsonString() + "\n");

    /// <summary>An index on the command line, inside this list.</summary>
    internal static int ReadIndex(string text, StatusList list) => Arguments.TryReadNumber(text, 0, list.Size - 1, out var index)
        ? (int)index
        : throw CommandException.Usage($"INDEX is a whole number from 0 to {list.Size - 1}");
}
