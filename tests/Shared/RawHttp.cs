using System.Net.Sockets;
using System.Text;

namespace Credentials.Tests.Shared;

/// <summary>Sends bytes that no well-behaved client sends, and reads what comes back until the other side closes.</summary>
public static class RawHttp
{
    /// <summary>The malformed requests that a front server could read in another way than we do, by name. HOST and PATH stand for the target.</summary>
    public static IReadOnlyDictionary<string, string> Malformed { get; } = new Dictionary<string, string>
    {
        ["length and chunked"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
        ["two lengths"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        ["a list of lengths"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1, 2\r\n\r\nab",
        // Not here: the platform's server reads "Content-Length: +1" as 1 (spec/threats.md).
        ["another coding last"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        ["a coding that nearly is chunked"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        ["a line feed alone in a chunk extension"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n1;\nxx\r\na\r\n0\r\n\r\n",
        ["a chunk that is no number"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n0\r\n\r\n",
        ["a chunk beyond all numbers"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
        ["a chunk longer than it says"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabcdef\r\n0\r\n\r\n",
        ["a blank before the colon"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        ["a folded header"] = "POST PATH HTTP/1.1\r\nHost: HOST\r\nX-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ["NUL in a header"] = "GET PATH HTTP/1.1\r\nHost: HOST\r\nX-A: b\0c\r\n\r\n",
        ["no host"] = "GET PATH HTTP/1.1\r\n\r\n",
        ["two hosts"] = "GET PATH HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n",
        ["another version"] = "GET PATH HTTP/9.9\r\nHost: HOST\r\n\r\n",
        ["no HTTP at all"] = "\u0016\u0003\u0001\u0002\r\n\r\n",
        ["headers of 64 KB"] = $"GET PATH HTTP/1.1\r\nHost: HOST\r\nX-A: {new string('a', 64 * 1024)}\r\n\r\n",
        ["two hundred headers"] = $"GET PATH HTTP/1.1\r\nHost: HOST\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: a\r\n"))}\r\n",
        ["a line of 64 KB"] = $"GET PATH?{new string('a', 64 * 1024)} HTTP/1.1\r\nHost: HOST\r\n\r\n",
    };

    /// <summary>
    /// Fails unless each malformed request, with a second request hidden behind it, gets one refusal and a closed connection. The twin
    /// is answered.
    /// </summary>
    public static async Task AssertRefusedAsync(int port, string path)
    {
        List<string> wrong = [];
        foreach (var (name, request) in Malformed)
        {
            var answer = await SendAsync(port, request.Replace("PATH", path).Replace("HOST", $"localhost:{port}")
                + $"GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
            if (answer.Split("HTTP/1.1 ").Length != 2 || !(answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal)))
                wrong.Add($"{name}: {answer}");
        }
        Assert.True(wrong.Count == 0, string.Join(" ;; ", wrong));
        var twin = await SendAsync(port, $"GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", twin, StringComparison.Ordinal);
    }

    /// <summary>What comes back until the connection is closed; a connection that stays open for 25 seconds is a failure.</summary>
    public static async Task<string> SendAsync(int port, string request)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        guard.CancelAfter(TimeSpan.FromSeconds(25));
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", port, guard.Token);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), guard.Token);
            await stream.CopyToAsync(answer, guard.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return "still open: " + Encoding.Latin1.GetString(answer.ToArray());
        }
        catch (IOException)
        {
            // Reset by the other side, which has read enough: what it answered first counts.
        }
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
