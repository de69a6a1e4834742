using Credentials.Codecs;
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
        if (arguments.Value("--format") == "cwt")
            Put(await StatusListToken.IssueCwtAsync(content, key, context.Cancelled), context);
        else
            Put(await StatusListToken.IssueAsync(content, key, context.Cancelled), context);
        return ExitCode.Done;
    }

    private static void Put(string jwt, CommandContext context)
    {
        if (context.Arguments.Value("--out") is { } file)
            OutputFiles.Write(file, jwt);
        else
            context.Terminal.Line(jwt);
    }

    // The file is what is served (Token Status List §8.2). A terminal gets text.
    private static void Put(byte[] cwt, CommandContext context)
    {
        if (context.Arguments.Value("--out") is { } file)
            OutputFiles.Write(file, cwt);
        else
            context.Terminal.Line(StrictBase64Url.Encode(cwt));
    }
}
