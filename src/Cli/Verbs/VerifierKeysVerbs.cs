using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Verifier;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Cli.Verbs;

/// <summary><c>verifier keys …</c>: the API keys of relying parties, by whoever owns the machine, beside the running service or without it.</summary>
internal static class VerifierKeysVerbs
{
    internal static Task<int> ListAsync(CommandContext context) => RunAsync(context, async db =>
    {
        var keys = await db.ApiKeys.AsNoTracking().OrderBy(key => key.RelyingParty).ThenBy(key => key.CreatedAt).ThenBy(key => key.Id).ToListAsync(context.Cancelled);
        if (context.Json) context.Terminal.Json(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(Describe)]) });
        else foreach (var key in keys) Print(key, context);
    });

    internal static Task<int> RevokeAsync(CommandContext context) => RunAsync(context, async db =>
    {
        var key = await ApiKeys.RevokeAsync(db, context.Arguments.RequiredPositional(0), context.Now, context.Cancelled)
            ?? throw new CommandException(ExitCode.Refused, "there is no API key with this id");
        // A replica that has just used it may do so once more until then: when this is over, none does.
        await Task.Delay(RecentApiKeys.Kept, context.Time, context.Cancelled);
        if (context.Json) context.Terminal.Json(Describe(key));
        else Print(key, context);
    });

    private static async Task<int> RunAsync(CommandContext context, Func<VerifierDbContext, Task> work)
    {
        try
        {
            await using var db = await ExistingDatabase.OpenAsync(context.Arguments.Required("--data"), context.Arguments.Value("--connection"), context.Cancelled);
            await work(db);
            return ExitCode.Done;
        }
        catch (VerifierStartException e)
        {
            throw new CommandException(ExitCode.CouldNotFinish, TextSafety.ForTerminal(e.Message));
        }
    }

    private static JsonObject Describe(ApiKeyRow key)
    {
        var json = new JsonObject
        {
            ["id"] = key.Id,
            ["relying_party"] = key.RelyingParty,
            ["scopes"] = new JsonArray([.. Scopes(key).Select(scope => (JsonNode)scope)]),
            ["created_at"] = Write(key.CreatedAt),
        };
        if (key.Name is { } name) json["name"] = name;
        if (key.LastUsedAt is { } used) json["last_used_at"] = Write(used);
        if (key.RevokedAt is { } revoked) json["revoked_at"] = Write(revoked);
        return json;
    }

    private static void Print(ApiKeyRow key, CommandContext context) => context.Terminal.Line(TextSafety.ForTerminal(
        $"{key.Id}  {(key.RevokedAt is { } at ? $"revoked {Write(at)}" : "valid"),-28}  made {Write(key.CreatedAt)}  {(key.LastUsedAt is { } used ? $"used {Write(used)}" : "never used"),-25}  {key.RelyingParty}  {string.Join(' ', Scopes(key))}{(key.Name is { } name ? $"  {name}" : "")}"));

    private static string[] Scopes(ApiKeyRow key) => key.Scopes?.Split(' ') ?? ApiScopes.All;

    private static string Write(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
