using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.OpenId4Vci;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Documents;

/// <summary>
/// How often each copy of a document may be shown, and when fresh copies are due. Whoever sees a copy twice can link the two times, so that
/// the copy shown least often is always the next one.
/// </summary>
public sealed record ReusePolicy
{
    private ReusePolicy(ReuseKind kind, int times) => (Kind, Times) = (kind, times);

    /// <summary>
    /// Each copy is shown once. When all are used up the document can still be shown: <see cref="Presentation.DocumentMatch.IsLinkable"/>
    /// then warns the holder, who decides (ARF Annex 2, ISSU_44 and ISSU_47). What applies where neither app nor issuer says anything.
    /// </summary>
    public static ReusePolicy Once { get; } = new(ReuseKind.Once, 1);

    /// <summary>Copies are shown again and again, in turn (ISSU_49, ISSU_52): fresh ones are due only before they run out.</summary>
    public static ReusePolicy Rotating { get; } = new(ReuseKind.Rotating, 0);

    /// <summary>What it says about a copy.</summary>
    public ReuseKind Kind { get; }

    /// <summary>How often a copy may be shown; 0: any number of times.</summary>
    public int Times { get; }

    /// <summary>Fresh copies are due when this many or fewer are left, never more than half of those that came.</summary>
    public int RenewAtUnused { get; init; } = 1;

    /// <summary>Fresh copies are due for this long before the document runs out, never longer than half of the time that it is valid for.</summary>
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Each copy is shown so many times at most. When all are used up the document answers nothing until it is renewed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than once.</exception>
    public static ReusePolicy Limited(int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        return new(ReuseKind.Limited, times);
    }

    /// <summary>The first of the issuer's options that the wallet can keep to (ARF Annex 2, ISSU_39a and ISSU_40), else <see cref="Once"/>.</summary>
    internal static ReusePolicy StatedBy(CredentialConfiguration configuration)
    {
        foreach (var option in configuration.ReuseOptions)
        {
            var policy = option.Method switch
            {
                CredentialReuseOption.OnceOnly => Once,
                CredentialReuseOption.LimitedTime or CredentialReuseOption.RotatingBatch => Rotating,
                _ => null,
            };
            if (policy is null) continue;
            return policy with
            {
                RenewAtUnused = option.ReissueTriggerUnused ?? policy.RenewAtUnused,
                RenewBefore = option.ReissueTriggerLifetimeLeft ?? policy.RenewBefore,
            };
        }
        return Once;
    }

    internal bool Allows(StoredCredential copy) => Kind != ReuseKind.Limited || copy.TimesPresented < Times;

    /// <summary>False once a copy was shown as often as it is meant to be.</summary>
    internal bool IsFresh(StoredCredential copy) => Kind == ReuseKind.Rotating || copy.TimesPresented < Times;

    internal JsonObject ToStored() => new()
    {
        ["kind"] = (int)Kind,
        ["times"] = Times,
        ["renew_at_unused"] = RenewAtUnused,
        ["renew_before"] = (long)RenewBefore.TotalMilliseconds,
    };

    internal static ReusePolicy FromStored(JsonElement stored)
    {
        var kind = (ReuseKind)stored.GetProperty("kind").GetInt32();
        if (!Enum.IsDefined(kind)) throw StoreErrors.Corrupt();
        return new ReusePolicy(kind, stored.GetProperty("times").GetInt32())
        {
            RenewAtUnused = stored.GetProperty("renew_at_unused").GetInt32(),
            RenewBefore = TimeSpan.FromMilliseconds(stored.GetProperty("renew_before").GetInt64()),
        };
    }
}
