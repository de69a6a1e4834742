using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Jose;

namespace Credentials.Cli.Verbs;

/// <summary><c>issuer keys …</c>: the keys of an issuer's data folder, beside the running service or without it.</summary>
internal static class IssuerKeysVerbs
{
    private static readonly TimeSpan DefaultLead = TimeSpan.FromMinutes(10);

    internal static Task<int> ListAsync(CommandContext context) => RunAsync(context, keys =>
    {
        var requested = SignerFolder.Parse(keys.Folder.ReadList()).Where(entry => entry.From is null).Select(entry =>
        {
            var key = keys.Folder.Keys.Read(entry.Name);
            PrivateKeys.Release(key);
            return new JsonObject { ["purpose"] = entry.Purpose, ["key_id"] = Jwk.Thumbprint(key.PublicKey), ["state"] = "requested" };
        });
        JsonObject[] all = [.. keys.Signers.Select(signer => Describe(signer, keys)), .. requested];
        if (context.Json) context.Terminal.Json(new JsonObject { ["keys"] = new JsonArray([.. all]) });
        else foreach (var one in all) Print(one, context);
        return Task.CompletedTask;
    });

    internal static Task<int> RotateAsync(CommandContext context) => ChangeAsync(context, async (keys, changes) =>
        Report(await changes.RotateAsync(Purpose(context), From(context), Overlap(context), context.Cancelled), keys, context));

    internal static Task<int> RequestAsync(CommandContext context) => ChangeAsync(context, async (_, changes) =>
    {
        var request = await changes.RequestAsync(Purpose(context), context.Cancelled);
        if (context.Arguments.Value("--out") is { } file) OutputFiles.Write(file, request);
        else context.Terminal.Out.Write(request);
    });

    internal static async Task<int> ImportAsync(CommandContext context)
    {
        var pem = await InputFiles.ReadTextAsync(context.Arguments.Required("--certificate"), context);
        return await ChangeAsync(context, async (keys, changes) => Report(await changes.ImportAsync(pem, From(context), Overlap(context), context.Cancelled), keys, context));
    }

    internal static Task<int> WithdrawAsync(CommandContext context) => RunAsync(context, async keys =>
    {
        var (arguments, reason) = (context.Arguments, context.Arguments.Required("--reason"));
        if (reason.Length is 0 or > 500) throw CommandException.Usage("--reason has 1 to 500 characters");
        await using var db = await ExistingDatabase.OpenAsync(arguments.Required("--data"), arguments.Value("--connection"), context.Cancelled);
        var (withdrawn, until) = await new SignerChanges(db, keys, context.Time).WithdrawAsync(arguments.RequiredPositional(0), reason, context.Cancelled);
        // What replicas sign until they know of it is in the list too.
        if (until - context.Time.GetUtcNow() is { } wait && wait > TimeSpan.Zero) await Task.Delay(wait, context.Time, context.Cancelled);
        var next = keys.Signers.Where(signer => signer.Purpose == withdrawn.Purpose && signer != withdrawn && signer.From > withdrawn.From && signer.From < withdrawn.WithdrawnAt).Select(signer => (DateTimeOffset?)signer.From).Min();
        var signed = new SignedCredentials(db, withdrawn, next ?? until);
        var isDocumentSigner = withdrawn.Purpose == SignerFolder.DocumentSigner;
        var revoked = isDocumentSigner && arguments.Flag("--revoke") ? await signed.RevokeAsync(reason, context.Time, context.Cancelled) : 0;
        var credentials = new JsonArray();
        if (isDocumentSigner)
        {
            await foreach (var (id, isRevoked) in signed.ListAsync().WithCancellation(context.Cancelled))
            {
                if (context.Json) credentials.Add(new JsonObject { ["id"] = id, ["revoked"] = isRevoked });
                else context.Terminal.Line($"{id}  {(isRevoked ? "revoked" : "not revoked")}");
            }
        }

        var told = new JsonObject
        {
            ["withdrawn"] = Describe(withdrawn, keys),
            ["serial_number"] = withdrawn.Certificate.SerialNumber,
            ["keys"] = new JsonArray([.. keys.Signers.Where(signer => signer.Purpose == withdrawn.Purpose && signer.HeldKey is not null).Select(signer => Describe(signer, keys))]),
            ["revoked"] = revoked,
            ["credentials"] = credentials,
        };
        if (context.Json) context.Terminal.Json(told);
        else foreach (var signer in keys.Signers.Where(signer => signer.Purpose == withdrawn.Purpose)) Print(Describe(signer, keys), context);
        if (!context.Json) context.Terminal.Hint($"ask the authority to put certificate {withdrawn.Certificate.SerialNumber} on its revocation list: until then others who trust it may go on accepting what the key signs");
    });

    private static Task<int> ChangeAsync(CommandContext context, Func<IssuerKeys, SignerChanges, Task> change) => RunAsync(context, async keys =>
    {
        await using var db = await ExistingDatabase.OpenAsync(context.Arguments.Required("--data"), context.Arguments.Value("--connection"), context.Cancelled);
        await change(keys, new SignerChanges(db, keys, context.Time));
    });

    private static async Task<int> RunAsync(CommandContext context, Func<IssuerKeys, Task> work)
    {
        try
        {
            using var keys = IssuerKeys.LoadFromEnvironment(context.Arguments.Required("--data"), context.Time);
            await work(keys);
            return ExitCode.Done;
        }
        catch (IssuerStartException e)
        {
            throw new CommandException(ExitCode.CouldNotFinish, TextSafety.ForTerminal(e.Message));
        }
    }

    private static string Purpose(CommandContext context) => context.Arguments.Value("--purpose") ?? SignerFolder.DocumentSigner;

    private static DateTimeOffset From(CommandContext context) => VerifyVerb.ReadTime(context.Arguments.Value("--at")) ?? context.Now + DefaultLead;

    private static int Overlap(CommandContext context) => (int)(context.Arguments.Number("--overlap-hours", 1, 24 * 90) ?? 24);

    private static void Report(Signer signer, IssuerKeys keys, CommandContext context)
    {
        var described = Describe(signer, keys);
        if (context.Json) context.Terminal.Json(described);
        else Print(described, context);
    }

    private static JsonObject Describe(Signer signer, IssuerKeys keys)
    {
        var json = new JsonObject
        {
            ["purpose"] = signer.Purpose,
            ["key_id"] = signer.KeyId,
            ["state"] = keys.StateOf(signer),
            ["from"] = Write(signer.From > signer.Certificate.NotBefore ? signer.From : signer.Certificate.NotBefore),
            ["valid_from"] = Write(signer.Certificate.NotBefore),
            ["valid_until"] = Write(signer.Certificate.NotAfter),
            ["authority"] = signer.Anchor.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(),
        };
        if (signer.HeldUntil < DateTimeOffset.MaxValue) json["private_key_until"] = Write(signer.HeldUntil);
        return json;
    }

    private static void Print(JsonObject key, CommandContext context)
    {
        var validity = key["valid_from"] is null ? "" : $"  valid {key["valid_from"]} to {key["valid_until"]}, in effect from {key["from"]}";
        context.Terminal.Line($"{key["purpose"],-15}  {key["state"],-9}  {key["key_id"]}{validity}");
    }

    private static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
