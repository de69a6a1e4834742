using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.Webhooks;

/// <summary>
/// Posts one message, signed as Standard Webhooks 1.0.0 has it ("Signature scheme", symmetric). The message says which verification ended and
/// how, and nothing of what was shown: the relying party asks for that with its key.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private const string UrlPurpose = "webhook url";
    private const string SecretPurpose = "webhook secret";

    private readonly VerifierHostOptions _options;
    private readonly WebhookHosts _hosts;
    private readonly ServiceKey _key;
    private readonly FetchRule _rule;

    // Not the client that status lists come through: receivers that hang must not hold its places.
    private readonly OutboundHttp _http;

    public WebhookSender(VerifierHostOptions options, WebhookHosts hosts, ServiceKey key)
    {
        (_options, _hosts, _key) = (options, hosts, key);
        _rule = new FetchRule { Timeout = options.WebhookTimeout, MaxBytes = 64 * 1024, ReturnErrorStatus = true };
        _http = new OutboundHttp(new OutboundHttpOptions
        {
            AllowLoopbackHttp = options.AllowLoopbackHttp,
            PrivateHosts = hosts.Names,
            MaxConcurrent = WebhookWorker.PartiesAtOnce * WebhookWorker.MessagesAtOnce,
            MaxConcurrentPerHost = 8 * WebhookWorker.MessagesAtOnce,
            TimeProvider = options.Time,
        });
    }

    public static byte[] SealUrl(ServiceKey key, string url, string party) => key.Seal(Encoding.UTF8.GetBytes(url), UrlPurpose, party);

    public static string OpenUrl(ServiceKey key, WebhookRow hook) => Encoding.UTF8.GetString(key.Open(hook.Url, UrlPurpose, hook.RelyingParty));

    public static byte[] SealSecret(ServiceKey key, ReadOnlySpan<byte> secret, string party) => key.Seal(secret, SecretPurpose, party);

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    public static string Sign(ReadOnlySpan<byte> secret, string id, string timestamp, ReadOnlySpan<byte> body) =>
        $"v1,{StrictBase64.Encode(HMACSHA256.HashData(secret, [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]))}";

    /// <summary>One attempt; never throws for what the receiver does.</summary>
    public async Task<WebhookAttempt> SendAsync(WebhookRow hook, WebhookMessageRow message, CancellationToken ct)
    {
        try
        {
            var url = new Uri(OpenUrl(_key, hook));
            // The operator may have narrowed the list since the address was set.
            if (!_hosts.Allow(url))
                return new WebhookAttempt(WebhookResult.Failed, VerifierCodes.WebhookHost);
            var body = StrictJson.ToUtf8(new JsonObject
            {
                ["type"] = "verification.finished",
                ["id"] = message.TransactionId,
                ["state"] = message.State,
                ["at"] = TransactionDocument.Time(message.FinishedAt),
            });
            var id = $"msg_{message.TransactionId}";
            var timestamp = _options.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            var answer = await _http.PostAsync(url, body, "application/json", _rule, [
                new("webhook-id", id),
                new("webhook-timestamp", timestamp),
                new("webhook-signature", Sign(_key.Open(hook.Secret, SecretPurpose, hook.RelyingParty), id, timestamp, body)),
            ], ct);
            return answer.IsSuccess ? new WebhookAttempt(WebhookResult.Delivered)
                : answer.Status == StatusCodes.Status410Gone ? new WebhookAttempt(WebhookResult.Gone)
                : new WebhookAttempt(WebhookResult.Failed, HttpCodes.StatusRefused);
        }
        catch (FetchException e)
        {
            return new WebhookAttempt(WebhookResult.Failed, e.Code);
        }
        catch (CryptographicException)
        {
            return new WebhookAttempt(WebhookResult.Failed, VerifierCodes.KeyUnavailable);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new WebhookAttempt(WebhookResult.Interrupted);
        }
    }

    public void Dispose() => _http.Dispose();
}
