using Credentials.Issuer.Pages;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace Credentials.Issuer.Authorization;

/// <summary>ASP.NET Core's OpenID Connect handler as both sign-ins use it, people's and staff's: code flow with PKCE, nothing kept.</summary>
internal static class OpenIdSignIn
{
    internal static void Configure(OpenIdConnectOptions upstream, IssuerOptions options, SignInOptions settings, string callbackPath)
    {
        // The handler checks its options also where it is not used.
        upstream.Authority = settings.Authority.Length > 0 ? settings.Authority : "https://unused.invalid";
        upstream.ClientId = settings.ClientId.Length > 0 ? settings.ClientId : "unused";
        upstream.ClientSecret = settings.ClientSecret;
        upstream.ResponseType = "code";
        upstream.ResponseMode = "query"; // a form from another site would come without our cookies
        upstream.UsePkce = true;
        upstream.MapInboundClaims = false;
        upstream.SaveTokens = false;
        upstream.GetClaimsFromUserInfoEndpoint = false;
        upstream.CallbackPath = PageFrame.BasePath(options) + callbackPath;
        upstream.RequireHttpsMetadata = !upstream.Authority.StartsWith("http:", StringComparison.Ordinal); // the options check lets http through for this machine alone
        upstream.Scope.Clear();
        foreach (var scope in settings.Scopes)
            upstream.Scope.Add(scope);
        foreach (var cookie in new[] { upstream.CorrelationCookie, upstream.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = options.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        }

        // Host and scheme come from the configuration: behind a proxy those of the request are others.
        upstream.Events.OnRedirectToIdentityProvider = context =>
        {
            context.ProtocolMessage.RedirectUri = options.PublicUrl + callbackPath;
            return Task.CompletedTask;
        };
        upstream.Events.OnAuthorizationCodeReceived = context =>
        {
            context.TokenEndpointRequest!.RedirectUri = options.PublicUrl + callbackPath;
            return Task.CompletedTask;
        };
        upstream.Events.OnRemoteFailure = async context =>
        {
            await ErrorPage.WriteAsync(context.HttpContext, StatusCodes.Status400BadRequest);
            context.HandleResponse();
        };
    }
}
