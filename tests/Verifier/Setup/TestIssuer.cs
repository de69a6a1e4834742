using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Qr;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Verifier.Tests.Setup;

/// <summary>An agency: a root, a document signer, a status signer, and a status list served on loopback.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private readonly CertificateAuthority _root;
    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly SoftwareSigningKey _statusKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly TimeProvider _time;
    private readonly StatusList _list = StatusList.Create(2, 1024);
    private WebApplication? _server;
    private int _index;

    public TestIssuer(TimeProvider time)
    {
        _time = time;
        var now = time.GetUtcNow();
        _root = CertificateAuthority.Create("Test Agency Root", "KR", now);
        Signer = _root.IssueDocumentSigner("Test Agency", _key, now);
        StatusSigner = _root.IssueStatusSigner("Test Agency Status", _statusKey, now);
        RootPem = _root.Certificate.ExportCertificatePem();
    }

    public string RootPem { get; }

    public System.Security.Cryptography.X509Certificates.X509Certificate2 Signer { get; }

    public System.Security.Cryptography.X509Certificates.X509Certificate2 StatusSigner { get; }

    public ISigningKey SigningKey => _key;

    public int StatusFetches { get; private set; }

    /// <summary>When false, the status list cannot be had.</summary>
    public bool StatusOnline { get; set; } = true;

    /// <summary>Runs before the status list is given out; may wait.</summary>
    public Func<Task>? BeforeStatus { get; set; }

    /// <summary>Signs the status list instead of the status signer.</summary>
    public ISigningKey? StatusForger { get; set; }

    public string StatusUri { get; private set; } = "";

    public Task StartAsync() => StartAsync(0);

    /// <summary>Takes the server off the network; <see cref="ReviveAsync"/> brings it back at the same address.</summary>
    public Task KillAsync() => _server!.DisposeAsync().AsTask();

    public Task ReviveAsync() => StartAsync(new Uri(StatusUri).Port);

    private async Task StartAsync(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        _server = builder.Build();
        _server.UseRouting();
        _server.MapGet("/status/1", async (HttpContext http) =>
        {
            StatusFetches++;
            if (BeforeStatus is { } before)
                await before();
            if (!StatusOnline)
                return Results.StatusCode(503);
            var token = await StatusListToken.IssueAsync(new StatusListTokenContent
            {
                Uri = StatusUri,
                List = _list,
                IssuedAt = _time.GetUtcNow(),
                TimeToLive = TimeSpan.FromHours(12),
                ExpiresAt = _time.GetUtcNow().AddDays(1),
                Certificates = [StatusSigner],
            }, StatusForger ?? _statusKey);
            return Results.Text(token, "application/statuslist+jwt");
        });
        await _server.StartAsync();
        StatusUri = $"{_server.Urls.First().Replace("127.0.0.1", "localhost")}/status/1";
    }

    public void SetStatus(int index, byte value) => _list[index] = value;

    /// <summary>A credential of this agency; every claim but issuing_country can be withheld.</summary>
    public async Task<IssuedTo> IssueAsync(string type, JsonObject claims, Func<SdJwtContent, SdJwtContent>? alter = null)
    {
        var holder = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var index = Interlocked.Increment(ref _index);
        var disclosable = claims.Select(c => c.Key).Where(n => n != "issuing_country").Select(n => ClaimPath.ParseText(n))
            .Concat(claims["address"] is JsonObject address ? address.Select(c => ClaimPath.ParseText($"address.{c.Key}")) : []);
        var content = new SdJwtContent
        {
            Claims = claims,
            Disclosable = [.. disclosable],
            Type = type,
            Certificates = [Signer],
            HolderKey = holder.PublicKey,
            IssuedAt = _time.GetUtcNow(),
            ExpiresAt = _time.GetUtcNow().AddDays(30),
            Status = _server is null ? null : new StatusReference(StatusUri, index),
        };
        return new IssuedTo(await SdJwtIssuer.IssueAsync(alter?.Invoke(content) ?? content, _key), holder, index);
    }

    public Task<IssuedTo> IssueLicenceAsync(bool over19 = true, Func<SdJwtContent, SdJwtContent>? alter = null) => IssueAsync("urn:credentials:kr:mdl:1", Licence(over19), alter);

    public static JsonObject Licence(bool over19 = true) => new()
    {
        ["family_name"] = "홍",
        ["given_name"] = "길동",
        ["birth_date"] = "1990-05-17",
        ["document_number"] = "11-22-333333-44",
        ["issue_date"] = "2024-01-02",
        ["expiry_date"] = "2034-01-01",
        ["issuing_country"] = "KR",
        ["age_over_19"] = over19,
        ["driving_privileges"] = new JsonArray(new JsonObject { ["vehicle_category_code"] = "B", ["issue_date"] = "2024-01-02", ["expiry_date"] = "2034-01-01" }),
    };

    /// <summary>A mobile driving licence of this agency as an mdoc.</summary>
    public Task<HeldMdoc> IssueMdlAsync(bool over19 = true, Action<JsonObject>? elements = null, Func<MdocContent, MdocContent>? alter = null)
    {
        var claims = Licence(over19);
        claims["issuing_authority"] = "Test Agency";
        claims["un_distinguishing_sign"] = "ROK";
        claims["portrait"] = Portrait;
        elements?.Invoke(claims);
        return IssueMdocAsync(MdocNames.MdlDocType, new JsonObject { [MdocNames.MdlNamespace] = claims }, alter);
    }

    public async Task<HeldMdoc> IssueMdocAsync(string docType, JsonObject claims, Func<MdocContent, MdocContent>? alter = null)
    {
        var holder = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var index = Interlocked.Increment(ref _index);
        var content = new MdocContent
        {
            DocType = docType,
            NameSpaces = MdocElements.FromJson(docType, StrictJson.ToElement(claims)),
            DeviceKey = holder.PublicKey,
            Certificates = [Signer],
            Signed = _time.GetUtcNow(),
            ValidUntil = _time.GetUtcNow().AddDays(30),
            Status = _server is null ? [] : [new StatusReference(StatusUri, index)],
        };
        return new HeldMdoc(IssuerSigned.Parse(await MdocIssuer.IssueAsync(alter?.Invoke(content) ?? content, _key)), holder, index);
    }

    /// <summary>A picture, as base64url.</summary>
    public static string Portrait { get; } = StrictBase64Url.Encode(QrCode.Encode("portrait").ToPng());

    public Task<IssuedTo> IssueResidentAsync() => IssueAsync("urn:credentials:kr:resident-certificate:1", new JsonObject
    {
        ["family_name"] = "홍",
        ["given_name"] = "길동",
        ["birth_date"] = "1990-05-17",
        ["issue_date"] = "2026-11-01",
        ["address"] = new JsonObject { ["region"] = "서울특별시", ["city"] = "종로구", ["street"] = "세종대로 209" },
    });

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _root.Dispose();
        _key.Dispose();
        _statusKey.Dispose();
    }
}

/// <summary>A credential with its holder's key and status index.</summary>
public sealed record IssuedTo(string Credential, SoftwareSigningKey HolderKey, int StatusIndex);

/// <summary>An mdoc with its holder's key and status index.</summary>
public sealed record HeldMdoc(IssuerSigned IssuerSigned, SoftwareSigningKey DeviceKey, int StatusIndex);
