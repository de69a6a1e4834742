using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Issuance;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Staff;

/// <summary>Accounts of the console: made, changed, signed in with. What changes one also writes the audit log.</summary>
internal sealed class StaffAccounts(IssuerDbContext db, IssuerKeys keys, TimeProvider time)
{
    internal const int MaxFailures = 5;
    internal static readonly TimeSpan LockOut = TimeSpan.FromMinutes(15);

    internal static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_' or '@');

    /// <summary>A new account with its first password and the secret of its one-time codes, which are told here and nowhere else; null when the name is taken.</summary>
    internal async Task<(StaffAccount Account, string Password, byte[] Secret)?> AddAsync(string name, StaffRoles roles, string actor, CancellationToken ct)
    {
        var (password, secret) = (StaffPasswords.NewPassword(), RandomNumberGenerator.GetBytes(OneTimeCode.SecretLength));
        var id = Secrets.NewId();
        var account = new StaffAccount
        {
            Id = id,
            Name = name,
            PasswordHash = await StaffPasswords.HashAsync(password, ct),
            TotpSecret = Seal(id, secret),
            Roles = (int)roles,
            CreatedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            db.Staff.Add(account);
            await db.SaveChangesAsync(ct);
            await RecordAsync(actor, "staff.add", id, new JsonObject { ["name"] = name, ["roles"] = roles.ToString() }, ct);
            await transaction.CommitAsync(ct);
            return (account, password, secret);
        }
        catch (DbUpdateException e) when (DatabaseSetup.IsDuplicate(e))
        {
            db.ChangeTracker.Clear();
            return null;
        }
    }

    /// <summary>The account of somebody whom the agency's provider has signed in, with the roles that it told; made at the first time. Null: it is disabled here.</summary>
    internal async Task<StaffAccount?> FromProviderAsync(string subject, StaffRoles roles, CancellationToken ct)
    {
        // No account with a password can have such a name.
        var name = $"provider:{subject}";
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var account = await db.Staff.SingleOrDefaultAsync(s => s.Name == name, ct);
            if (account?.DisabledAt is not null)
                return null;
            account ??= db.Staff.Add(new StaffAccount { Id = Secrets.NewId(), Name = name, PasswordHash = [], TotpSecret = [], CreatedAt = time.GetUtcNow().ToUnixTimeMilliseconds() }).Entity;
            account.Roles = (int)roles;
            await db.SaveChangesAsync(ct);
            await RecordAsync(Actor(account), "staff.sign_in", account.Id, new JsonObject { ["roles"] = roles.ToString() }, ct);
            await transaction.CommitAsync(ct);
            return account;
        }
        catch (DbUpdateException e) when (DatabaseSetup.IsDuplicate(e))
        {
            // In another tab at the same moment: now it is there.
            db.ChangeTracker.Clear();
            return await FromProviderAsync(subject, roles, ct);
        }
    }

    /// <summary>A new password and a new secret, for somebody who lost them; ends the account's sessions.</summary>
    internal async Task<(string Password, byte[] Secret)?> ResetAsync(string id, string actor, CancellationToken ct)
    {
        var (password, secret) = (StaffPasswords.NewPassword(), RandomNumberGenerator.GetBytes(OneTimeCode.SecretLength));
        var (hash, box) = (await StaffPasswords.HashAsync(password, ct), Seal(id, secret));
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Staff.Where(s => s.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.PasswordHash, hash).SetProperty(s => s.TotpSecret, box).SetProperty(s => s.Failures, 0).SetProperty(s => s.LockedUntil, 0), ct) != 1)
            return null;
        await db.StaffSessions.Where(s => s.StaffId == id).ExecuteDeleteAsync(ct);
        await RecordAsync(actor, "staff.reset", id, null, ct);
        await transaction.CommitAsync(ct);
        return (password, secret);
    }

    /// <summary>Ends an account and its sessions, or opens it again.</summary>
    internal async Task DisableAsync(string id, bool disabled, string actor, CancellationToken ct)
    {
        long? at = disabled ? time.GetUtcNow().ToUnixTimeMilliseconds() : null;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Staff.Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.DisabledAt, at), ct);
        await db.StaffSessions.Where(s => s.StaffId == id).ExecuteDeleteAsync(ct);
        await RecordAsync(actor, disabled ? "staff.disable" : "staff.enable", id, null, ct);
        await transaction.CommitAsync(ct);
    }

    internal async Task ChangePasswordAsync(StaffAccount account, string password, byte[] keepSession, CancellationToken ct)
    {
        var hash = await StaffPasswords.HashAsync(password, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Staff.Where(s => s.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.PasswordHash, hash), ct);
        await db.StaffSessions.Where(s => s.StaffId == account.Id && s.Hash != keepSession).ExecuteDeleteAsync(ct);
        await RecordAsync(Actor(account), "staff.password", account.Id, null, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>
    /// The account that name, password and one-time code belong to; null for anything else, without saying what. A guess is counted before it
    /// is looked at, so that parallel guesses share one budget.
    /// </summary>
    internal async Task<StaffAccount?> SignInAsync(string name, string password, string code, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var at = now.ToUnixTimeMilliseconds();
        var until = (now + LockOut).ToUnixTimeMilliseconds();
        var counted = await db.Staff.Where(s => s.Name == name && s.DisabledAt == null && s.LockedUntil <= at).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.LockedUntil, s => s.Failures + 1 >= MaxFailures ? until : s.LockedUntil)
                .SetProperty(s => s.Failures, s => s.Failures + 1 >= MaxFailures ? 0 : s.Failures + 1), ct) == 1;
        var account = counted ? await db.Staff.AsNoTracking().SingleAsync(s => s.Name == name, ct) : null;
        var rightPassword = await StaffPasswords.VerifyAsync(password, account?.PasswordHash, ct);
        if (account is null)
            return null;
        var step = OneTimeCode.Match(Open(account), code, now);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var right = rightPassword && step is { } used && await db.Staff.Where(s => s.Id == account.Id && s.TotpStep < used).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.TotpStep, used).SetProperty(s => s.Failures, 0).SetProperty(s => s.LockedUntil, 0), ct) == 1;
        await RecordAsync(Actor(account), right ? "staff.sign_in" : account.LockedUntil > at ? "staff.locked" : "staff.sign_in_failed", account.Id, null, ct);
        await transaction.CommitAsync(ct);
        return right ? account : null;
    }

    internal static string Actor(StaffAccount account) => $"staff:{account.Name}";

    private Task RecordAsync(string actor, string action, string id, JsonObject? detail, CancellationToken ct) =>
        AuditLog.AppendAsync(db, time.GetUtcNow(), actor, action, id, detail, ct);

    private byte[] Seal(string id, byte[] secret) => AnswerVault.Seal(Secrets.Derive(keys.Secret, "staff totp", id), Encoding.UTF8.GetBytes(id), secret);

    private byte[] Open(StaffAccount account) =>
        AnswerVault.Open(Secrets.Derive(keys.Secret, "staff totp", account.Id), Encoding.UTF8.GetBytes(account.Id), account.TotpSecret);
}
