using System.Text.Json.Nodes;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Staff;
using Credentials.Issuer.Storage;
using Credentials.Qr;

namespace Credentials.Cli.Verbs;

/// <summary><c>issuer staff add</c>: the first account of the console, made by whoever owns the machine.</summary>
internal static class IssuerStaffAddVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var (name, folder) = (arguments.RequiredPositional(0).ToLowerInvariant(), arguments.Required("--data"));
        if (!StaffAccounts.IsName(name)) throw CommandException.Usage("a name is 1 to 64 small letters, digits, '.', '-', '_' or '@'");
        try
        {
            await using var db = await ExistingDatabase.OpenAsync(folder, arguments.Value("--connection"), context.Cancelled);
            using var keys = IssuerKeys.LoadFromEnvironment(folder, context.Time);
            var made = await new StaffAccounts(db, keys, context.Time).AddAsync(name, Roles(arguments.Required("--roles")), "operator", context.Cancelled)
                ?? throw new CommandException(ExitCode.Refused, $"there is an account {name} already");
            Print(context, name, made.Password, OneTimeCode.Link(made.Secret, name, "Credentials"));
            return ExitCode.Done;
        }
        catch (IssuerStartException e)
        {
            throw new CommandException(ExitCode.CouldNotFinish, TextSafety.ForTerminal(e.Message));
        }
    }

    private static StaffRoles Roles(string text)
    {
        var roles = StaffRoles.None;
        foreach (var word in text.Split(','))
        {
            roles |= word switch
            {
                "issuer" => StaffRoles.Issuer,
                "revoker" => StaffRoles.Revoker,
                "auditor" => StaffRoles.Auditor,
                "admin" => StaffRoles.Admin,
                _ => throw CommandException.Usage("--roles are issuer, revoker, auditor, admin, separated by commas"),
            };
        }

        return roles;
    }

    private static void Print(CommandContext context, string name, string password, string link)
    {
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject { ["name"] = name, ["password"] = password, ["otpauth"] = link });
            return;
        }

        context.Terminal.Line($"Name           {name}");
        context.Terminal.Line($"Password       {password}");
        context.Terminal.Line($"Authenticator  {link}");
        if (context.Terminal.WritesToPerson) context.Terminal.Line(QrCode.Encode(link).ToTerminal());
        context.Terminal.Hint("this is shown once; the console is at PUBLIC-URL/staff");
    }
}
