using System.Security.Claims;
using Credentials.Issuer.Authorization;
using Credentials.Issuer.Http;
using Credentials.Issuer.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace Credentials.Issuer.Staff;

/// <summary>Staff of an agency that has an OpenID Connect provider signs in there; who may do what is told by the provider each time.</summary>
internal static class StaffSignIn
{
    private const StaffRoles Every = StaffRoles.Issuer | StaffRoles.Revoker | StaffRoles.Auditor | StaffRoles.Admin;
    private const string Scheme = "staff";
    private const string Path = "/staff/sign-in/provider";
    private const string CallbackPath = "/staff/sign-in/callback";

    internal static bool IsServed(IssuerOptions options) => options.StaffSignIn.Authority.Length > 0;

    /// <summary>Roles of the console by their names, separated by commas; none where one of them is no role.</summary>
    internal static StaffRoles Read(string names) => Enum.TryParse<StaffRoles>(names, ignoreCase: true, out var roles) && (roles & ~Every) == 0 ? roles : StaffRoles.None;

    internal static void Add(IServiceCollection services)
    {
        services.AddAuthentication().AddOpenIdConnect(Scheme, _ => { });
        services.AddOptions<OpenIdConnectOptions>(Scheme).Configure<IssuerOptions>((upstream, options) =>
        {
            OpenIdSignIn.Configure(upstream, options, options.StaffSignIn, CallbackPath);
            // When all checks are done, the nonce's among them.
            upstream.Events.OnTicketReceived = EnterAsync;
        });
    }

    internal static void Map(IEndpointRouteBuilder routes, IssuerOptions options)
    {
        if (IsServed(options))
            routes.MapGet(Path, (HttpContext http) => http.ChallengeAsync(Scheme)).RequireRateLimiting(RateLimits.SignIn);
    }

    internal static Html Link(StaffPage page, IssuerOptions options) => IsServed(options)
        ? Html.Of($"<p><a class=\"button\" href=\"{page.Base}{Path}\">{page.Say("기관 계정으로 로그인", "Sign in with the agency's account")}</a></p>")
        : Html.None;

    private static async Task EnterAsync(TicketReceivedContext context)
    {
        context.HandleResponse();
        var http = context.HttpContext;
        var settings = http.RequestServices.GetRequiredService<IssuerOptions>().StaffSignIn;
        var subject = context.Principal?.FindFirstValue(settings.SubjectClaim) ?? "";
        var roles = (context.Principal?.FindAll(settings.RolesClaim) ?? []).Aggregate(
            StaffRoles.None, (all, claim) => settings.Roles.TryGetValue(claim.Value, out var names) ? all | Read(names) : all);
        var account = subject.Length is > 0 and <= 200 && !subject.Any(char.IsControl) && roles != StaffRoles.None
            ? await http.RequestServices.GetRequiredService<StaffAccounts>().FromProviderAsync(subject, roles, http.RequestAborted)
            : null;
        var page = new StaffPage(http);
        if (account is null)
        {
            await page.WritePlainAsync(page.Say("직원 로그인", "Staff sign-in"), page.Error(page.Say("이 계정에는 콘솔을 쓸 권한이 없습니다.", "this account may not use the console.")), StatusCodes.Status403Forbidden);
            return;
        }

        await StaffGate.EnterAsync(http, account);
        // Not a redirect: on the way from another site a browser would not send the new cookie along.
        await page.WritePlainAsync(
            page.Say("로그인했습니다", "Signed in"), Html.Of($"<p><a class=\"button\" href=\"{page.Base}/staff\">{page.Say("계속", "Continue")}</a></p>"),
            head: $"<meta http-equiv=\"refresh\" content=\"0; url={page.Base}/staff\">");
    }
}
