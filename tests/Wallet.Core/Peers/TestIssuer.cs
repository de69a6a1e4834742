using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Credentials.Wallet.Core.Tests.Peers;

/// <summary>A small issuer on a real port, made from the core's messages. Each test bends one thing of it.</summary>
internal sealed partial class TestIssuer : IAsyncDisposable
{
    public const string Type = "urn:test:licence:1";
    public const string Secret = "SECRET-홍길동";

    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly WebApplication _app;
    private int _issued;

    private TestIssuer(TestClock clock, string url)
    {
        (Clock, Url) = (clock, url);
        Authority = CertificateAuthority.Create("Test root", "KR", clock.Now);
        Metadata = NewMetadata();
        var builder = QuietServer.CreateBuilder();
        builder.WebHost.UseUrls(url);
        _app = builder.Build();
    }

    public TestClock Clock { get; }

    public string Url { get; }

    public CertificateAuthority Authority { get; }

    /// <summary>What the metadata endpoint answers.</summary>
    public JsonObject Metadata { get; set; }

    /// <summary>A signed answer of the metadata endpoint, in place of <see cref="Metadata"/>.</summary>
    public string? SignedMetadata { get; set; }

    public JsonObject? ServerMetadata { get; set; }

    public string? TransactionCode { get; set; }

    /// <summary>Answers nothing but 503.</summary>
    public bool IsDown { get; set; }

    public int NonceStatus { get; set; } = 200;

    /// <summary>How often the credential endpoint says that the nonce has run out.</summary>
    public int StaleNonces { get; set; }

    /// <summary>Bends the content of the copy with this number.</summary>
    public Func<SdJwtContent, int, SdJwtContent> Content { get; set; } = (content, _) => content;

    /// <summary>Bends the content of the mdoc with this number.</summary>
    public Func<MdocContent, int, MdocContent> MdocContent { get; set; } = (content, _) => content;

    /// <summary>The ids in the offer.</summary>
    public IReadOnlyList<string> Offered { get; set; } = ["licence"];

    /// <summary>Bends what the credential endpoint sends.</summary>
    public Func<IReadOnlyList<string>, JsonObject> Response { get; set; } = texts => new CredentialResponse { Credentials = texts }.ToJson();

    /// <summary>What is under <c>/logos/</c>, by name.</summary>
    public Dictionary<string, Func<IResult>> Logos { get; } = new(StringComparer.Ordinal);

    public List<string> Requests { get; } = [];

    public List<string> Headers { get; } = [];

    public static async Task<TestIssuer> StartAsync(TestClock clock)
    {
        var issuer = new TestIssuer(clock, $"http://localhost:{FreePort.Next()}");
        issuer.Map();
        await issuer._app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    public CredentialOffer Offer => new()
    {
        CredentialIssuer = Url,
        ConfigurationIds = Offered,
        PreAuthorized = IsSecure ? null : new PreAuthorizedGrant("code", TransactionCode is null ? null : new TransactionCodeHint(true, 4, null)),
        AuthorizationCode = IsSecure ? new AuthorizationCodeGrant("issuer-state-1") : null,
    };

    public string Link => CredentialOfferLink.ByValue(Offer);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        Authority.Dispose();
    }

    private JsonObject NewMetadata() => new CredentialIssuerMetadata
    {
        CredentialIssuer = Url,
        CredentialEndpoint = Url + "/credential",
        NonceEndpoint = Url + "/nonce",
        BatchSize = 10,
        Display = [new DisplayText("Test agency", "en"), new DisplayText("시험 기관", "ko")],
        Configurations = new Dictionary<string, CredentialConfiguration>
        {
            ["licence"] = new()
            {
                Format = CredentialFormat.SdJwtVc,
                Vct = Type,
                BindingMethods = [OpenId4VciNames.JwkBinding],
                ProofTypes = new Dictionary<string, ProofTypeMetadata> { [OpenId4VciNames.JwtProof] = new(["ES256"], false) },
                Display = [new DisplayText("Licence", "en"), new DisplayText("면허증", "ko")],
                Claims = [new OpenId4Vci.ClaimDescription(ClaimPath.Of("family_name"), true, [new DisplayText("Family name", "en")])],
            },
            ["mdl"] = new()
            {
                Format = CredentialFormat.Mdoc,
                Doctype = MdocNames.MdlDocType,
                BindingMethods = [OpenId4VciNames.CoseKeyBinding],
                ProofTypes = new Dictionary<string, ProofTypeMetadata> { [OpenId4VciNames.JwtProof] = new(["ES256"], false) },
                Display = [new DisplayText("Mobile licence", "en")],
                Claims =
                [
                    new OpenId4Vci.ClaimDescription(ClaimPath.Of(MdocNames.MdlNamespace, "portrait"), true, [new DisplayText("Photo", "en")]),
                    new OpenId4Vci.ClaimDescription(ClaimPath.Of(MdocNames.MdlNamespace, "family_name"), true, [new DisplayText("Family name", "en")]),
                ],
            },
        },
    }.ToJson();

    private void Map()
    {
        _app.Use(async (context, next) =>
        {
            lock (Requests)
            {
                Requests.Add($"{context.Request.Method} {context.Request.Path}");
                Headers.AddRange(context.Request.Headers.Keys);
            }
            if (IsDown) context.Response.StatusCode = 503;
            else await next(context);
        });
        _app.MapGet("/.well-known/openid-credential-issuer", () => SignedMetadata is { } signed ? Results.Text(signed, "application/jwt") : Json(Metadata));
        _app.MapGet("/.well-known/oauth-authorization-server", () => Json(ServerMetadata ?? (IsSecure ? SecureServerMetadata : new AuthorizationServerMetadata
        {
            Issuer = Url,
            TokenEndpoint = Url + "/token",
            GrantTypes = [OpenId4VciNames.PreAuthorizedCodeGrant],
        }).ToJson()));
        _app.MapGet("/offer", () => Json(Offer.ToJson()));
        _app.MapPost("/nonce", () => NonceStatus == 200 ? Json(new NonceResponse("nonce-1").ToJson()) : Results.StatusCode(NonceStatus));
        _app.MapGet("/logos/{name}", (string name) => Logos.TryGetValue(name, out var logo) ? logo() : Results.NotFound());
        _app.MapPost("/token", TokenAsync);
        _app.MapPost("/credential", CredentialAsync);
        MapSecure();
        MapStatus();
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var token = TokenRequest.Parse(await BodyAsync(request));
        if (IsSecure) return SecureToken(request, token);
        return token.TxCode == TransactionCode
            ? Json(new TokenResponse("token-1", "Bearer", TimeSpan.FromMinutes(5), []).ToJson())
            : Json(new OAuthErrorResponse("invalid_grant").ToJson(), 400);
    }

    private async Task<IResult> CredentialAsync(HttpRequest request)
    {
        if (RefuseToken(request, "/credential") is { } refusal) return refusal;
        if (StaleNonces-- > 0) return Json(new OAuthErrorResponse(OpenId4VciNames.InvalidNonce).ToJson(), 400);
        var (body, wasEncrypted) = await PlainBodyAsync(request);
        var asked = CredentialRequest.Parse(body, JsonLimits.Default, wasEncrypted);
        var expected = new KeyProofExpectations
        {
            CredentialIssuer = Url,
            Algorithms = ["ES256"],
            NonceRequired = true,
            ClientId = ClientId,
            Attestation = Attesters is null ? null : Attested,
            Now = Clock.Now,
            MaxAge = TimeSpan.FromMinutes(5),
        };
        var texts = new List<string>();
        var proofs = asked.JwtProofs.Select(proof => KeyProof.Verify(proof, expected)).ToList();
        var holders = proofs.SelectMany(proof => proof.Attestation?.Keys ?? [proof.HolderKey]).ToList();
        if (Deferrals > 0)
        {
            _deferred = holders;
            return Json(new CredentialResponse { TransactionId = "transaction-1", Interval = TimeSpan.FromMinutes(1) }.ToJson());
        }
        foreach (var holder in holders) texts.Add(asked.ConfigurationId == "mdl" ? await IssueMdocAsync(holder) : await IssueAsync(holder));
        return await AnswerAsync(Response(texts), asked.ResponseEncryption);
    }

    /// <summary>Issues one copy as this issuer does.</summary>
    public async Task<string> IssueAsync(PublicKey holder)
    {
        var number = _issued++;
        var content = new SdJwtContent
        {
            Type = Type,
            Claims = new JsonObject { ["family_name"] = Secret, ["given_name"] = "given", ["age_over_19"] = true, ["document_number"] = "N-1", ["issuing_country"] = "KR" },
            Disclosable = [ClaimPath.Of("family_name"), ClaimPath.Of("given_name"), ClaimPath.Of("age_over_19"), ClaimPath.Of("document_number")],
            Certificates = [Authority.IssueDocumentSigner("Test signer", _key, Clock.Now)],
            HolderKey = holder,
            IssuedAt = Clock.Now,
            ExpiresAt = Clock.Now.AddDays(90),
            Status = new StatusReference(Url + "/status/1", number),
        };
        return await SdJwtIssuer.IssueAsync(Content(content, number), _key);
    }

    /// <summary>Issues one copy of the mdoc as this issuer does.</summary>
    public async Task<string> IssueMdocAsync(PublicKey holder)
    {
        var number = _issued++;
        var elements = StrictJson.Parse($$"""
            { "org.iso.18013.5.1": {
                "family_name": "{{Secret}}", "given_name": "given", "birth_date": "1990-05-01", "issue_date": "2026-01-02", "expiry_date": "2031-01-02",
                "issuing_country": "KR", "issuing_authority": "Agency", "document_number": "N-1", "portrait": "_9j_AAAA",
                "driving_privileges": [ { "vehicle_category_code": "B" } ], "un_distinguishing_sign": "ROK", "age_over_19": true } }
            """);
        var content = new MdocContent
        {
            DocType = MdocNames.MdlDocType,
            NameSpaces = MdocElements.FromJson(MdocNames.MdlDocType, elements),
            Certificates = [Authority.IssueDocumentSigner("Test signer", _key, Clock.Now)],
            DeviceKey = holder,
            Signed = Clock.Now,
            ValidUntil = Clock.Now.AddDays(90),
            Status = [new StatusReference(Url + "/status/1", number)],
        };
        return StrictBase64Url.Encode(await MdocIssuer.IssueAsync(MdocContent(content, number), _key));
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static IResult Json(JsonNode json, int status = 200) => Results.Text(StrictJson.ToText(json), "application/json", statusCode: status);
}
