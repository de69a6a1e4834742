using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.Tests.Shared;
using Credentials.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Credentials.Wallet.Core.Tests.Peers;

/// <summary>A small verifier on a real port, made from the core's messages. Each test bends one thing of it.</summary>
internal sealed class TestVerifier : IAsyncDisposable
{
    public const string State = "state-1";
    public const string Nonce = "nonce-1";

    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly SoftwareKeyAgreementKey _encryption = SoftwareKeyAgreementKey.Generate();
    private readonly WebApplication _app;

    private TestVerifier(TestClock clock, string url)
    {
        (Clock, Url) = (clock, url);
        Authority = CertificateAuthority.Create("Test verifiers", "KR", clock.Now);
        var builder = QuietServer.CreateBuilder();
        builder.WebHost.UseUrls(url);
        _app = builder.Build();
    }

    public TestClock Clock { get; }

    public string Url { get; }

    public CertificateAuthority Authority { get; }

    public string ResponseMode { get; set; } = OpenId4VpNames.DirectPostJwt;

    public string Query { get; set; } = QueryFor("age_over_19");

    public IReadOnlyList<TransactionData> TransactionData { get; set; } = [];

    public bool ForgetsWalletNonce { get; set; }

    /// <summary>Stands in place of the request endpoint's answer.</summary>
    public IResult? RequestAnswer { get; set; }

    /// <summary>The response endpoint's answer.</summary>
    public IResult ResponseAnswer { get; set; } = Results.Text("{}", "application/json");

    /// <summary>What it says about where holders turn to.</summary>
    public VerifierInfo? DataRights { get; set; }

    /// <summary>The deletion endpoint's answer.</summary>
    public IResult DeletionAnswer { get; set; } = Results.StatusCode(202);

    /// <summary>The deletion requests that arrived.</summary>
    public List<string> DeletionRequests { get; } = [];

    /// <summary>The forms that were posted.</summary>
    public List<IReadOnlyDictionary<string, string>> Posted { get; } = [];

    public int RequestFetches { get; private set; }

    public static async Task<TestVerifier> StartAsync(TestClock clock)
    {
        var verifier = new TestVerifier(clock, $"http://localhost:{FreePort.Next()}");
        verifier.Map();
        await verifier._app.StartAsync(TestContext.Current.CancellationToken);
        return verifier;
    }

    public static string QueryFor(params string[] claims) => Credential(TestIssuer.Type, claims);

    public static string Credential(string type, params string[] claims)
    {
        var named = claims.Length == 0 ? "" : $$""", "claims": [{{string.Join(',', claims.Select(claim => $$"""{"path":["{{claim}}"]}"""))}}]""";
        return $$"""{"credentials":[{"id":"q","format":"dc+sd-jwt","meta":{"vct_values":["{{type}}"]}{{named}}}]}""";
    }

    /// <summary>A link to the signed request, by GET or POST.</summary>
    public string Link(bool usePost = false)
    {
        var client = ClientIdentifier.ForCertificate(Certificate());
        return RequestUri.ByReference(client, new Uri(Url + "/request"), usePost).ToString();
    }

    /// <summary>A link with an unsigned request.</summary>
    public string UnsignedLink() =>
        RequestUri.Plain(Request(ClientIdentifier.ForResponseUri(new Uri(Url + "/response")))).ToString();

    /// <summary>A query for data elements of a driving licence.</summary>
    public static string QueryForMdoc(params string[] elements)
    {
        var named = elements.Length == 0 ? "" : $$""", "claims": [{{string.Join(',', elements.Select(element => $$"""{"path":["org.iso.18013.5.1","{{element}}"]}"""))}}]""";
        return $$"""{"credentials":[{"id":"m","format":"mso_mdoc","meta":{"doctype_value":"org.iso.18013.5.1.mDL"}{{named}}}]}""";
    }

    /// <summary>What answers to the signed request must be bound to, worked out on the verifier's side.</summary>
    public RequestBinding Binding => RequestBinding.ForRedirect(
        ClientIdentifier.ForCertificate(Certificate()).Full, Nonce, Url + "/response", ResponseMode == OpenId4VpNames.DirectPostJwt ? _encryption.PublicKey : null);

    /// <summary>The last answer, decrypted where it is.</summary>
    public async Task<AuthorizationResponse> ReadAsync()
    {
        var expected = new ResponseExpectations(ResponseMode, State) { DecryptionKey = _encryption, DecryptionKeyId = "enc-1" };
        return (await ResponseReader.ReadAsync(Posted[^1], expected, TestContext.Current.CancellationToken)).Response!;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _encryption.Dispose();
        Authority.Dispose();
    }

    private System.Security.Cryptography.X509Certificates.X509Certificate2 Certificate() =>
        _certificate ??= Authority.IssueAccessCertificate("Test verifier", _key, ["localhost"], Clock.Now);

    private System.Security.Cryptography.X509Certificates.X509Certificate2? _certificate;

    private AuthorizationRequest Request(ClientIdentifier client) => new()
    {
        ClientId = client,
        ResponseMode = ResponseMode,
        ResponseUri = new Uri(Url + "/response"),
        Nonce = Nonce,
        State = State,
        DcqlQuery = DcqlQuery.Parse(StrictJson.Parse(Query)),
        ClientMetadata = new ClientMetadata { Jwks = [StrictJson.ToElement(EncryptionJwk())], UnverifiedClientName = "Bank\u202e of nobody" },
        TransactionData = TransactionData,
        VerifierInfo =
        [
            new PurposeStatement(new Dictionary<string, string> { ["en"] = "To sell beer" }).ToVerifierInfo(),
            .. DataRights is null ? (IEnumerable<VerifierInfo>)[] : [DataRights],
        ],
    };

    private JsonObject EncryptionJwk()
    {
        var jwk = Jwk.Write(_encryption.PublicKey, "enc-1");
        jwk["use"] = "enc";
        jwk["alg"] = "ECDH-ES";
        return jwk;
    }

    private void Map()
    {
        _app.MapMethods("/request", ["GET", "POST"], async (HttpRequest http) =>
        {
            RequestFetches++;
            if (RequestAnswer is not null) return RequestAnswer;
            var request = Request(ClientIdentifier.ForCertificate(Certificate()));
            if (HttpMethods.IsPost(http.Method) && !ForgetsWalletNonce) request = request with { WalletNonce = (await http.ReadFormAsync())["wallet_nonce"] };
            var text = await RequestObject.SignAsync(request, _key, [Certificate()], Clock.Now, TimeSpan.FromMinutes(5));
            return Results.Text(text, "application/oauth-authz-req+jwt");
        });
        _app.MapPost("/response", async (HttpRequest http) =>
        {
            Posted.Add((await http.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal));
            return ResponseAnswer;
        });
        _app.MapPost("/deletion", async (HttpRequest http) =>
        {
            using var body = new StreamReader(http.Body);
            DeletionRequests.Add(await body.ReadToEndAsync());
            return DeletionAnswer;
        });
        _app.MapPost("/elsewhere", async (HttpRequest http) =>
        {
            Posted.Add((await http.ReadFormAsync()).ToDictionary(field => "elsewhere:" + field.Key, field => field.Value.ToString(), StringComparer.Ordinal));
            return Results.Ok();
        });
    }
}
