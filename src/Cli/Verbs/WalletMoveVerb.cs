using System.Text.Json.Nodes;
using Credentials.Wallet.Core.Migration;

namespace Credentials.Cli.Verbs;

/// <summary>From one device to another: the list of documents goes, their keys stay, and their issuers are asked anew.</summary>
internal static class WalletMoveVerb
{
    internal const string PassphraseVariable = "CREDENTIALS_FILE_PASSPHRASE";

    // As much as the library reads.
    private const int MaxFileBytes = 16 * 1024 * 1024;

    internal static async Task<int> ExportAsync(CommandContext context)
    {
        var path = context.Arguments.RequiredPositional(0);
        OutputFiles.RequireNew(path);
        await using var access = await WalletAccess.OpenAsync(context);
        var file = await access.Wallet.ExportDocumentsAsync(WalletAccess.Secret(context, PassphraseVariable, "Passphrase for the file"), context.Cancelled);
        OutputFiles.WriteNewSecret(path, file);
        context.Terminal.Line($"wrote {TextSafety.ForTerminal(path)}; no key and no claim is in it");
        return ExitCode.Done;
    }

    internal static async Task<int> ImportAsync(CommandContext context)
    {
        var file = await InputFiles.ReadAsync(context.Arguments.RequiredPositional(0), context, MaxFileBytes);
        await using var access = await WalletAccess.OpenAsync(context);
        await access.Wallet.ImportDocumentsAsync(file, WalletAccess.Secret(context, PassphraseVariable, "Passphrase of the file"), context.Cancelled);
        var waiting = await access.Wallet.ListToReissueAsync(context.Cancelled);
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject { ["to_reissue"] = new JsonArray([.. waiting.Select(entry => (JsonNode)ToJson(entry))]) });
            return ExitCode.Done;
        }
        foreach (var entry in waiting) context.Terminal.Line(TextSafety.ForTerminal(Line(entry)));
        if (waiting.Count > 0) context.Terminal.Hint("ask each issuer anew: credentials wallet apply ISSUER CONFIGURATION; or drop one: credentials wallet delete ID");
        return ExitCode.Done;
    }

    internal static JsonObject ToJson(DocumentToReissue entry) => new()
    {
        ["id"] = entry.Id,
        ["name"] = entry.Names.In(),
        ["format"] = entry.Format,
        ["type"] = entry.Type,
        ["issuer"] = entry.CredentialIssuer,
        ["credential_configuration_id"] = entry.ConfigurationId,
    };

    internal static string Line(DocumentToReissue entry) =>
        $"{entry.Id}  {entry.Names.In() ?? entry.Type} [{entry.Format}]  from {entry.CredentialIssuer} {entry.ConfigurationId}";
}
