using Credentials.Http;

namespace Credentials.Tests.Http;

internal static class FetchExtensions
{
    /// <summary>A client that may talk to the test servers.</summary>
    public static OutboundHttp ToLoopback() => new(new OutboundHttpOptions { AllowLoopbackHttp = true });

    public static Task<FetchedDocument> FetchAsync(this OutboundHttp http, Uri url, FetchRule? rule = null) =>
        http.GetAsync(url, rule ?? FetchRule.Json, cancellationToken: TestContext.Current.CancellationToken);

    public static Task<FetchedDocument> FetchAsync(this OutboundHttp http, string url) => http.FetchAsync(new Uri(url));

    public static Task<FetchedDocument> PostAsync(this OutboundHttp http, Uri url, params KeyValuePair<string, string>[] headers) =>
        http.PostFormAsync(url, [new("a", "b")], FetchRule.OAuthEndpoint, headers, TestContext.Current.CancellationToken);

    /// <summary>The code that a fetch is refused with.</summary>
    public static async Task<string> RefusalAsync(this OutboundHttp http, Uri url, FetchRule? rule = null) =>
        (await Assert.ThrowsAsync<FetchException>(() => http.FetchAsync(url, rule))).Code;

    public static Task<string> RefusalAsync(this OutboundHttp http, string url) => http.RefusalAsync(new Uri(url));
}
