using Credentials.Issuer.Keys;
using Credentials.StatusLists;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>The checker finds nothing in a good history, and what is wrong in each that differs from it in one thing.</summary>
public class CrashCheckerTests
{
    private static readonly StatusPlace _kept = new("list", 3);
    private static readonly StatusPlace _revoked = new("list", 7);

    [Fact]
    public void A_good_history_passes() => Assert.Empty(CrashChecker.Check(Clients(), Records()));

    public static TheoryData<string> Faults =>
    [
        "two rows of the register share",
        "two credentials that wallets hold share",
        "indexes are reserved for",
        "which the register does not have as it is",
        "which no wallet was given",
        "was acknowledged and is not in the register",
        "was acknowledged and is not served",
        "nobody asked to revoke",
        "was answered with different credentials",
        "is not one issuance in the database",
        "the register has 1",
        "are still there after it was issued",
        "two tokens were given for one code",
        "two access tokens",
        "was used twice",
        "could be used again",
        "the audit log tells of 0 issuances",
        "does not tell of the revocation",
        "the audit log is not whole",
        "500",
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void One_thing_that_is_wrong_is_found(string finding)
    {
        var (clients, issuer) = Break(finding);
        Assert.Contains(CrashChecker.Check(clients, issuer), found => found.Contains(finding, StringComparison.Ordinal));
    }

    private static (IssuanceHistory Clients, IssuerRecords Issuer) Break(string finding)
    {
        var (clients, good) = (Clients(), Records());
        switch (finding)
        {
            case "two rows of the register share":
                return (clients, good with { Register = [.. good.Register, good.Register[0] with { Id = "3" }] });
            case "two credentials that wallets hold share":
                clients.Answers.Enqueue(Answer("offer 2", "other nonce", _kept));
                return (clients, good);
            case "indexes are reserved for":
                return (clients, good with { Reserved = new Dictionary<string, int> { ["list"] = 3 } });
            case "which the register does not have as it is":
                return (clients, good with { Register = [good.Register[0] with { DocumentHash = "other" }, good.Register[1]] });
            case "which no wallet was given":
                return (clients, good with { Register = [.. good.Register, good.Register[0] with { Id = "3", OfferId = "offer 2", Place = new("list", 4) }] });
            case "was acknowledged and is not in the register":
                return (clients, good with { Register = [good.Register[0], good.Register[1] with { Status = StatusTypes.Valid }] });
            case "was acknowledged and is not served":
                return (clients, good with { Served = [good.Served[0], Lists(StatusTypes.Valid)] });
            case "nobody asked to revoke":
                clients.RevocationsAsked.Clear();
                return (clients, good);
            case "was answered with different credentials":
                clients.Answers.Enqueue(Answer("offer", "nonce", _kept, _revoked) with { AnswerHash = "other" });
                return (clients, good);
            case "is not one issuance in the database":
                return (clients, good with { Issuances = [] });
            case "the register has 1":
                return (clients, good with { Register = [good.Register[0]] });
            case "are still there after it was issued":
                return (clients, good with { WithClaims = new HashSet<string> { "offer" } });
            case "two tokens were given for one code":
                clients.Tokens.Enqueue(new GrantedToken("offer", "code", "other token"));
                return (clients, good);
            case "two access tokens":
                return (clients, good with { Tokens = ["offer", "offer"] });
            case "was used twice":
                clients.Answers.Enqueue(Answer("offer 2", "nonce", new StatusPlace("list", 9)));
                return (clients, good);
            case "could be used again":
                return (clients, good with { UsedNonces = new HashSet<string>() });
            case "the audit log tells of 0 issuances":
                return (clients, good with { AuditedIssuances = [] });
            case "does not tell of the revocation":
                return (clients, good with { AuditedRevocations = new HashSet<string> { "1" } });
            case "the audit log is not whole":
                return (clients, good with { AuditFindings = ["entry 2: missing"] });
            default:
                clients.Surprises.Enqueue("an offer was refused: 500");
                return (clients, good);
        }
    }

    /// <summary>One issuance of two credentials, fetched twice; one is revoked.</summary>
    private static IssuanceHistory Clients()
    {
        var history = new IssuanceHistory();
        history.Tokens.Enqueue(new GrantedToken("offer", "code", "token"));
        history.Answers.Enqueue(Answer("offer", "nonce", _kept, _revoked));
        history.Answers.Enqueue(Answer("offer", "nonce", _kept, _revoked));
        history.RevocationsAsked[_revoked] = true;
        history.Revocations.Enqueue(new AcknowledgedRevocation(_revoked, true));
        return history;
    }

    private static CredentialAnswer Answer(string offer, string nonce, params IEnumerable<StatusPlace> places) =>
        new(offer, "type", nonce, "answer to " + offer, [.. places.Select(place => new HeldCredential(offer, place, $"{offer} {place}"))]);

    private static IssuerRecords Records() => new()
    {
        Register =
        [
            new RegisterRow("1", "offer", "type", _kept, StatusTypes.Valid, $"offer {_kept}"),
            new RegisterRow("2", "offer", "type", _revoked, StatusTypes.Invalid, $"offer {_revoked}"),
        ],
        Issuances = [("offer", "type")],
        Tokens = ["offer"],
        UsedNonces = new HashSet<string> { Convert.ToHexString(Secrets.Hash("nonce")) },
        Reserved = new Dictionary<string, int> { ["list"] = 2 },
        WithClaims = new HashSet<string>(),
        AuditedIssuances = ["offer"],
        AuditedRevocations = new HashSet<string> { "2" },
        AuditFindings = [],
        Served = [Lists(StatusTypes.Invalid), Lists(StatusTypes.Invalid)],
    };

    private static Dictionary<string, StatusList> Lists(byte status)
    {
        var list = StatusList.Create(2, 16);
        list[_revoked.Index] = status;
        return new Dictionary<string, StatusList> { ["list"] = list };
    }
}
