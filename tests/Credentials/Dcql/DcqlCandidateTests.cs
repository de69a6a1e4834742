using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.JsonLd;
using Credentials.QrDocuments;
using Credentials.SdJwt;
using Credentials.Tests.Mdoc;
using Credentials.Tests.QrDocuments;
using Credentials.Tests.SdJwt;
using Credentials.Tests.W3c;
using Credentials.Tests.X509;
using Credentials.W3c;

namespace Credentials.Tests.Dcql;

/// <summary>What a query sees of a credential of each format (OpenID4VP 1.0 §6.1.1.1, Appendix B).</summary>
public class DcqlCandidateTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private static string AuthorityOf(X509Certificate2 certificate) =>
        StrictBase64Url.Encode(certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.Span);

    private static async Task<DcqlCandidate> SdJwtAsync(JsonObject payload, JsonArray? x5c = null)
    {
        var header = new JsonObject { ["typ"] = "dc+sd-jwt" };
        if (x5c is not null) header["x5c"] = x5c;
        return DcqlCandidate.ForSdJwt(SdJwtCredential.Parse(Workshop.Join(await Workshop.SignAsync(payload, header))), StrictJson.ToElement(payload));
    }

    [Fact]
    public async Task An_sd_jwt_has_its_type_the_types_it_is_also_known_as_and_a_holder_if_it_names_a_key()
    {
        var bound = await SdJwtAsync(Workshop.Payload(("aka_vcts", new JsonArray("urn:b", "urn:c"))));
        Assert.Equal((CredentialFormat.SdJwtVc, true), (bound.Format, bound.IsHolderBound));
        Assert.Equal([Workshop.Vct, "urn:b", "urn:c"], bound.Types);

        var unbound = Workshop.Payload();
        unbound.Remove("cnf");
        unbound.Remove("vct");
        var nobody = await SdJwtAsync(unbound);
        Assert.False(nobody.IsHolderBound);
        Assert.Empty(nobody.Types);
    }

    [Fact]
    public async Task The_authorities_of_an_sd_jwt_are_those_of_the_certificates_in_its_header()
    {
        var chain = new JsonArray(Convert.ToBase64String(Workshop.IssuerCertificate.RawData));
        Assert.Equal([AuthorityOf(Workshop.IssuerCertificate)], (await SdJwtAsync(Workshop.Payload(), chain)).AuthorityKeyIdentifiers);
        Assert.Empty((await SdJwtAsync(Workshop.Payload())).AuthorityKeyIdentifiers);
        // What cannot be read names no authority, and is no failure: nobody checked it yet.
        Assert.Empty((await SdJwtAsync(Workshop.Payload(), ["AAAA"])).AuthorityKeyIdentifiers);
        var unreadable = TestPki.Make(null, "Signer", null, new TestPki.Options { Extra = new X509Extension("2.5.29.35", [0xff], false) });
        foreach (var certificate in new[] { TestPki.Root().Certificate, unreadable.Certificate })
            Assert.Empty((await SdJwtAsync(Workshop.Payload(), [Convert.ToBase64String(certificate.RawData)])).AuthorityKeyIdentifiers);
    }

    [Fact]
    public async Task An_mdoc_has_its_doctype_its_authorities_and_always_a_holder()
    {
        using var agency = new MdocAgency(s_now);
        var mdoc = await agency.IssueAsync();
        var candidate = DcqlCandidate.ForMdoc(mdoc, StrictJson.Parse("{}"));
        Assert.Equal((CredentialFormat.Mdoc, true), (candidate.Format, candidate.IsHolderBound));
        Assert.Equal(["org.iso.18013.5.1.mDL"], candidate.Types);
        Assert.Equal([AuthorityOf(agency.Certificate)], candidate.AuthorityKeyIdentifiers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_printed_document_has_its_type_its_authorities_and_no_holder(bool carriesCertificates)
    {
        using var agency = new QrAgency(s_now);
        var document = QrDocument.Parse(await agency.IssueAsync(agency.Content with { CarriesCertificates = carriesCertificates }));
        var candidate = DcqlCandidate.ForQrDocument(document, StrictJson.Parse("{}"));
        Assert.Equal((CredentialFormat.QrCwt, false), (candidate.Format, candidate.IsHolderBound));
        Assert.Equal([QrAgency.Type], candidate.Types);
        Assert.Equal(carriesCertificates ? [AuthorityOf(agency.Certificate)] : [], candidate.AuthorityKeyIdentifiers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_w3c_credential_has_its_expanded_types_and_a_holder_if_it_names_its_subject(bool namesSubject)
    {
        var document = University.Diploma(diploma =>
        {
            diploma["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2");
            diploma["type"] = new JsonArray("VerifiableCredential");
            if (!namesSubject) ((JsonObject)diploma["credentialSubject"]!).Remove("id");
        });
        var jwt = await W3cIssuer.IssueJwtAsync(University.Content(document), University.IssuerKey, University.Ct);
        var credential = SecuredDocument.ParseCredential(Encoding.ASCII.GetBytes(jwt));
        var candidate = DcqlCandidate.ForW3c(credential, credential.UnverifiedDocument, JsonLdContexts.BuiltIn);
        Assert.Equal((CredentialFormat.VcJwt, namesSubject), (candidate.Format, candidate.IsHolderBound));
        Assert.Equal(["https://www.w3.org/2018/credentials#VerifiableCredential"], candidate.Types);
        Assert.Empty(candidate.AuthorityKeyIdentifiers);
    }
}
