using Credentials.Issuer.Staff;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>A member of staff at the console, over plain HTTP: keeps cookies, sends forms with their token.</summary>
internal sealed partial class StaffBrowser(RunningIssuer issuer)
{
    private readonly Dictionary<string, string> _cookies = [];

    internal string Cookie => string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    internal static async Task<(string Name, string Password, byte[] Secret)> AccountAsync(RunningIssuer issuer, string name, StaffRoles roles)
    {
        await using var scope = issuer.Services.CreateAsyncScope();
        var made = (await scope.ServiceProvider.GetRequiredService<StaffAccounts>().AddAsync(name, roles, "operator", RunningIssuer.Ct))!.Value;
        return (name, made.Password, made.Secret);
    }

    internal static async Task<StaffBrowser> SignedInAsync(RunningIssuer issuer, StaffRoles roles, TimeProvider? clock = null)
    {
        var account = await AccountAsync(issuer, roles.ToString().Replace(", ", "-", StringComparison.Ordinal).ToLowerInvariant(), roles);
        var browser = new StaffBrowser(issuer);
        using var entered = await browser.SignInAsync(account.Name, account.Password, CodeAt(account.Secret, clock));
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, entered.StatusCode);
        return browser;
    }

    internal static string CodeAt(byte[] secret, TimeProvider? clock = null, int later = 0) => OneTimeCode.At(secret, OneTimeCode.StepAt((clock ?? TimeProvider.System).GetUtcNow()) + later);

    internal async Task<HttpResponseMessage> SignInAsync(string name, string password, string code) =>
        await PostAsync("/staff/sign-in", await TokenAsync("/staff/sign-in"), ("name", name), ("password", password), ("code", code));

    internal Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    internal async Task<string> PageAsync(string path)
    {
        using var response = await GetAsync(path);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(RunningIssuer.Ct);
    }

    internal async Task<string> TokenAsync(string path) => Token().Match(await PageAsync(path)).Groups[1].Value;

    internal Task<HttpResponseMessage> PostAsync(string path, string token, params (string Name, string Value)[] fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("csrf", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
        });

    internal async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (_cookies.Count > 0)
            request.Headers.Add("Cookie", Cookie);
        var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
        foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var all) ? all : [])
        {
            var pair = set.Split(';')[0].Split('=', 2);
            _cookies[pair[0]] = pair[1];
        }

        return response;
    }

    [System.Text.RegularExpressions.GeneratedRegex("name=\"csrf\" value=\"([^\"]+)\"")]
    private static partial System.Text.RegularExpressions.Regex Token();
}
