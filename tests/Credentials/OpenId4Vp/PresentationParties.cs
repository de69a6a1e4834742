using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.OpenId4Vp;

/// <summary>An issuer, a holder and a verifier with real keys and certificates, and a correct request and answer between them.</summary>
public sealed class PresentationParties : IDisposable
{
    public const string Licence = "urn:credentials:kr:mdl:1";
    public const string Resident = "urn:credentials:kr:resident-certificate:1";

    public static readonly DateTimeOffset Now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly CertificateAuthority _issuerRoot = CertificateAuthority.Create("Test Issuer Root", "KR", Now.AddDays(-30));
    private readonly CertificateAuthority _verifierRoot = CertificateAuthority.Create("Test Verifier Root", "KR", Now.AddDays(-30));
    private readonly SoftwareSigningKey _issuerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly X509Certificate2 _issuerCertificate;

    public PresentationParties()
    {
        _issuerCertificate = _issuerRoot.IssueDocumentSigner("Test Licence Office", _issuerKey, Now.AddDays(-1));
        AccessCertificate = _verifierRoot.IssueAccessCertificate("Test Bank", VerifierKey, ["verifier.example"], Now.AddDays(-1));
    }

    public SoftwareSigningKey HolderKey { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public SoftwareSigningKey VerifierKey { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public SoftwareKeyAgreementKey EncryptionKey { get; } = SoftwareKeyAgreementKey.Generate();

    public X509Certificate2 AccessCertificate { get; }

    public CertificateAuthority VerifierRoot => _verifierRoot;

    public TrustStore IssuerTrust => TrustStore.Create([TrustAnchor.ForCertificate(_issuerRoot.Certificate, TrustPurpose.CredentialIssuer)]);

    public TrustStore VerifierTrust => TrustStore.Create([TrustAnchor.ForCertificate(_verifierRoot.Certificate, TrustPurpose.Verifier)]);

    /// <summary>The AuthorityKeyIdentifier of the issuer's certificate, as a query names it.</summary>
    public string IssuerAuthority => StrictBase64Url.Encode(
        _issuerCertificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.Span);

    public static JsonElement Json(string text) => StrictJson.Parse(text);

    public static DcqlQuery Query(string text) => DcqlQuery.Parse(Json(text));

    /// <summary>Asks for the names of a licence.</summary>
    public static DcqlQuery NamesQuery { get; } = Query("""
        {"credentials":[{"id":"licence","format":"dc+sd-jwt","meta":{"vct_values":["urn:credentials:kr:mdl:1"]},
          "claims":[{"path":["family_name"]},{"path":["given_name"]}]}]}
        """);

    public async Task<SdJwtCredential> IssueAsync(string type = Licence, string? claims = null, bool bound = true)
    {
        var json = (JsonObject)StrictJson.ToNode(Json(claims ?? """
            {"family_name":"Kim","given_name":"Minji","age_over_19":true,"issuing_country":"KR",
             "address":{"region":"Seoul","city":"Mapo"},"nationalities":["KR","FR","DE"]}
            """))!;
        var disclosable = json.Select(member => ClaimPath.Of(member.Key)).Where(path => path.Segments[0].Name != "issuing_country").ToList();
        disclosable.AddRange([ClaimPath.ParseText("address.region"), ClaimPath.ParseText("address.city"), ClaimPath.ParseText("nationalities.*")]);
        return SdJwtCredential.Parse(await SdJwtIssuer.IssueAsync(
            new SdJwtContent
            {
                Claims = json,
                Disclosable = disclosable,
                Type = type,
                Certificates = [_issuerCertificate],
                HolderKey = bound ? HolderKey.PublicKey : null,
                IssuedAt = Now.AddDays(-1),
                ExpiresAt = Now.AddDays(300),
            },
            _issuerKey));
    }

    public async Task<string> PresentAsync(
        SdJwtCredential credential, AuthorizationRequest request, IEnumerable<string> paths, KeyBinding? binding = null) =>
        await SdJwtPresenter.PresentAsync(
            credential, paths.Select(ClaimPath.ParseText), binding ?? new KeyBinding(request.ClientId.Full, request.Nonce, Now), HolderKey);

    /// <summary>A request with everything in it that a verifier sends.</summary>
    public AuthorizationRequest Request(DcqlQuery? query = null, string mode = OpenId4VpNames.DirectPostJwt) => new()
    {
        ClientId = ClientIdentifier.ForCertificate(AccessCertificate),
        ResponseMode = mode,
        ResponseUri = new Uri("https://verifier.example/response/1"),
        Nonce = "n-0S6_WzA2Mj-0123456789",
        State = "af0ifjsldkj-0123456789~._",
        DcqlQuery = query ?? NamesQuery,
        ClientMetadata = new ClientMetadata
        {
            Jwks = [StrictJson.ToElement(Jwk.Write(EncryptionKey.PublicKey, "enc-1"))],
            EncryptionValues = JweEncryption.All,
            VpFormatsSupported = Json("""{"dc+sd-jwt":{"sd-jwt_alg_values":["ES256"],"kb-jwt_alg_values":["ES256"]}}"""),
            UnverifiedClientName = "Name of my own",
        },
    };

    public async Task<string> SignAsync(AuthorizationRequest request) =>
        await RequestObject.SignAsync(request, VerifierKey, [AccessCertificate], Now, TimeSpan.FromMinutes(5));

    /// <summary>The correct request object with one thing changed, signed all the same.</summary>
    public async Task<string> ForgeAsync(Action<JsonObject>? claims = null, Action<JsonObject>? header = null, ISigningKey? key = null)
    {
        var payload = Request().ToJson();
        payload["aud"] = OpenId4VpNames.StaticAudience;
        payload["iat"] = NumericDate.From(Now);
        payload["exp"] = NumericDate.From(Now.AddMinutes(5));
        claims?.Invoke(payload);
        var protectedHeader = new JsonObject { ["typ"] = OpenId4VpNames.RequestObjectType, ["x5c"] = X5c.ToJson([AccessCertificate]) };
        header?.Invoke(protectedHeader);
        return await Jws.SignAsync(protectedHeader, payload, key ?? VerifierKey, TestContext.Current.CancellationToken);
    }

    public static RequestUri Link(AuthorizationRequest request) =>
        RequestUri.ByReference(request.ClientId, new Uri("https://verifier.example/request/1"));

    public RequestExpectations Expected() => new(VerifierTrust, Now);

    public ResponseExpectations ExpectedResponse(AuthorizationRequest request) =>
        new(request.ResponseMode, request.State) { DecryptionKey = EncryptionKey, DecryptionKeyId = "enc-1" };

    public PresentationExpectations ExpectedPresentation(AuthorizationRequest request) => new()
    {
        Query = request.DcqlQuery,
        Binding = RequestBinding.ForRedirect(
            request.ClientId.Full, request.Nonce, request.ResponseUri.OriginalString, request.WantsEncryption ? EncryptionKey.PublicKey : null),
        Response = new ResponseFacts(CheckOutcome.Passed, CheckOutcome.Passed, CheckOutcome.Passed),
        Trust = IssuerTrust,
        Status = new StatusPolicy(StatusMode.Online),
        StatusClient = null,
        Now = Now,
        TransactionData = request.TransactionData,
    };

    public static VpToken Token(params (string Id, string[] Presentations)[] entries) =>
        VpToken.Create(entries.Select(entry => KeyValuePair.Create(entry.Id, (IReadOnlyList<string>)entry.Presentations)));

    public void Dispose()
    {
        _issuerRoot.Dispose();
        _verifierRoot.Dispose();
        _issuerKey.Dispose();
        _issuerCertificate.Dispose();
        HolderKey.Dispose();
        VerifierKey.Dispose();
        EncryptionKey.Dispose();
        AccessCertificate.Dispose();
    }
}
