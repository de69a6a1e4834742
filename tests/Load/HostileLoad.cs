using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Credentials.Codecs;

namespace Credentials.Load;

/// <summary>
/// Connections that mean harm: half of them send as slowly as they can, the others what is costly to read, and again as soon as there is an
/// answer and a moment has passed. They come from an address of their own.
/// </summary>
/// <param name="service">One process of the service, without a proxy in front that would take the worst of it.</param>
/// <param name="apiKey">A relying party's or agency's own key: documents that its customers bring are as hostile as anything else.</param>
internal sealed class HostileLoad(Uri service, string apiKey)
{
    private static readonly IPAddress s_from = IPAddress.Parse("127.0.0.66");
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);

    /// <summary>How often each answer was given, by what was sent.</summary>
    internal IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>Goes on until it is told to end.</summary>
    internal Task RunAsync(int connections, CancellationToken until)
    {
        var bombs = Bombs();
        return Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(async () =>
        {
            using var http = Client();
            for (var turn = number; !until.IsCancellationRequested; turn++)
            {
                try
                {
                    if (number % 2 == 0) await SlowAsync(turn % 6 / 2, until);
                    else await ThrowAsync(http, bombs[turn / 2 % bombs.Count], until);
                }
                catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException)
                {
                    // The service may hang up whenever it likes.
                    Count(number % 2 == 0 ? "slow: hung up" : "bomb: hung up");
                }

                await Task.Delay(s_pause, CancellationToken.None);
            }
        })));
    }

    private async Task ThrowAsync(HttpClient http, Bomb bomb, CancellationToken until)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service, bomb.Path)) { Content = new ByteArrayContent(bomb.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(bomb.MediaType);
        if (bomb.Encoding is not null) request.Content.Headers.ContentEncoding.Add(bomb.Encoding);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bomb.WithKey ? apiKey : new string('x', 4096));
        using var response = await http.SendAsync(request, until);
        Count($"{bomb.Name}: {(int)response.StatusCode}");
    }

    // A request line and nothing; a body octet by octet; a body in chunks without an end.
    private async Task SlowAsync(int kind, CancellationToken until)
    {
        using var socket = await ConnectAsync(until);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(kind switch
        {
            0 => $"POST /credential HTTP/1.1\r\nHost: {service.Authority}\r\nX-Slow: ",
            1 => $"POST /credential HTTP/1.1\r\nHost: {service.Authority}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n",
            _ => $"POST /documents/verify HTTP/1.1\r\nHost: {service.Authority}\r\nAuthorization: Bearer {apiKey}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        }), until);
        var answer = new byte[512];
        var answered = stream.ReadAsync(answer, until).AsTask();
        var chunk = Encoding.ASCII.GetBytes("4000\r\n" + new string(' ', 0x4000) + "\r\n");
        while (!answered.IsCompleted)
        {
            await stream.WriteAsync(kind == 2 ? chunk : " "u8.ToArray(), until);
            await Task.WhenAny(answered, Task.Delay(s_tick, until));
            until.ThrowIfCancellationRequested();
        }

        var status = Encoding.ASCII.GetString(answer, 0, await answered).Split(' ');
        Count($"slow: {(status.Length > 1 ? status[1] : "hung up")}");
    }

    private void Count(string answer) => _answers.AddOrUpdate(answer, 1, (_, times) => times + 1);

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, until) => new NetworkStream(await ConnectAsync(until), ownsSocket: true),
    })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    private async Task<Socket> ConnectAsync(CancellationToken until)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(s_from, 0));
            await socket.ConnectAsync(IPAddress.Loopback, service.Port, until);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static List<Bomb> Bombs()
    {
        var zeros = new byte[64 << 20];
        using var inflated = new MemoryStream();
        using (var zlib = new ZLibStream(inflated, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(zeros);
        var certificate = "HC1:" + StrictBase45.Encode(inflated.ToArray());
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(zeros);
        var deep = new string('[', 30_000) + new string(']', 30_000);
        var wide = "{" + string.Join(',', Enumerable.Range(0, 5000).Select(n => $"\"m{n}\":{n}")) + "}";
        var form = string.Join('&', Enumerable.Range(0, 5000).Select(n => $"f{n}=x"));
        // A list of 2^32 - 1 elements in nine octets, and lists in lists.
        var cbor = StrictBase64Url.Encode([0x9a, 0xff, 0xff, 0xff, 0xff, .. Enumerable.Repeat((byte)0x81, 20_000)]);
        var parts = string.Concat(Enumerable.Repeat("~" + new string('A', 32), 1500));
        static string Document(string text) => $$"""{"document":"{{text}}"}""";
        return
        [
            Json("nested JSON", "/credential", deep), Json("wide JSON", "/credential", wide), Json("8 MiB", "/credential", new string(' ', 8 << 20)),
            new("form of 5000 fields", "/token", "application/x-www-form-urlencoded", Encoding.ASCII.GetBytes(form)),
            new("form of 5000 fields", "/par", "application/x-www-form-urlencoded", Encoding.ASCII.GetBytes(form)),
            new("gzip of 64 MiB", "/credential", "application/json", zipped.ToArray(), "gzip"),
            new("answer to nothing", "/wallet/responses/AAAAAAAAAAAAAAAAAAAAAA", "application/x-www-form-urlencoded", Encoding.ASCII.GetBytes("response=" + new string('e', 60_000))),
            Json("zlib of 64 MiB", "/documents/verify", Document(certificate), withKey: true), Json("nested CBOR", "/documents/verify", Document(cbor), withKey: true),
            Json("1500 disclosures", "/documents/verify", Document("eyJhbGciOiJFUzI1NiJ9.e30.AAAA" + parts + "~"), withKey: true),
            Json("nested JSON with a key", "/documents/verify", deep, withKey: true), Json("wide JSON with a key", "/agency/v1/offers", wide, withKey: true),
        ];

        static Bomb Json(string name, string path, string body, bool withKey = false) => new(name, path, "application/json", Encoding.UTF8.GetBytes(body), null, withKey);
    }

    private sealed record Bomb(string Name, string Path, string MediaType, byte[] Body, string? Encoding = null, bool WithKey = false);
}
