using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.SdJwt;
using Credentials.StatusLists;

namespace Credentials.Cli.Verbs;

internal static class IssueVerb
{
    // RFC 7519's registered claims; those that SD-JWT VC never allows to be disclosable are known to the issuer itself.
    private static readonly string[] Registered = ["sub", "aud", "iat", "jti"];

    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        if (arguments.Required("--format") is var format && format != CredentialFormat.SdJwtVc)
            throw CommandException.Usage($"the format {TextSafety.ForTerminal(format)} is not supported", $"use --format {CredentialFormat.SdJwtVc}");
        using var key = await KeyFiles.LoadPrivateAsync(arguments.Required("--key"), context);
        var claims = await InputFiles.ReadJsonAsync(arguments.Required("--claims"), context);
        var certificate = arguments.Value("--cert");
        var content = new SdJwtContent
        {
            Type = arguments.Required("--type"),
            Claims = (JsonObject)StrictJson.ToNode(claims)!,
            Disclosable = Disclosable(claims, arguments.Values("--sd")),
            Certificates = certificate is null ? [] : await KeyFiles.LoadChainAsync(certificate, key.PublicKey, context),
            KeyId = certificate is null ? Jwk.Thumbprint(key.PublicKey) : null,
            HolderKey = arguments.Value("--holder") is { } holder ? await KeyFiles.LoadPublicAsync(holder, context) : null,
            IssuedAt = claims.TryGetProperty("iat", out _) ? null : context.Now,
            ExpiresAt = arguments.Number("--valid-days", 1, 36_500) is { } days ? context.Now.AddDays(days) : null,
            Status = arguments.Value("--status") is { } status ? ReadStatus(status) : null,
        };
        var credential = await IssueAsync(content, key, context.Cancelled);
        if (arguments.Value("--out") is { } path)
            OutputFiles.Write(path, credential + "\n");
        else
            context.Terminal.Line(credential);
        return ExitCode.Done;
    }

    private static async Task<string> IssueAsync(SdJwtContent content, Keys.ISigningKey key, CancellationToken cancelled)
    {
        try
        {
            return await SdJwtIssuer.IssueAsync(content, key, cancelled);
        }
        catch (ArgumentException contradiction)
        {
            // A claim given twice, or made disclosable although it must not be: here the content is the caller's own.
            throw CommandException.Usage(contradiction.Message.Split(" (Parameter", 2)[0]);
        }
    }

    private static StatusReference ReadStatus(string text)
    {
        var hash = text.LastIndexOf('#');
        return hash > 0 && Arguments.TryReadNumber(text[(hash + 1)..], 0, int.MaxValue, out var index)
            ? new StatusReference(text[..hash], index)
            : throw CommandException.Usage("--status is the address of a list and an index: https://issuer.example/status/1#42");
    }

    private static IReadOnlyList<ClaimPath> Disclosable(JsonElement claims, IReadOnlyList<string> given) => given.Count > 0
        ? ClaimPaths.Read(given, claims)
        : [.. claims.EnumerateObject().Select(claim => claim.Name)
            .Where(name => !Registered.Contains(name) && !SdJwtNames.NeverDisclosable.Contains(name)).Select(name => ClaimPath.Of(name))];
}
