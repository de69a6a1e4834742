using System.Net;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Staff;
using Microsoft.Extensions.Options;

namespace Credentials.Issuer;

/// <summary>Checks all settings together, so that an operator sees every mistake at once.</summary>
internal sealed class IssuerOptionsCheck : IValidateOptions<IssuerOptions>
{
    public ValidateOptionsResult Validate(string? name, IssuerOptions o)
    {
        var wrong = new List<string>();
        void Check(bool right, string message)
        {
            if (!right)
                wrong.Add(message);
        }

        CheckUrl(o.PublicUrl, wrong);
        Check(In(o.OfferLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)), "OfferLifetime must be 1 minute to 7 days.");
        // OpenID4VCI §13.10: a token that is not sender-constrained must not live long.
        Check(In(o.AccessTokenLifetime, TimeSpan.FromSeconds(10), o.RequireDpop ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(5)), "AccessTokenLifetime must be 10 seconds to 5 minutes, or to 1 hour where RequireDpop binds every token to a key.");
        Check(In(o.NonceLifetime, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1)), "NonceLifetime must be 30 seconds to 1 hour.");
        Check(In(o.AnswerLifetime, TimeSpan.Zero, TimeSpan.FromHours(1)), "AnswerLifetime must be at most 1 hour.");
        Check(o.TxCodeLength is >= 4 and <= 12, "TxCodeLength must be 4 to 12.");
        Check(o.MaxTxCodeFailures is >= 1 and <= 10, "MaxTxCodeFailures must be 1 to 10.");
        Check(o.BatchSize is >= 1 and <= 20, "BatchSize must be 1 to 20.");
        Check(o.StatusListSize is >= 1 << 16 and <= 1 << 20 && int.IsPow2(o.StatusListSize), "StatusListSize must be a power of two from 65536 to 1048576.");
        Check(o.OpenStatusLists is >= 1 and <= 64, "OpenStatusLists must be 1 to 64.");
        Check(In(o.StatusTimeToLive, TimeSpan.FromMinutes(1), TimeSpan.FromHours(24)), "StatusTimeToLive must be 1 minute to 24 hours.");
        Check(In(o.StatusTokenLifetime, o.StatusTimeToLive * 2, TimeSpan.FromDays(7)), "StatusTokenLifetime must be twice StatusTimeToLive to 7 days.");
        Check(o.PublicRequestsPerMinute is >= 10 and <= 1_000_000, "PublicRequestsPerMinute must be 10 to 1000000.");
        Check(o.SignInsPerMinute is >= 1 and <= 10_000, "SignInsPerMinute must be 1 to 10000.");
        Check(o.TrustedProxies.All(proxy => TrustedProxies.TryRead(proxy, out _)), "TrustedProxies must be addresses or networks, as 10.0.0.5 or 10.0.0.0/24.");
        Check(In(o.BatchLease, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), "BatchLease must be 1 second to 5 minutes.");
        Check(In(o.BatchResultLifetime, TimeSpan.FromHours(1), TimeSpan.FromDays(90)), "BatchResultLifetime must be 1 hour to 90 days.");
        Check(o.Country.Length == 2 && o.Country.All(char.IsAsciiLetterUpper), "Country must be two capital letters.");
        Check(o.CertificateName.Length is > 0 and <= 64, "CertificateName must be 1 to 64 characters.");
        Check(o.Names.Count > 0 && o.Names.Values.All(n => n.Length > 0), "Names needs at least one language.");
        Check(In(o.RequestUriLifetime, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(599)), "RequestUriLifetime must be 10 seconds to 9 minutes 59 seconds.");
        Check(In(o.CodeLifetime, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)), "CodeLifetime must be 10 seconds to 1 minute.");
        Check(In(o.RefreshTokenLifetime, TimeSpan.Zero, TimeSpan.FromDays(366)), "RefreshTokenLifetime must be at most 366 days.");
        Check(In(o.DeferredLifetime, TimeSpan.FromHours(1), TimeSpan.FromDays(90)), "DeferredLifetime must be 1 hour to 90 days.");
        Check(In(o.DeferredInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), "DeferredInterval must be 1 second to 1 day.");
        Check(!o.RequireWalletAttestation || o.WalletProviderTrust is not null, "RequireWalletAttestation needs WalletProviderTrust: nobody could be served.");
        Check(o.KeyAttestations.Count == 0 || o.KeyAttesterTrust is not null, "KeyAttestations needs KeyAttesterTrust: nobody could be served.");
        CheckSignIn("SignIn", o.SignIn, wrong);
        CheckSignIn("StaffSignIn", o.StaffSignIn, wrong);
        Check(o.StaffSignIn.Authority.Length == 0 || (o.StaffSignIn.RolesClaim.Length > 0 && o.StaffSignIn.Roles.Count > 0), "StaffSignIn needs RolesClaim and Roles: nobody could get in.");
        Check(o.StaffSignIn.Roles.Values.All(roles => StaffSignIn.Read(roles) != StaffRoles.None), "StaffSignIn.Roles are Issuer, Revoker, Auditor and Admin, separated by commas.");
        CheckClients(o, wrong);
        CheckLogo(o, wrong);
        wrong.AddRange(o.Pkcs11.Faults());
        if (o.Profile == IssuerProfile.Haip)
            HaipRules.Check(o, wrong);
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static void CheckSignIn(string name, SignInOptions o, List<string> wrong)
    {
        if (o.Authority.Length == 0)
            return;
        if (!Uri.TryCreate(o.Authority, UriKind.Absolute, out var authority) || (authority.Scheme != Uri.UriSchemeHttps && !authority.IsLoopback))
            wrong.Add($"{name}.Authority must be an https URL.");
        if (o.ClientId.Length == 0 || o.SubjectClaim.Length == 0 || !o.Scopes.Contains("openid"))
            wrong.Add($"{name} needs ClientId, SubjectClaim and the scope openid.");
    }

    private static void CheckClients(IssuerOptions o, List<string> wrong)
    {
        if (o.Clients.Any(c => c.Id.Length is 0 or > 256 || c.Id.Any(char.IsControl)) || o.Clients.DistinctBy(c => c.Id, StringComparer.Ordinal).Count() != o.Clients.Count)
            wrong.Add("Clients need different ids of 1 to 256 characters.");
        if (o.Clients.SelectMany(c => c.RedirectUris).Any(uri => !Authorization.RedirectUris.IsUsable(uri)))
            wrong.Add("A redirect URI of Clients must be an absolute URL without fragment: https, http to this machine, or a scheme of the wallet's own.");
    }

    private static void CheckLogo(IssuerOptions o, List<string> wrong)
    {
        if (!o.LogoTexts.Keys.All(o.Names.ContainsKey) || (o.Logo is null && o.LogoTexts.Count > 0))
            wrong.Add("LogoTexts belong to a Logo, and to languages of Names.");
        try
        {
            if (o.Logo is { } file)
                LogoFile.Read(file);
        }
        catch (MalformedDataException e)
        {
            wrong.Add($"Logo: {e.Message}");
        }
    }

    private static void CheckUrl(string text, List<string> wrong)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0 || text.EndsWith('/') || text.Any(c => c is <= ' ' or '?' or '#' or >= '\u007f'))
        {
            wrong.Add("PublicUrl must be an absolute URL without query, fragment and final slash.");
            return;
        }

        var loopback = url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && loopback))
            wrong.Add("PublicUrl must be https; http is for localhost only.");
    }

    private static bool In(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;
}
