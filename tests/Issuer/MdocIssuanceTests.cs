using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.Issuer.Http;
using Credentials.Issuer.Tests.Setup;
using Credentials.Mdoc;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Tests;

public class MdocIssuanceTests(PostgresServer postgres)
{
    [Theory]
    [InlineData("mdl_mdoc", Databases.Sqlite)]
    [InlineData("mdl_mdoc", Databases.Postgres)]
    [InlineData("photoid_mdoc", Databases.Sqlite)]
    [InlineData("employee_mdoc", Databases.Sqlite)]
    public async Task A_batch_of_mdocs_verifies_and_shows_nothing_that_links_it(string id, string database)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres));
        var mdocs = (await issuer.IssueAsync(3, id)).Select(IssuerSigned.Parse).ToList();

        Assert.Equal(3, mdocs.Count);
        foreach (var mdoc in mdocs)
            Assert.True((await VerifyAsync(issuer, mdoc)).IsAccepted);
        Assert.Equal(3, mdocs.Select(mdoc => mdoc.SecurityObject.DeviceKey).Distinct().Count());
        Assert.Equal(3, mdocs.Select(mdoc => CredentialStatus.FromCbor(mdoc.SecurityObject.Status!.Value)).Distinct().Count());
        Assert.Single(mdocs.Select(mdoc => mdoc.SecurityObject.Validity).Distinct());
        // Digest ids are in another order in each, and no item is in two of them.
        var items = mdocs.Select(mdoc => mdoc.NameSpaces.SelectMany(space => space.Value).ToList()).ToList();
        Assert.Equal(3, items.Select(list => string.Join(',', list.Select(item => item.DigestId))).Distinct().Count());
        Assert.Equal(items.Sum(list => list.Count), items.SelectMany(list => list).Select(item => Convert.ToHexString(item.Encoded.Bytes.Span)).Distinct().Count());
        var model = MdocDataModel.Find(mdocs[0].SecurityObject.DocType)!;
        Assert.All(model.Mandatory, wanted => Assert.Contains(mdocs[0].NameSpaces[wanted.NameSpace], item => item.ElementIdentifier == wanted.Element));
        Assert.All(await issuer.RegisterAsync(), row => Assert.Equal(model.DocType, row.RequireString("type")));
    }

    [Fact]
    public async Task One_dataset_feeds_both_formats_of_a_licence()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        var licence = SampleClaims.MdocLicence();
        licence["sex"] = 1;
        var token = await issuer.AccessTokenAsync(await MakeAsync(issuer, new JsonObject { ["mdl"] = licence }, "mdl_sd_jwt", "mdl_mdoc"));

        var sdJwt = SdJwtCredential.Parse((await IssueAsync(issuer, token, "mdl_sd_jwt"))[0]).UnverifiedClaims();
        var mdoc = IssuerSigned.Parse((await IssueAsync(issuer, token, "mdl_mdoc"))[0]).UnverifiedClaims().GetProperty("org.iso.18013.5.1");

        foreach (var same in new[] { "family_name", "given_name", "birth_date", "document_number", "expiry_date", "issuing_country", "age_over_19", "driving_privileges" })
            Assert.True(JsonElement.DeepEquals(sdJwt.GetProperty(same), mdoc.GetProperty(same)), same);
        Assert.Equal(SampleClaims.Portrait, sdJwt.RequireString("portrait"));
        Assert.Equal(SampleClaims.PortraitBytes, StrictBase64Url.Decode(mdoc.RequireString("portrait")));
        Assert.Equal("ROK", mdoc.RequireString("un_distinguishing_sign"));
        Assert.Equal(1, mdoc.GetProperty("sex").GetInt32());
        Assert.False(sdJwt.TryGetProperty("sex", out _));
        Assert.False(sdJwt.TryGetProperty("un_distinguishing_sign", out _));
        Assert.Null(await issuer.ReadAsync(db => db.Offers.Select(o => o.Claims).SingleAsync()));
    }

    [Fact]
    public async Task Data_elements_have_the_types_of_the_standard()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var claims = SampleClaims.MdocLicence();
        claims["portrait_capture_date"] = "2026-01-01T09:30:00Z";
        var mdoc = IssuerSigned.Parse((await IssueAsync(issuer, await issuer.AccessTokenAsync(await MakeAsync(issuer, new JsonObject { ["mdl_mdoc"] = claims }, "mdl_mdoc")), "mdl_mdoc"))[0]);
        var elements = mdoc.NameSpaces["org.iso.18013.5.1"].ToDictionary(item => item.ElementIdentifier, item => item.ElementValue);
        Assert.Equal(CborValue.FullDateTag, elements["birth_date"].GetTag());
        Assert.Equal(new DateOnly(1990, 2, 3), elements["birth_date"].GetFullDate());
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 9, 30, 0, TimeSpan.Zero), elements["portrait_capture_date"].GetDateTime());
        Assert.Equal(SampleClaims.PortraitBytes, elements["portrait"].GetBytes().ToArray());
        Assert.True(elements["age_over_21"].GetBoolean());
        Assert.Equal(new DateOnly(2010, 1, 1), First(elements["driving_privileges"]).Require("issue_date"u8).GetFullDate());
        Assert.Equal(TimeSpan.Zero, mdoc.SecurityObject.Validity.ValidUntil.TimeOfDay);
    }

    [Fact]
    public async Task Claims_of_an_mdoc_may_come_by_namespace()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var claims = SampleClaims.PhotoId();
        var personId = claims["person_id"]!.DeepClone();
        claims.Remove("person_id");
        var byNamespace = new JsonObject { ["org.iso.23220.1"] = claims, ["org.iso.23220.photoid.1"] = new JsonObject { ["person_id"] = personId } };
        var offer = await MakeAsync(issuer, new JsonObject { ["photoid_mdoc"] = byNamespace }, "photoid_mdoc");
        var mdoc = IssuerSigned.Parse((await IssueAsync(issuer, await issuer.AccessTokenAsync(offer), "photoid_mdoc"))[0]).UnverifiedClaims();
        Assert.Equal("P-1", mdoc.GetProperty("org.iso.23220.photoid.1").RequireString("person_id"));
        Assert.Equal(SampleClaims.FamilyName, mdoc.GetProperty("org.iso.23220.1").RequireString("family_name"));
    }

    [Theory]
    [InlineData("""{"mdl_mdoc":{"portrait":null}}""", "portrait")]
    [InlineData("""{"mdl_mdoc":{"issuing_country":"DE","un_distinguishing_sign":"D"}}""", "issuing_country")]
    [InlineData("""{"mdl_mdoc":{"un_distinguishing_sign":"ROKS"}}""", "un_distinguishing_sign")]
    [InlineData("""{"mdl_mdoc":{"sex":-1}}""", "mdl_mdoc")]
    [InlineData("""{"mdl_mdoc":{"sex":3}}""", "mdl_mdoc")]
    [InlineData("""{"mdl_mdoc":{"age_over_21":true}}""", "age_over_21")]
    [InlineData("""{"mdl_mdoc":{"portrait_capture_date":"2026-01-01"}}""", "portrait_capture_date")]
    [InlineData("""{"mdl_mdoc":{"org.iso.18013.5.1":{"sex":1,"shoe_size":1}}}""", "org.iso.18013.5.1")]
    [InlineData("""{"mdl_mdoc":{"org.iso.18013.5.1":{"family_name":"twice"}}}""", "twice")]
    [InlineData("""{"mdl_mdoc":{"org.iso.18013.5.1":[]}}""", "")]
    [InlineData("""{"mdl_mdoc":{"shoe_size":1}}""", "type does not have")]
    [InlineData("""{"mdl":{"shoe_size":1},"mdl_mdoc":null}""", "none of the offered types")]
    [InlineData("""{"mdl":{}}""", "no claims of its own")]
    [InlineData("""{"employee":{}}""", "no claims of its own")]
    [InlineData("""{"mdl_mdoc":null}""", "missing")]
    public async Task Claims_that_do_not_fit_an_mdoc_are_refused_when_it_is_offered(string change, string says)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var claims = new JsonObject { ["mdl_mdoc"] = SampleClaims.MdocLicence() };
        Apply((JsonObject)StrictJson.ToNode(StrictJson.Parse(change))!, claims);
        using var response = await OfferAsync(issuer, claims, "mdl_mdoc");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await RunningIssuer.JsonAsync(response);
        Assert.Contains(says, problem.RequireString("title"), StringComparison.Ordinal);
        Assert.DoesNotContain(SampleClaims.FamilyName, problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await issuer.ReadAsync(db => db.Offers.CountAsync()));
        using var right = await OfferAsync(issuer, new JsonObject { ["mdl_mdoc"] = SampleClaims.MdocLicence() }, "mdl_mdoc");
        Assert.Equal(HttpStatusCode.Created, right.StatusCode);
    }

    [Fact]
    public async Task A_revoked_mdoc_is_refused_by_its_status()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var mdocs = (await issuer.IssueAsync(2, "mdl_mdoc")).Select(IssuerSigned.Parse).ToList();
        var revoked = Assert.Single(CredentialStatus.FromCbor(mdocs[0].SecurityObject.Status!.Value));
        var row = (await issuer.RegisterAsync()).Single(row => revoked == new StatusReference($"{issuer.Url}/status/{row.RequireString("status_list")}", row.RequireIndex("status_index")));
        using var change = await issuer.ChangeStatusAsync(row.RequireString("id"), "revoked");
        using var http = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true });
        var client = new StatusListClient(http);
        var first = await VerifyAsync(issuer, mdocs[0], client);
        Assert.Equal(StatusListCodes.Revoked, first.Checks.Single(check => check.Id == MdocChecks.Status).Code);
        Assert.True((await VerifyAsync(issuer, mdocs[1], client)).IsAccepted);
    }

    [Fact]
    public async Task The_metadata_describe_an_mdoc()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var json = StrictJson.ParseObject(await issuer.Http.GetByteArrayAsync(CredentialIssuerMetadata.LocationFor(issuer.Url), RunningIssuer.Ct));
        var mdl = CredentialIssuerMetadata.Parse(json, issuer.Url, true).Configurations["mdl_mdoc"];
        Assert.Equal(("mso_mdoc", "org.iso.18013.5.1.mDL", null, "mdl_mdoc"), (mdl.Format, mdl.Doctype, mdl.Vct, mdl.Scope));
        Assert.Equal(["cose_key"], mdl.BindingMethods);
        Assert.Equal([-7, -9], mdl.CoseSigningAlgorithms);
        Assert.Empty(mdl.SigningAlgorithms);
        Assert.Null(mdl.TypeMetadataUri);
        Assert.Contains("ES256", mdl.ProofTypes["jwt"].Algorithms);
        Assert.Equal("""["org.iso.18013.5.1","family_name"]""", mdl.Claims[0].Path.ToString());
        Assert.True(mdl.Claims.Single(claim => claim.Path.ToString().EndsWith("\"un_distinguishing_sign\"]", StringComparison.Ordinal)).Mandatory);
        using var noTypeMetadata = await issuer.Http.GetAsync("/types/mdl_mdoc", RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.NotFound, noTypeMetadata.StatusCode);
    }

    [Fact]
    public async Task An_agency_declares_a_document_type_of_its_own()
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        catalog.Write("diploma.json", Diploma);
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath);
        var claims = StrictJson.ToNode(StrictJson.Parse($$$"""{"diploma":{"name":"Gildong","born":"1990-02-03","photo":"{{{SampleClaims.Portrait}}}","credits":-3,"grades":[{"course":"Law","on":"2020-01-02"}]}}"""));
        var token = await issuer.AccessTokenAsync(await MakeAsync(issuer, (JsonObject)claims!, "diploma"));
        var mdoc = IssuerSigned.Parse((await IssueAsync(issuer, token, "diploma"))[0]);
        Assert.True((await VerifyAsync(issuer, mdoc)).IsAccepted);
        var elements = mdoc.NameSpaces["org.example.diploma"].ToDictionary(item => item.ElementIdentifier, item => item.ElementValue);
        Assert.Equal(new DateOnly(1990, 2, 3), elements["birth_date"].GetFullDate());
        Assert.Equal(SampleClaims.PortraitBytes, elements["photo"].GetBytes().ToArray());
        Assert.Equal(-3, elements["credits"].GetInt64());
        Assert.Equal(new DateOnly(2020, 1, 2), First(elements["grades"]).Require("on"u8).GetFullDate());
    }

    [Theory]
    [InlineData(""","doctype":"org.example.diploma.1",""", ""","doctype":"org.example.diploma.1","vct":"urn:x:1",""", "'vct'")]
    [InlineData("\"namespace\":\"org.example.diploma\",\"name\":\"name\"", "\"name\":\"name\"", "'namespace'")]
    [InlineData("\"element\":\"birth_date\"", "\"element\":\"name\"", "same data element")]
    [InlineData("\"name\":\"born\"", "\"name\":\"org.example.diploma\"", "name of a namespace")]
    [InlineData("\"type\":\"image\"", "\"type\":\"image\",\"disclosable\":false", "disclosed one by one")]
    [InlineData("\"name\":\"course\"", "\"name\":\"course\",\"namespace\":\"org.example.diploma\"", "'namespace'")]
    [InlineData("org.example.diploma.1", "org.iso.18013.5.1.mDL", "mandatory claim")]
    [InlineData("org.example.diploma.1", "", "'doctype'")]
    [InlineData("\"namespace\":\"org.example.diploma\"", "\"namespace\":\"org.iso.18013.5.1\"", "no data element 'name'")]
    [InlineData("\"dataset\":\"graduate\"", "\"dataset\":\"mdl_sd_jwt\"", "name of a configuration")]
    public async Task A_bad_declaration_of_an_mdoc_stops_the_start(string old, string replacement, string says)
    {
        using var folder = new TempFolder();
        using var catalog = new TempFolder();
        var changed = Diploma.Replace(old, replacement, StringComparison.Ordinal);
        if (replacement.Contains("org.iso.18013.5.1\"", StringComparison.Ordinal))
            changed = changed.Replace("org.example.diploma.1", "org.iso.18013.5.1.mDL", StringComparison.Ordinal);
        Assert.NotEqual(Diploma, changed);
        catalog.Write("diploma.json", changed);
        var refused = await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.CatalogFolder = catalog.FullPath));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private const string Diploma = """
        {"id":"diploma","format":"mso_mdoc","doctype":"org.example.diploma.1","dataset":"graduate","validity":{"days":30},"display":[{"name":"Diploma","locale":"en"}],
         "claims":[{"namespace":"org.example.diploma","name":"name","type":"text","mandatory":true,"display":{"en":"Name"}},
                   {"namespace":"org.example.diploma","name":"born","element":"birth_date","type":"date","display":{"en":"Born"}},
                   {"namespace":"org.example.diploma","name":"photo","type":"image","display":{"en":"Photo"}},
                   {"namespace":"org.example.diploma","name":"credits","type":"number","display":{"en":"Credits"}},
                   {"namespace":"org.example.diploma","name":"grades","type":"list","display":{"en":"Grades"},
                    "members":[{"name":"course","type":"text","display":{"en":"Course"}},{"name":"on","type":"date","display":{"en":"Date"}}]}]}
        """;

    private static CborValue First(CborValue array)
    {
        foreach (var item in array.EnumerateArray())
            return item;
        throw new InvalidOperationException("The array is empty.");
    }

    private static void Apply(JsonObject change, JsonObject claims)
    {
        foreach (var (name, value) in change)
        {
            if (value is null)
                claims.Remove(name);
            else if (value is JsonObject inner && claims[name] is JsonObject target)
                Apply(inner, target);
            else if (name == "mdl")
                claims[name] = Merge(SampleClaims.MdocLicence(), (JsonObject)value);
            else
                claims[name] = value.DeepClone();
        }
    }

    private static JsonObject Merge(JsonObject into, JsonObject more)
    {
        Apply(more, into);
        return into;
    }

    private static Task<HttpResponseMessage> OfferAsync(RunningIssuer issuer, JsonObject claims, params string[] ids) =>
        issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", new JsonObject
        {
            ["credential_configuration_ids"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]),
            ["claims"] = claims,
        });

    private static async Task<MadeOffer> MakeAsync(RunningIssuer issuer, JsonObject claims, params string[] ids)
    {
        using var response = await OfferAsync(issuer, claims, ids);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync(RunningIssuer.Ct));
        return RunningIssuer.ReadOffer(await RunningIssuer.JsonAsync(response));
    }

    private static async Task<IReadOnlyList<string>> IssueAsync(RunningIssuer issuer, string token, string id)
    {
        using var response = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()), id);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return CredentialResponse.Parse(await RunningIssuer.JsonAsync(response)).Credentials;
    }

    private static Task<VerificationReport> VerifyAsync(RunningIssuer issuer, IssuerSigned mdoc, StatusListClient? client = null) => MdocVerifier.VerifyAsync(mdoc.Encode(), new MdocExpectations
    {
        Trust = TrustStore.FromPem(issuer.TrustPem, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner),
        Now = DateTimeOffset.UtcNow,
        DeviceAuth = DeviceAuthExpectation.NotRequested,
        Status = new StatusPolicy(client is null ? StatusMode.Skip : StatusMode.Online),
        StatusClient = client,
    }, RunningIssuer.Ct);
}
