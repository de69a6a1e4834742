using Credentials.Cli.Issuing;

namespace Credentials.Cli.Verbs;

internal static class IssueVerb
{
    // A new format is one line here.
    private static readonly Dictionary<string, Func<IssueOrder, Task<string>>> Formats = new(W3cIssuing.Formats.ToDictionary(format => format, _ => (Func<IssueOrder, Task<string>>)W3cIssuing.IssueAsync), StringComparer.Ordinal)
    {
        [CredentialFormat.SdJwtVc] = SdJwtIssuing.IssueAsync,
        [CredentialFormat.Mdoc] = MdocIssuing.IssueAsync,
        [CredentialFormat.QrCwt] = QrIssuing.IssueAsync,
        [CredentialFormat.Hcert] = QrIssuing.IssueHcertAsync,
    };

    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        if (!Formats.TryGetValue(arguments.Required("--format"), out var issue))
            throw CommandException.Usage($"the format {TextSafety.ForTerminal(arguments.Required("--format"))} is not supported", $"use --format {string.Join(" or ", Formats.Keys)}");
        var page = arguments.Value("--print");
        if (page is not null && !QrIssuing.IsPrinted(arguments.Required("--format")))
            throw CommandException.Usage("--print is for documents that are read from paper", $"use --format {CredentialFormat.QrCwt} or {CredentialFormat.Hcert}");
        using var key = await KeyFiles.LoadPrivateAsync(arguments.Required("--key"), context);
        var claims = await InputFiles.ReadJsonAsync(arguments.Required("--claims"), context);
        var credential = await IssueAsync(issue, new IssueOrder(context, key, claims));
        if (page is not null)
            OutputFiles.Write(page, PrintedPage.Write(credential));
        if (arguments.Value("--out") is { } path)
            OutputFiles.Write(path, credential + "\n");
        else
            context.Terminal.Line(credential);
        return ExitCode.Done;
    }

    private static async Task<string> IssueAsync(Func<IssueOrder, Task<string>> issue, IssueOrder order)
    {
        try
        {
            return await issue(order);
        }
        catch (ArgumentException contradiction)
        {
            // A claim given twice, or made disclosable although it must not be: here the content is the caller's own.
            throw CommandException.Usage(contradiction.Message.Split(" (Parameter", 2)[0]);
        }
    }
}
