using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.Wallet.Core;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Benchmarks;

/// <summary>
/// A wallet with very many documents: each an SD-JWT VC of ten claims with its key and its entry in the history. It is filled here, and
/// measured in a process of its own, whose memory is nothing else's.
/// </summary>
internal static class WalletScale
{
    private const int DocumentsOfAType = 20;
    private const int Times = 21;

    /// <summary>Fills a wallet and has it measured.</summary>
    public static async Task<int> RunAsync(Parties parties, int documents, string? page)
    {
        // Every change is written to the disk before it counts, and how long a disk takes is not what is measured.
        var folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"credentials-wallet-{Guid.NewGuid():N}"));
        try
        {
            var path = Path.Combine(folder.FullName, "wallet.db");
            var key = RandomNumberGenerator.GetBytes(32);
            Console.Error.WriteLine($"filling a wallet with {documents} documents");
            await FillAsync(path, key, parties, documents);
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["wallet-measure", path, Convert.ToHexString(key)]) { RedirectStandardOutput = true };
            // 28 MB in pieces of 1 MB, in hexadecimal without a prefix. Without a limit the collector goes by the processor's cache and the machine's
            // memory, not by what the wallet needs; of its usual pieces, 4 MB each, such a heap has seven.
            start.Environment["DOTNET_GCHeapHardLimit"] = "1C00000";
            start.Environment["DOTNET_GCRegionSize"] = "100000";
            using var child = Process.Start(start)!;
            var table = new StringBuilder("| what the holder waits for | here | to reach |\n|---|--:|--:|\n").Append(await child.StandardOutput.ReadToEndAsync());
            await child.WaitForExitAsync();
            if (child.ExitCode != 0) return child.ExitCode;
            table.AppendLine().Append(CultureInfo.InvariantCulture, $"{Page.Date}, {documents} documents in a file of {new FileInfo(path).Length / 1024 / 1024} MB, {Page.Machine}{(RuntimeFeature.IsDynamicCodeCompiled ? "" : " Compiled ahead of time.")}");
            Console.WriteLine(table);
            if (page is not null) Page.Write(page, "wallet table", table.ToString());
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Opens the wallet and measures what its holder waits for.</summary>
    public static async Task MeasureAsync(string path, byte[] key)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = AnswerAsync(listener);
        using var http = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true });
        var link = Request($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/response");
        var opened = Stopwatch.StartNew();
        var area = new TimedArea();
        await using var wallet = await CredentialWallet.OpenAsync(new WalletOptions { Path = path, Key = key, Http = http, Time = TimeProvider.System, SecureArea = area });
        opened.Stop();

        var (resolved, presented) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < Times; turn++)
        {
            var clock = Stopwatch.StartNew();
            var request = await wallet.ResolveRequestAsync(link);
            resolved.Add(clock.Elapsed.TotalMilliseconds);
            if (request.Sets is not [{ Options: [{ Members: [{ Matches.Count: DocumentsOfAType }] }, { Members.Count: 2 }] }]) throw new InvalidOperationException("The options are not those that are there.");
            area.Signing = TimeSpan.Zero;
            clock.Restart();
            var outcome = await wallet.PresentAsync(request, request.Proposal!);
            presented.Add((clock.Elapsed - area.Signing).TotalMilliseconds);
            if (!outcome.IsConfirmed) throw new InvalidOperationException($"The presentation ended with {outcome.Code}.");
        }

        using var process = Process.GetCurrentProcess();
        Row("open, with a key at hand", $"{opened.Elapsed.TotalMilliseconds:0} ms", "≤ 300 ms");
        Row("a request with two options: verified, matched, noted in the history (first)", $"{resolved[0]:0} ms", "");
        Row("the same (median)", $"{Median(resolved):0.0} ms", "≤ 20 ms");
        Row("a presentation without signing: chosen, noted, sent, noted (median)", $"{Median(presented):0.0} ms", "≤ 5 ms");
        Row("memory of the process (most)", $"{process.PeakWorkingSet64 / 1024 / 1024} MB", "≤ 60 MB");

        static void Row(string what, FormattableString value, string goal) => Console.WriteLine($"| {what} | {FormattableString.Invariant(value)} | {goal} |");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task FillAsync(string path, byte[] key, Parties parties, int documents)
    {
        await using var store = await EncryptedStore.OpenAsync(path, new StoreKey(null, key), CancellationToken.None);
        var names = DisplayNames.From([("ko", "증명서"), ("en", "Certificate")]);
        foreach (var some in Enumerable.Range(0, documents).Chunk(500))
        {
            var made = new List<(Document Document, SoftwareSigningKey Key)>();
            foreach (var number in some)
            {
                var (type, holder) = ($"urn:scale:{number / DocumentsOfAType}", SoftwareSigningKey.Generate(SignatureAlgorithm.Es256));
                var claims = new JsonObject(Enumerable.Range(0, 10).Select(i => KeyValuePair.Create($"claim_{i}", (JsonNode?)$"value {i} of {number}")));
                var text = await SdJwtIssuer.IssueAsync(
                    new SdJwtContent
                    {
                        Type = type,
                        Claims = claims,
                        Disclosable = [.. claims.Select(claim => ClaimPath.Of(claim.Key))],
                        Certificates = [parties.Certificate],
                        HolderKey = holder.PublicKey,
                        IssuedAt = parties.Now,
                        ExpiresAt = parties.Now.AddDays(90),
                        Status = parties.Status,
                    },
                    parties.Agency);
                var id = RecordId.New();
                made.Add((new Document
                {
                    Id = id,
                    Format = CredentialFormat.SdJwtVc,
                    Type = type,
                    MatchedFormat = CredentialFormat.SdJwtVc,
                    MatchedTypes = [type],
                    CredentialIssuer = "https://issuer.example",
                    ConfigurationId = $"type_{number / DocumentsOfAType}",
                    IssuerNames = names,
                    Names = names,
                    ReceivedAt = parties.Now,
                    Labels = [],
                    Reuse = ReusePolicy.Rotating,
                    Credentials = [new StoredCredential(text, new SecureAreaKey(RecordId.New(), holder.PublicKey)) { Id = RecordId.New(), DocumentId = id, ExpiresAt = parties.Now.AddDays(90), TimesPresented = 0 }],
                }, holder));
            }

            await store.WriteAsync(
                transaction =>
                {
                    foreach (var (document, holder) in made)
                    {
                        DocumentShelf.Put(transaction, document, new Artwork(null, null, null, null));
                        transaction.Put(RecordKind.Key, document.Credentials[0].KeyId, new JsonObject { ["jwk"] = holder.ExportPrivateJwk() });
                        HistoryEntry.Put(transaction, HistoryEntry.New(HistoryKind.Received, TimeProvider.System) with
                        {
                            Party = document.CredentialIssuer,
                            Claims = [new HistoryClaims(document.Id, document.Type, [.. Enumerable.Range(0, 10).Select(i => ClaimPath.Of($"claim_{i}"))])],
                        });
                        holder.Dispose();
                    }
                },
                CancellationToken.None);
        }
    }

    /// <summary>Either one document of one type, or one each of two others.</summary>
    private static string Request(string responseUri)
    {
        static string Query(string id, int type, string claims) =>
            $$"""{"id":"{{id}}","format":"dc+sd-jwt","meta":{"vct_values":["urn:scale:{{type}}"]},"claims":[{{claims}}]}""";
        var query = $$"""
            {"credentials":[{{Query("a", 1, """{"path":["claim_1"]},{"path":["claim_7"]}""")}},{{Query("b", 2, """{"path":["claim_2"]}""")}},{{Query("c", 3, """{"path":["claim_3"]}""")}}],
             "credential_sets":[{"options":[["a"],["b","c"]]}]}
            """;
        return "openid4vp://?" + StrictForm.Encode(
        [
            new("client_id", "redirect_uri:" + responseUri), new("response_type", "vp_token"), new("response_mode", "direct_post"),
            new("response_uri", responseUri), new("nonce", "n-0S6_WzA2Mj-0123456789"), new("dcql_query", query),
        ]);
    }

    /// <summary>A verifier that says yes.</summary>
    private static async Task AnswerAsync(TcpListener listener)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            var text = "";
            while (!IsWhole(text)) text += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"u8.ToArray());
        }
    }

    private static bool IsWhole(string request)
    {
        const string Length = "Content-Length: ";
        var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0) return false;
        var at = request.IndexOf(Length, StringComparison.OrdinalIgnoreCase) + Length.Length;
        return request.Length - head - 4 >= int.Parse(request.AsSpan(at, request.IndexOf('\r', at) - at), CultureInfo.InvariantCulture);
    }

    /// <summary>Signs with a key of its own, whichever is named, and tells how long it took: signing is not what is measured.</summary>
    private sealed class TimedArea : ISecureArea
    {
        private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

        public TimeSpan Signing { get; set; }

        public IReadOnlyList<SignatureAlgorithm> Algorithms => [SignatureAlgorithm.Es256];

        public Task<SecureAreaKey> CreateKeyAsync(SignatureAlgorithm algorithm, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async Task<byte[]> SignAsync(string keyId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
        {
            var began = Stopwatch.GetTimestamp();
            var signature = await _key.SignAsync(data, cancellationToken);
            Signing += Stopwatch.GetElapsedTime(began);
            return signature;
        }

        public Task DeleteKeyAsync(string keyId, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<IReadOnlyList<string>> ListKeysAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<string>>(["left over"]);
    }
}
