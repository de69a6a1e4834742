using System.Text.Json;
using Credentials.Keys.Software;
using Credentials.StatusLists;

namespace Credentials.Cli.Issuing;

/// <summary>What <c>issue</c> was asked for: what every format shares, read from the command line.</summary>
internal sealed record IssueOrder(CommandContext Context, SoftwareSigningKey Key, JsonElement Claims)
{
    internal Arguments Arguments => Context.Arguments;

    internal string Type => Arguments.Value("--type") ?? throw CommandException.Usage("this format needs the --type of the credential");

    internal DateTimeOffset? ValidUntil => Arguments.Number("--valid-days", 1, 36_500) is { } days ? Context.Now.AddDays(days) : null;

    internal StatusReference? Status => Arguments.Value("--status") is { } status ? ReadStatus(status) : null;

    internal async Task<Keys.PublicKey?> HolderAsync() => Arguments.Value("--holder") is { } holder ? await KeyFiles.LoadPublicAsync(holder, Context) : null;

    private static StatusReference ReadStatus(string text)
    {
        var hash = text.LastIndexOf('#');
        return hash > 0 && Arguments.TryReadNumber(text[(hash + 1)..], 0, int.MaxValue, out var index)
            ? new StatusReference(text[..hash], index)
            : throw CommandException.Usage("--status is the address of a list and an index: https://issuer.example/status/1#42");
    }
}
