using Credentials.Jose;
using Credentials.StatusLists;

namespace Credentials.Cli.Verbs;

internal static class StatusTokenVerb
{
    // Token Status List §13.1 leaves the lifetime to the issuer; twice the ttl lets a verifier miss one refresh.
    private const long DefaultTtl = 3600;

    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        if (arguments.Value("--format") is { } format && format != "jwt")
            throw CommandException.Usage($"the format {TextSafety.ForTerminal(format)} is not supported", "use --format jwt");
        var list = await StatusListFile.LoadAsync(arguments.RequiredPositional(0), context);
        using var key = await KeyFiles.LoadPrivateAsync(arguments.Required("--key"), context);
        var ttl = TimeSpan.FromSeconds(arguments.Number("--ttl", 60, 86_400) ?? DefaultTtl);
        if (!Uri.TryCreate(arguments.Required("--uri"), UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            throw CommandException.Usage("--uri is the https address that the list will have");
        var content = new StatusListTokenContent
        {
            Uri = arguments.Required("--uri"),
            List = list,
            IssuedAt = context.Now,
            ExpiresAt = context.Now + (2 * ttl),
            TimeToLive = ttl,
            Certificates = arguments.Value("--cert") is { } path ? await KeyFiles.LoadChainAsync(path, key.PublicKey, context) : [],
            KeyId = arguments.Value("--cert") is null ? Jwk.Thumbprint(key.PublicKey) : null,
        };
        var token = await StatusListToken.IssueAsync(content, key, context.Cancelled);
        if (arguments.Value("--out") is { } file)
            OutputFiles.Write(file, token);
        else
            context.Terminal.Line(token);
        return ExitCode.Done;
    }
}
