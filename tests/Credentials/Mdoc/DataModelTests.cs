using Credentials.Codecs;
using Credentials.Mdoc;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Mdoc;

/// <summary>The data models of the standards: which elements there are, what they may hold, and what an issuer refuses.</summary>
public sealed class DataModelTests : IDisposable
{
    private const string PhotoId = "org.iso.23220.photoid.1";
    private const string PhotoIdNames = "org.iso.23220.1";
    private const string Employee = "org.credentials.kr.employee.1";

    private readonly MdocAgency _agency = new(new TestClock().Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _agency.Dispose();

    // ISO/IEC 18013-5:2021 Table 5; ISO/IEC DTS 23220-4:2025 Tables C.1 and C.2; the contract of this project.
    [Theory]
    [InlineData(MdocNames.MdlDocType, MdocNames.MdlNamespace,
        "family_name given_name birth_date issue_date expiry_date issuing_country issuing_authority document_number portrait driving_privileges un_distinguishing_sign",
        """
        administrative_number sex height weight eye_colour hair_colour birth_place resident_address portrait_capture_date age_in_years age_birth_year
        age_over_00 age_over_18 age_over_99 issuing_jurisdiction nationality resident_city resident_state resident_postal_code resident_country
        biometric_template_face biometric_template_signature_sign family_name_national_character given_name_national_character signature_usual_mark
        """)]
    [InlineData(PhotoId, PhotoIdNames,
        "family_name given_name birth_date portrait issue_date expiry_date issuing_authority issuing_country age_over_18",
        """
        age_in_years age_birth_year age_over_21 family_name_viz given_name_viz enrolment_portrait_image portrait_capture_date birthplace name_at_birth
        resident_address resident_city resident_postal_code resident_country resident_city_latin1 sex nationality document_number issuing_subdivision
        family_name_latin1 given_name_latin1
        """)]
    [InlineData(PhotoId, PhotoId, "",
        """
        person_id birth_country birth_state birth_city administrative_number resident_street resident_house_number resident_state travel_document_type
        travel_document_number travel_document_mrz
        """)]
    [InlineData(PhotoId, "org.iso.23220.datagroups.1", "", "version sod dg1 dg2 dg16")]
    [InlineData(Employee, Employee, "family_name given_name employee_number agency issue_date expiry_date", "position grade portrait")]
    public void A_model_has_every_element_of_its_standard(string docType, string nameSpace, string mandatory, string optional)
    {
        var model = MdocDataModel.Find(docType)!;
        var (required, others) = (Words(mandatory), Words(optional));
        Assert.Equal(required, model.Mandatory.Where(element => element.NameSpace == nameSpace).Select(element => element.Element));
        Assert.All(required.Concat(others), element => Assert.NotNull(model.TypeOf(nameSpace, element)));
    }

    [Theory]
    [InlineData("age_over_1")]
    [InlineData("age_over_100")]
    [InlineData("age_over_1x")]
    [InlineData("age_over_NN")]
    [InlineData("age_over_")]
    [InlineData("age_over_١٨")]
    [InlineData("biometric_template_")]
    [InlineData("surname")]
    [InlineData("Family_name")]
    public async Task An_element_that_the_standard_does_not_have_in_its_namespace_is_not_issued(string element)
    {
        Assert.Null(MdocDataModel.Find(MdocNames.MdlDocType)!.TypeOf(MdocNames.MdlNamespace, element));
        Assert.Equal(MdocCodes.ElementUnknown, await IssueAsync(MdocNames.MdlNamespace, element, [0xf5]));
        // An issuer's own namespace is its own.
        Assert.Null(await IssueAsync("kr.example", element, [0xf5]));
        // An agency learns it when it offers, not when it issues.
        var claims = $$"""{ "org.iso.18013.5.1": { "{{element}}": true } }""";
        Assert.Equal(MdocCodes.ClaimsMalformed, Assert.Throws<MalformedDataException>(() => MdocElements.FromJson(MdocNames.MdlDocType, StrictJson.Parse(claims))).Code);
    }

    [Theory]
    [InlineData("birth_date", "6a313939302d30352d3031")] // text without tag 1004
    [InlineData("birth_date", "c074313939302d30352d30315430303a30303a30305a")] // tag 0
    [InlineData("portrait_capture_date", "d903ec6a313939302d30352d3031")] // tag 1004 where only tag 0 belongs
    [InlineData("age_over_18", "01")]
    [InlineData("portrait", "6441414543")] // base64 as text
    [InlineData("sex", "03")]
    [InlineData("sex", "20")]
    [InlineData("issuing_country", "626b72")] // kr
    [InlineData("nationality", "634b4f52")] // KOR
    [InlineData("eye_colour", "6572656420")]
    [InlineData("driving_privileges", "a0")]
    [InlineData("driving_privileges", "81a0")] // no vehicle category
    [InlineData("driving_privileges", "81a27576656869636c655f63617465676f72795f636f646561426a69737375655f646174656a323032362d30312d3032")] // a date without its tag
    [InlineData("driving_privileges", "81a27576656869636c655f63617465676f72795f636f64656142 65636f64657381a0")] // a code without its code
    [InlineData("family_name", "6100ff")] // not one data item
    public async Task An_element_that_its_standard_gives_another_form_is_not_issued(string element, string hex) =>
        Assert.Equal(MdocCodes.ElementType, await IssueAsync(MdocNames.MdlNamespace, element, Bytes(hex)));

    [Theory]
    [InlineData("birth_date", "d903ec6a313939302d30352d3031")]
    [InlineData("issue_date", "d903ec6a323032362d30312d3032")]
    [InlineData("issue_date", "c074323032362d30312d30325430303a30303a30305a")]
    [InlineData("portrait_capture_date", "c074323032362d30312d30325430303a30303a30305a")]
    [InlineData("sex", "09")]
    [InlineData("issuing_country", "624b52")]
    [InlineData("eye_colour", "6567726565 6e")]
    [InlineData("driving_privileges", "80")]
    [InlineData("driving_privileges", "81a27576656869636c655f63617465676f72795f636f64656142 65636f64657381a164636f6465623031")]
    [InlineData("biometric_template_face", "43010203")]
    public async Task The_twins_in_the_right_form_are_issued(string element, string hex) =>
        Assert.Null(await IssueAsync(MdocNames.MdlNamespace, element, Bytes(hex)));

    [Theory]
    [InlineData(149, true)]
    [InlineData(150, true)]
    [InlineData(151, false)]
    public async Task A_text_is_150_characters_long_at_most(int length, bool isIssued)
    {
        var text = new string('x', length);
        Assert.Equal(isIssued ? null : MdocCodes.ElementType, await IssueAsync(MdocNames.MdlNamespace, "family_name", CborWriting.Encode(writer => writer.WriteTextString(text))));
        // What others have signed is read: the type is what CBOR says.
        var forged = new MdocForge(_agency) { Items = [MdocForge.Element(0, "family_name", text)] };
        Assert.True((await MdocVerifier.VerifyAsync(await forged.MakeAsync(), _agency.Expectations, Ct)).IsAccepted);
    }

    [Theory]
    [Trait("Row", "MDI-26")]
    [InlineData("""{ "age_over_18": true, "age_over_21": false }""", true)]
    [InlineData("""{ "age_over_18": true, "age_over_21": true, "age_over_65": false }""", true)]
    [InlineData("""{ "age_over_18": false, "age_over_21": true }""", false)]
    [InlineData("""{ "age_over_65": true, "age_over_18": true, "age_over_64": false }""", false)]
    public async Task Ages_that_contradict_each_other_are_not_issued(string ages, bool isIssued)
    {
        var claims = StrictJson.Parse($$"""{ "org.iso.18013.5.1": {{ages}} }""");
        // Another document type has no model to contradict.
        var content = _agency.Content with { NameSpaces = MdocElements.FromJson("org.example", claims) };
        if (isIssued)
        {
            await _agency.IssueAsync(content);
            MdocElements.FromJson(MdocNames.MdlDocType, claims);
            return;
        }

        Assert.Equal(MdocCodes.AgesContradict, (await Assert.ThrowsAsync<MalformedDataException>(() => _agency.IssueAsync(content))).Code);
        Assert.Equal(MdocCodes.ClaimsMalformed, Assert.Throws<MalformedDataException>(() => MdocElements.FromJson(MdocNames.MdlDocType, claims)).Code);
    }

    [Theory]
    [Trait("Row", "MDI-26")]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task A_reader_asks_for_two_ages_at_most_and_whoever_asks_for_more_gets_none(int count, bool isAnswered)
    {
        var ages = Enumerable.Range(18, count).ToDictionary(age => $"age_over_{age}", _ => false);
        ages["family_name"] = false;
        var nameSpaces = new Dictionary<string, IReadOnlyDictionary<string, bool>> { [MdocNames.MdlNamespace] = ages };
        if (isAnswered) Assert.Equal(ages.Keys, ItemsRequest.Create(MdocNames.MdlDocType, nameSpaces).NameSpaces[MdocNames.MdlNamespace].Keys);
        else Assert.Throws<ArgumentException>(() => ItemsRequest.Create(MdocNames.MdlDocType, nameSpaces));

        // A request like that from elsewhere.
        var request = ItemsRequest.Parse(EncodedCbor.Wrap(CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(2);
            writer.WriteTextString("docType");
            writer.WriteTextString(MdocNames.MdlDocType);
            writer.WriteTextString("nameSpaces");
            writer.WriteStartMap(1);
            writer.WriteTextString(MdocNames.MdlNamespace);
            writer.WriteStartMap(ages.Count);
            foreach (var (name, keep) in ages)
            {
                writer.WriteTextString(name);
                writer.WriteBoolean(keep);
            }

            writer.WriteEndMap();
            writer.WriteEndMap();
            writer.WriteEndMap();
        })));
        var held = await _agency.IssueAsync();
        Assert.Equal(isAnswered ? ["age_over_19", "family_name"] : ["family_name"], request.FindAnswers(held).Select(answer => answer.Element).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "birth_date": "1990-05-01" }""", "d903ec6a313939302d30352d3031")]
    [InlineData("""{ "birth_date": { "birth_date": "1990-01-01", "approximate_mask": "00001111" } }""",
        "a26a62697274685f64617465d903ec6a313939302d30312d303170617070726f78696d6174655f6d61736b683030303031313131")]
    [InlineData("""{ "portrait_capture_date": "2026-01-02" }""", "d903ec6a323032362d30312d3032")]
    [InlineData("""{ "portrait_capture_date": "2026-01-02T00:00:00Z" }""", "c074323032362d30312d30325430303a30303a30305a")]
    public async Task A_photo_ID_has_exact_and_approximate_dates(string elements, string hex)
    {
        var nameSpaces = MdocElements.FromJson(PhotoId, StrictJson.Parse($$"""{ "org.iso.23220.1": {{elements}} }"""));
        Assert.Equal(hex, System.Convert.ToHexStringLower(nameSpaces[PhotoIdNames].Values.Single().Span));
        Assert.NotEmpty((await _agency.IssueAsync(_agency.Content with { DocType = PhotoId, NameSpaces = nameSpaces })).NameSpaces);
    }

    [Theory]
    [InlineData("""{ "birth_date": { "approximate_mask": "00001111" } }""")]
    [InlineData("""{ "birth_date": { "birth_date": "1990-01-01", "approximate_mask": "0000111" } }""")]
    [InlineData("""{ "birth_date": { "birth_date": "1.1.1990" } }""")]
    [InlineData("""{ "birth_date": [ "1990-01-01" ] }""")]
    [InlineData("""{ "issuing_country": "Korea" }""")]
    [InlineData("""{ "sex": 3 }""")]
    public void Claims_that_a_photo_ID_cannot_have_are_refused(string elements) =>
        Assert.Equal(
            MdocCodes.ClaimsMalformed,
            Assert.Throws<MalformedDataException>(() => MdocElements.FromJson(PhotoId, StrictJson.Parse($$"""{ "org.iso.23220.1": {{elements}} }"""))).Code);

    public static TheoryData<string, string, string?> Written => new()
    {
        { "\"text\"", "\"x\"", "6178" },
        { "\"text\"", "1", null },
        { "\"text\"", "null", null },
        { "\"text /a+/\"", "\"aa\"", "626161" },
        { "\"text /a+/\"", "\"ab\"", null },
        { "\"text /a|bc/\"", "\"abc\"", null },
        { "\"text /a/\"", "\"a\\n\"", null },
        { "\"uint\"", "4294967295", "1affffffff" },
        { "\"uint\"", "4294967296", null },
        { "\"uint\"", "-1", null },
        { "\"uint\"", "1.5", null },
        { "\"uint\"", "\"1\"", null },
        { "\"uint /[12]/\"", "2", "02" },
        { "\"uint /[12]/\"", "3", null },
        { "\"bool\"", "true", "f5" },
        { "\"bool\"", "false", "f4" },
        { "\"bool\"", "0", null },
        { "\"bytes\"", "\"AQI\"", "420102" },
        { "\"bytes\"", "\"data:image/jpeg;base64,AQI=\"", "420102" },
        { "\"bytes\"", "\"data:image/jpeg,AQI=\"", null },
        { "\"bytes\"", "\"data:;base64,AQI\"", null },
        { "\"bytes\"", "[1]", null },
        { "\"full-date\"", "\"2026-01-02\"", "d903ec6a323032362d30312d3032" },
        { "\"full-date\"", "\"2026-01-02T00:00:00Z\"", null },
        { "\"full-date\"", "\"2026-02-30\"", null },
        { "\"full-date\"", "20260102", null },
        { "\"tdate\"", "\"2026-01-02T03:04:05Z\"", "c074323032362d30312d30325430333a30343a30355a" },
        { "\"tdate\"", "\"2026-01-02T03:04:05+01:00\"", null },
        { "\"tdate\"", "\"2026-01-02\"", null },
        { "\"date\"", "\"2026-01-02\"", "d903ec6a323032362d30312d3032" },
        { "\"date\"", "\"2026-01-02T03:04:05Z\"", "c074323032362d30312d30325430333a30343a30355a" },
        { "\"date\"", "1", null },
        { "\"any\"", "[null, -1, 0.5, {\"a\": true}]", "84f620f93800a16161f5" },
        { "[\"uint\"]", "[1, 2]", "820102" },
        { "[\"uint\"]", "[1, \"2\"]", null },
        { "[\"uint\"]", "1", null },
        { "{\"a!\": \"uint\", \"b\": \"bytes\"}", "{\"a\": 1, \"b\": \"AQI\", \"c\": \"AQI\"}", "a36161016162420102616363415149" },
        { "{\"a!\": \"uint\"}", "{\"b\": 1}", null },
        { "{\"a!\": \"uint\"}", "{\"a\": \"x\"}", null },
        { "{\"a!\": \"uint\"}", "[1]", null },
        { "[\"uint\", {\"a!\": \"uint\"}]", "1", "01" },
        { "[\"uint\", {\"a!\": \"uint\"}]", "{\"a\": 1}", "a1616101" },
        { "[\"uint\", \"text\"]", "{\"a\": 1}", null },
    };

    // An issuer's own model, in the form of those that are shipped.
    [Theory]
    [MemberData(nameof(Written))]
    public void A_claim_is_written_as_the_type_of_its_model(string type, string claim, string? hex)
    {
        var model = MdocDataModel.Parse(StrictJson.Parse($$"""{"doctype":"org.example","namespaces":{"n":{"mandatory":{"e": {{type}} },"optional":{} } } }"""));
        var claims = StrictJson.Parse($$"""{"n":{"e": {{claim}} } }""");
        if (hex is null)
        {
            Assert.Equal(MdocCodes.ClaimsMalformed, Assert.Throws<MalformedDataException>(() => MdocElements.FromJson("org.example", claims, model)).Code);
            return;
        }

        var value = MdocElements.FromJson("org.example", claims, model)["n"]["e"];
        Assert.Equal(hex, System.Convert.ToHexStringLower(value.Span));
        Assert.True(model.TypeOf("n", "e")!.Matches(CborValue.Decode(value), isOwn: true));
    }

    [Theory]
    [InlineData("\"number\"")]
    [InlineData("\"Text\"")]
    [InlineData("\"\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[\"uint\", \"number\"]")]
    [InlineData("{\"a\": \"number\"}")]
    public void A_model_with_a_type_that_is_none_is_refused(string type)
    {
        static string With(string type, string name = "e") => $$"""{"doctype":"d","namespaces":{"n":{"mandatory":{},"optional":{"{{name}}": {{type}} } } } }""";
        Assert.Equal(MdocCodes.DataModel, Assert.Throws<MalformedDataException>(() => MdocDataModel.Parse(StrictJson.Parse(With(type)))).Code);
        Assert.Equal(MdocCodes.DataModel, Assert.Throws<MalformedDataException>(() => MdocDataModel.Parse(StrictJson.Parse(With("\"any\"", "")))).Code);
        Assert.True(MdocDataModel.Parse(StrictJson.Parse(With("\"any\""))).Forbids("n", "x"));
    }

    [Fact]
    public void The_shipped_models_say_what_they_are_of()
    {
        Assert.Equal([Employee, MdocNames.MdlDocType, PhotoId], MdocDataModel.All.Select(model => model.DocType).Order(StringComparer.Ordinal));
        Assert.Equal(PhotoIdNames, MdocDataModel.Find(PhotoId)!.NameSpaces.First());
        Assert.Null(MdocDataModel.Find("org.example"));
        var licence = MdocDataModel.Find(MdocNames.MdlDocType)!;
        Assert.Equal((false, true, false), (licence.Forbids(MdocNames.MdlNamespace, "sex"), licence.Forbids(MdocNames.MdlNamespace, "surname"), licence.Forbids("kr.example", "surname")));
    }

    // The shipped model comes first; what it does not name is as the issuer says, and the rest as JSON has it.
    [Fact]
    public void An_issuers_model_adds_to_the_shipped_one()
    {
        var more = MdocDataModel.Parse(StrictJson.Parse(
            """{"doctype":"x","namespaces":{"kr.example":{"mandatory":{},"optional":{"photo":"bytes"}},"org.iso.18013.5.1":{"mandatory":{},"optional":{"portrait":"text"}}}}"""));
        var elements = MdocElements.FromJson(MdocNames.MdlDocType, StrictJson.Parse("""{"org.iso.18013.5.1":{"portrait":"AQI"},"kr.example":{"photo":"AQI","note":"AQI"},"empty":{}}"""), more);
        Assert.Equal([MdocNames.MdlNamespace, "kr.example"], elements.Keys);
        Assert.Equal(["420102"], elements[MdocNames.MdlNamespace].Values.Select(value => System.Convert.ToHexStringLower(value.Span)));
        Assert.Equal(["420102", "63415149"], elements["kr.example"].Values.Select(value => System.Convert.ToHexStringLower(value.Span)));
    }

    // What others signed keeps to the kinds of the model and to no pattern of it.
    [Theory]
    [InlineData("\"text150\"", "60", true)]
    [InlineData("\"text /a/\"", "6162", true)]
    [InlineData("\"text\"", "00", false)]
    [InlineData("\"uint /[1]/\"", "02", true)]
    [InlineData("\"uint\"", "20", false)]
    [InlineData("\"uint\"", "60", false)]
    [InlineData("\"bytes\"", "40", true)]
    [InlineData("\"bytes\"", "60", false)]
    [InlineData("\"bool\"", "f4", true)]
    [InlineData("\"bool\"", "00", false)]
    [InlineData("\"full-date\"", "d903ec6a323032362d30312d3032", true)]
    [InlineData("\"full-date\"", "6a323032362d30312d3032", false)]
    [InlineData("\"tdate\"", "c074323032362d30312d30325430333a30343a30355a", true)]
    [InlineData("\"tdate\"", "d903ec6a323032362d30312d3032", false)]
    [InlineData("\"date\"", "c074323032362d30312d30325430333a30343a30355a", true)]
    [InlineData("\"date\"", "d903ec6a323032362d30312d3032", true)]
    [InlineData("\"date\"", "6a323032362d30312d3032", false)]
    [InlineData("[\"uint\"]", "80", true)]
    [InlineData("[\"uint\"]", "820160", false)]
    [InlineData("[\"uint\"]", "a0", false)]
    [InlineData("[\"uint\", \"text\"]", "60", true)]
    [InlineData("[\"uint\", \"text\"]", "40", false)]
    [InlineData("{\"a!\": \"uint\", \"b\": \"uint\"}", "a2 6161 00 00 60", true)]
    [InlineData("{\"a!\": \"uint\", \"b\": \"uint\"}", "a2 6161 00 6162 60", false)]
    [InlineData("{\"a!\": \"uint\", \"b\": \"uint\"}", "a1 6162 00", false)]
    [InlineData("{\"a!\": \"uint\", \"b!\": \"uint\"}", "a1 6162 00", false)]
    [InlineData("{\"a\": \"uint\"}", "a0", true)]
    [InlineData("{\"a\": \"uint\"}", "80", false)]
    [InlineData("\"any\"", "f6", true)]
    public void A_value_that_others_signed_is_of_the_kind_of_its_model(string type, string hex, bool matches) =>
        Assert.Equal(matches, ElementType.Parse(StrictJson.Parse(type)).Matches(CborValue.Decode(Bytes(hex))));

    [Theory]
    [Trait("Row", "MDI-27")]
    [InlineData(1000)]
    [InlineData(1 << 18)]
    public async Task A_portrait_is_bytes_whatever_they_are_a_picture_of(int length)
    {
        // A GIF that is also a page with a script.
        byte[] polyglot = [.. "GIF89a/*<html><script>alert(1)</script>*/=1;"u8, .. new byte[length]];
        var issued = await _agency.IssueAsync(WithPortrait(polyglot));
        var report = await MdocVerifier.VerifyAsync(issued.Encode(), _agency.Expectations, Ct);
        Assert.True(report.TryGetVerified(out var verified));
        var portrait = verified.Claims.GetProperty(MdocNames.MdlNamespace).GetProperty("portrait").GetString()!;
        Assert.Equal(StrictBase64Url.Encode(polyglot), portrait);
        Assert.DoesNotContain("script", StrictJson.ToText(report.ToJson()), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Row", "MDI-27")]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(7 << 20, false)]
    public async Task A_portrait_that_makes_the_mdoc_too_large_is_neither_issued_nor_read(int over, bool isIssued)
    {
        // Issued: 512 KiB at most.
        var rest = (await IssueBytesAsync(new byte[1 << 18])).Length - (1 << 18);
        var portrait = new byte[(1 << 19) - rest + over];
        if (isIssued) Assert.Equal((1 << 19) + over, (await IssueBytesAsync(portrait)).Length);
        else Assert.Equal(CodecCodes.CborTooLarge, (await Assert.ThrowsAsync<MalformedDataException>(() => IssueBytesAsync(portrait))).Code);

        // Read: 1 MiB at most.
        var forge = new MdocForge(_agency);
        var small = (await (forge with { Items = [Portrait(1 << 18)] }).MakeAsync()).Length - (1 << 18);
        var read = await (forge with { Items = [Portrait((1 << 20) - small + over)] }).MakeAsync();
        var report = await MdocVerifier.VerifyAsync(read, _agency.Expectations, Ct);
        Assert.Equal(isIssued, report.IsAccepted);
        if (!isIssued) Assert.Equal(CodecCodes.CborTooLarge, report.Checks.Single(check => check.Id == MdocChecks.Format).Code);
    }

    private static MdocForge.Item Portrait(int length) => new(MdocNames.MdlNamespace, 0, CborWriting.Encode(writer =>
    {
        writer.WriteStartMap(4);
        writer.WriteTextString("digestID");
        writer.WriteInt32(0);
        writer.WriteTextString("random");
        writer.WriteByteString(new byte[32]);
        writer.WriteTextString("elementIdentifier");
        writer.WriteTextString("portrait");
        writer.WriteTextString("elementValue");
        writer.WriteByteString(new byte[length]);
        writer.WriteEndMap();
    }));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static byte[] Bytes(string hex) => System.Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private MdocContent WithPortrait(byte[] portrait)
    {
        var elements = _agency.Content.NameSpaces[MdocNames.MdlNamespace].ToDictionary();
        elements["portrait"] = CborWriting.Encode(writer => writer.WriteByteString(portrait));
        return _agency.Content with { NameSpaces = new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> { [MdocNames.MdlNamespace] = elements } };
    }

    private Task<byte[]> IssueBytesAsync(byte[] portrait) => MdocIssuer.IssueAsync(WithPortrait(portrait), _agency.Key, Ct).AsTask();

    /// <summary>The code with which one data element is refused; null if it is issued.</summary>
    private async Task<string?> IssueAsync(string nameSpace, string element, byte[] value)
    {
        var content = _agency.Content with
        {
            NameSpaces = new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> { [nameSpace] = new Dictionary<string, ReadOnlyMemory<byte>> { [element] = value } },
        };
        return (await Record.ExceptionAsync(() => _agency.IssueAsync(content)) as MalformedDataException)?.Code;
    }
}
