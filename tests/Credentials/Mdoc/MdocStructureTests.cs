using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Mdoc;

/// <summary>What the parts of an mdoc are made of: each member of the right kind, each time to the second, each part written as it is read.</summary>
public sealed class MdocStructureTests : IDisposable
{
    private readonly MdocAgency _agency = new(new TestClock().Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private MdocForge Good => new(_agency);

    public void Dispose() => _agency.Dispose();

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private string Second(int seconds) => Good.At(seconds / 86400.0);

    private async Task<(string Check, string? Code)?> FailureAsync(MdocForge forge, MdocExpectations? expected = null)
    {
        var report = await MdocVerifier.VerifyAsync(await forge.MakeAsync(), expected ?? _agency.Expectations, Ct);
        if (report.IsAccepted) return null;
        var failed = Assert.Single(report.Checks, check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate);
        return (failed.Id, failed.Code);
    }

    // ISO/IEC 18013-5 §9.3.1: the time of verification lies between the two, here with a minute for clocks that differ.
    [Theory]
    [Trait("Row", "MDI-14")]
    [InlineData(60, 3600, null)]
    [InlineData(61, 3600, MdocCodes.NotYetValid)]
    [InlineData(0, 0, null)]
    public async Task An_mdoc_is_valid_from_its_first_second(int from, int until, string? code) => Assert.Equal(
        code is null ? null : (MdocChecks.Validity, code), await FailureAsync(Good with { Signed = Second(0), ValidFrom = Second(from), ValidUntil = Second(until) }));

    [Theory]
    [Trait("Row", "MDI-14")]
    [InlineData(60, null)]
    [InlineData(61, MdocCodes.Expired)]
    public async Task An_mdoc_is_valid_until_its_last_second(int seconds, string? code) => Assert.Equal(
        code is null ? null : (MdocChecks.Validity, code),
        await FailureAsync(Good with { ValidUntil = Second(3600) }, _agency.Expectations with { Now = _agency.Now.AddSeconds(3600 + seconds) }));

    // To the last of a second's parts, for each tolerance that may be asked for.
    [Theory]
    [Trait("Row", "MDI-14")]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(60)]
    public async Task The_tolerance_widens_both_ends_by_itself_and_no_more(int seconds)
    {
        var skew = TimeSpan.FromSeconds(seconds);
        var forge = Good with { Signed = Second(600), ValidFrom = Second(600), ValidUntil = Second(1200) };
        var (from, until) = (_agency.Now.AddSeconds(600), _agency.Now.AddSeconds(1200));
        foreach (var (now, code) in new[]
        {
            (from - skew, null),
            (from - skew - TimeSpan.FromTicks(1), MdocCodes.NotYetValid),
            (until + skew, null),
            (until + skew + TimeSpan.FromTicks(1), MdocCodes.Expired),
        })
        {
            Assert.Equal(code is null ? null : (MdocChecks.Validity, code), await FailureAsync(forge, _agency.Expectations with { Now = now, ClockSkew = skew }));
        }

        // The times of one mdoc are of one clock.
        Assert.Equal((MdocChecks.Validity, MdocCodes.ValidityMalformed), await FailureAsync(forge with { ValidFrom = Second(599) }, _agency.Expectations with { Now = from, ClockSkew = skew }));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(600_000_000, true)]
    [InlineData(600_000_001, false)]
    public void Clocks_may_be_a_minute_apart_at_most(long ticks, bool isAllowed)
    {
        if (isAllowed) Assert.Equal(ticks, (_agency.Expectations with { ClockSkew = TimeSpan.FromTicks(ticks) }).ClockSkew.Ticks);
        else Assert.Throws<ArgumentOutOfRangeException>(() => _agency.Expectations with { ClockSkew = TimeSpan.FromTicks(ticks) });
    }

    // §9.3.1: the time of signing lies within the validity of the signer's certificate.
    [Fact]
    public async Task An_mdoc_is_signed_while_the_signer_s_certificate_is_valid()
    {
        static string At(DateTime time, int seconds) => time.ToUniversalTime().AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var (begin, end) = (_agency.Certificate.NotBefore, _agency.Certificate.NotAfter);
        Assert.Null(await FailureAsync(Good with { Signed = At(begin, 0) }));
        Assert.Equal((MdocChecks.Validity, MdocCodes.SignedOutsideCertificate), await FailureAsync(Good with { Signed = At(begin, -1) }));
        foreach (var (seconds, code) in new[] { (0, MdocCodes.NotYetValid), (1, MdocCodes.SignedOutsideCertificate) })
        {
            var late = Good with { Signed = At(end, seconds), ValidFrom = At(end, seconds), ValidUntil = At(end, 3600) };
            Assert.Equal((MdocChecks.Validity, code), await FailureAsync(late));
        }
    }

    public static TheoryData<string, string> Items => new()
    {
        { "good", "a4 6672616e646f6d 50 000102030405060708090a0b0c0d0e0f 686469676573744944 00 71656c656d656e744964656e746966696572 6161 6c656c656d656e7456616c7565 01" },
        { "salt is text", "a4 6672616e646f6d 6161 686469676573744944 00 71656c656d656e744964656e746966696572 6161 6c656c656d656e7456616c7565 01" },
        { "negative id", "a4 6672616e646f6d 4100 686469676573744944 20 71656c656d656e744964656e746966696572 6161 6c656c656d656e7456616c7565 01" },
        { "id is text", "a4 6672616e646f6d 4100 686469676573744944 6130 71656c656d656e744964656e746966696572 6161 6c656c656d656e7456616c7565 01" },
        { "name is a number", "a4 6672616e646f6d 4100 686469676573744944 00 71656c656d656e744964656e746966696572 01 6c656c656d656e7456616c7565 01" },
        { "no value", "a3 6672616e646f6d 4100 686469676573744944 00 71656c656d656e744964656e746966696572 6161" },
        { "no name", "a3 6672616e646f6d 4100 686469676573744944 00 6c656c656d656e7456616c7565 01" },
        { "no id", "a3 6672616e646f6d 4100 71656c656d656e744964656e746966696572 6161 6c656c656d656e7456616c7565 01" },
        { "no map", "80" },
    };

    // §8.3.2.1.2.2
    [Theory]
    [MemberData(nameof(Items))]
    public void An_item_has_a_salt_an_id_a_name_and_a_value(string what, string hex)
    {
        var encoded = EncodedCbor.Wrap(Hex(hex));
        if (what == "good") Assert.Equal((0L, "a", 1L), (IssuerSignedItem.Parse(encoded).DigestId, IssuerSignedItem.Parse(encoded).ElementIdentifier, IssuerSignedItem.Parse(encoded).ElementValue.GetInt64()));
        else Assert.Equal(MdocCodes.Malformed, Assert.Throws<MalformedDataException>(() => IssuerSignedItem.Parse(encoded)).Code);
    }

    // §9.1.2.4: namespaces are text, digest ids unsigned, digests bytes.
    [Theory]
    [InlineData("a1 616e a1 00 41aa", true)]
    [InlineData("a1 616e a1 20 41aa", false)]
    [InlineData("a1 616e a1 6130 41aa", false)]
    [InlineData("a1 616e a1 00 6161", false)]
    [InlineData("a1 01 a1 00 41aa", false)]
    [InlineData("a1 616e 80", false)]
    [InlineData("80", false)]
    public void Digests_stand_by_namespace_and_id(string valueDigests, bool accepted)
    {
        var payload = MdocForge.Wrap(CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(6);
            writer.WriteTextString("version");
            writer.WriteTextString("1.0");
            writer.WriteTextString("digestAlgorithm");
            writer.WriteTextString("SHA-256");
            writer.WriteTextString("valueDigests");
            writer.WriteEncodedValue(Hex(valueDigests));
            writer.WriteTextString("deviceKeyInfo");
            writer.WriteStartMap(1);
            writer.WriteTextString("deviceKey");
            CoseKey.Write(writer, _agency.Device.PublicKey);
            writer.WriteEndMap();
            writer.WriteTextString("docType");
            writer.WriteTextString("d");
            writer.WriteTextString("validityInfo");
            new ValidityInfo(_agency.Now, _agency.Now, _agency.Now).Write(writer);
            writer.WriteEndMap();
        }));
        if (!accepted)
        {
            Assert.Equal(MdocCodes.Malformed, Assert.Throws<MalformedDataException>(() => MobileSecurityObject.Parse(payload)).Code);
            return;
        }

        var signed = MobileSecurityObject.Parse(payload);
        Assert.Equal([0xaa], signed.FindDigest("n", 0)!.Value.ToArray());
        Assert.Null(signed.FindDigest("n", 1));
        Assert.Null(signed.FindDigest("m", 0));
        Assert.Equal(_agency.Device.PublicKey, signed.DeviceKey);
        Assert.Null(signed.Status);
        Assert.Equal([], signed.KeyAuthorizations.NameSpaces);
    }

    [Fact]
    public void The_time_of_the_next_update_is_written_and_read_too()
    {
        foreach (var validity in new[] { new ValidityInfo(_agency.Now, _agency.Now.AddDays(1), _agency.Now.AddDays(2)), new ValidityInfo(_agency.Now, _agency.Now.AddDays(1), _agency.Now.AddDays(2), _agency.Now.AddDays(3)) })
            Assert.Equal(validity, ValidityInfo.Parse(CborValue.Decode(CborWriting.Encode(writer => validity.Write(writer)))));
    }

    // §9.1.2.4
    [Fact]
    public void A_key_is_authorized_for_a_namespace_or_for_elements_of_it()
    {
        static KeyAuthorizations Reread(KeyAuthorizations one) => KeyAuthorizations.Parse(CborValue.Decode(CborWriting.Encode(writer => one.Write(writer))));
        IReadOnlyDictionary<string, IReadOnlyCollection<string>> elements = new Dictionary<string, IReadOnlyCollection<string>> { ["m"] = ["a", "b"] };
        var both = Reread(new KeyAuthorizations { NameSpaces = ["n"], DataElements = elements });
        Assert.True(both.Allow("n", "x") && both.Allow("m", "a") && both.Allow("m", "b"));
        Assert.False(both.Allow("m", "x") || both.Allow("o", "a") || both.IsEmpty);
        var (whole, single) = (Reread(new KeyAuthorizations { NameSpaces = ["n"] }), Reread(new KeyAuthorizations { DataElements = elements }));
        Assert.True(whole.Allow("n", "x") && single.Allow("m", "a"));
        Assert.False(whole.Allow("m", "a") || single.Allow("n", "x") || whole.IsEmpty || single.IsEmpty);
        Assert.True(Reread(KeyAuthorizations.None).IsEmpty);
        Assert.Equal("a0", Convert.ToHexStringLower(CborWriting.Encode(writer => KeyAuthorizations.None.Write(writer))));
        Assert.Throws<MalformedDataException>(() => KeyAuthorizations.Parse(CborValue.Decode(Hex("a1 6a6e616d65537061636573 a0"))));
    }

    [Fact]
    public async Task An_issued_mdoc_is_read_from_text_and_from_a_response_and_written_again_unchanged()
    {
        var issued = await _agency.IssueAsync();
        Assert.Equal(issued.Encode(), IssuerSigned.Parse(issued.ToBase64Url()).Encode());
        Assert.Equal(issued.Encode(), IssuerSigned.ParseAny(issued.Encode()).Encode());
        var document = await MdocPresenter.SignAsync(issued, (_, _) => true, Session, _agency.Device, Ct);
        Assert.Equal(issued.Encode(), IssuerSigned.ParseAny(MdocPresenter.Respond(document).Encode()).Encode());
        foreach (var response in new[] { MdocPresenter.Respond(), MdocPresenter.Respond(document, document) })
            Assert.Equal(MdocCodes.Documents, Assert.Throws<MalformedDataException>(() => IssuerSigned.ParseAny(response.Encode())).Code);
        Assert.Equal(MdocCodes.Malformed, Assert.Throws<MalformedDataException>(() => IssuerSigned.Parse("?")).Code);
    }

    [Fact]
    public async Task What_is_not_selected_is_not_there_nor_is_a_namespace_without_elements()
    {
        var issued = await _agency.IssueAsync(_agency.Content with
        {
            DocType = "org.example",
            NameSpaces = MdocElements.FromJson("org.example", StrictJson.Parse("""{"a":{"x":1,"y":[true,null,"z",1.5]},"b":{"x":{"k":-2}}}""")),
        });
        Assert.Equal("""{"a":{"x":1,"y":[true,null,"z",1.5]},"b":{"x":{"k":-2}}}""", issued.UnverifiedClaims().GetRawText());
        Assert.Equal(3, issued.Count);
        var some = issued.Select((nameSpace, element) => nameSpace == "a" && element == "x");
        Assert.Equal(("""{"a":{"x":1}}""", 1), (some.UnverifiedClaims().GetRawText(), some.Count));
        var none = issued.Select((_, _) => false);
        Assert.Equal("{}", none.UnverifiedClaims().GetRawText());
        Assert.Equal("{}", IssuerSigned.Parse(none.Encode()).UnverifiedClaims().GetRawText());
        Assert.Equal(1, CborValue.Decode(none.Encode()).Count);
        Assert.True((await MdocVerifier.VerifyAsync(some.Encode(), _agency.Expectations, Ct)).IsAccepted);
    }

    private static SessionTranscript Session => SessionTranscript.FromEncoded(Hex("83 f6 f6 6173"));

    // OpenID4VP 1.0 Appendix B.2.6.1: the published example.
    [Fact]
    [Trait("Row", "MDD-03")]
    public void The_published_transcript_of_a_redirect_is_made() => Assert.Equal(
        "83f6f682714f70656e494434565048616e646f7665725820048bc053c00442af9b8eed494cefdd9d95240d254b046b11b68013722aad38ac",
        Convert.ToHexStringLower(SessionTranscript.ForOpenId4Vp(
            "x509_san_dns:example.com", "exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA",
            Hex("4283ec927ae0f208daaa2d026a814f2b22dca52cf85ffa8f3f8626c6bd669047"), "https://example.com/response").Bytes.Span));

    // The same without encryption, and Appendix B.2.6.2.
    [Fact]
    public void The_transcripts_of_a_plain_redirect_and_of_the_digital_credentials_API_are_made()
    {
        const string Nonce = "exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA";
        Assert.Equal(
            "83f6f682714f70656e494434565048616e646f7665725820c672b54a2facfb3284965c5be838a8cd1f96f7de36ede3470b1d5de2c57d7719",
            Convert.ToHexStringLower(SessionTranscript.ForOpenId4Vp("x509_san_dns:example.com", Nonce, null, "https://example.com/response").Bytes.Span));
        Assert.Equal(
            "83f6f682764f70656e4944345650444341504948616e646f7665725820fbece366f4212f9762c74cfdbf83b8c69e371d5d68cea09cb4c48ca6daab761a",
            Convert.ToHexStringLower(SessionTranscript.ForDigitalCredentials(
                "https://example.com", Nonce, Hex("4283ec927ae0f208daaa2d026a814f2b22dca52cf85ffa8f3f8626c6bd669047")).Bytes.Span));
    }

    // ISO/IEC 18013-5 §9.1.5.1
    [Fact]
    public void A_transcript_names_the_handover_of_the_session()
    {
        Assert.Equal("8242010243030405", Convert.ToHexStringLower(SessionTranscript.NfcHandover(new byte[] { 1, 2 }, new byte[] { 3, 4, 5 }).Span));
        Assert.Equal("82420102f6", Convert.ToHexStringLower(SessionTranscript.NfcHandover(new byte[] { 1, 2 }, null).Span));
        var transcript = SessionTranscript.ForProximity(EncodedCbor.Wrap(new byte[] { 1 }), EncodedCbor.Wrap(new byte[] { 2 }), SessionTranscript.QrHandover);
        Assert.Equal("83d8184101d8184102f6", Convert.ToHexStringLower(transcript.Bytes.Span));
        var (plain, encrypted) = (SessionTranscript.ForDigitalCredentials("https://a.example", "n", null), SessionTranscript.ForDigitalCredentials("https://a.example", "n", new byte[32]));
        Assert.NotEqual(plain.Bytes.ToArray(), encrypted.Bytes.ToArray());
        Assert.NotEqual(plain.Bytes.ToArray(), SessionTranscript.ForDigitalCredentials("https://a.example", "m", null).Bytes.ToArray());
        Assert.NotEqual(plain.Bytes.ToArray(), SessionTranscript.ForDigitalCredentials("https://b.example", "n", null).Bytes.ToArray());
        foreach (var wrong in new[] { "82 f6 f6", "84 f6 f6 f6 f6", "a0", "83 f6 f6" })
            Assert.Throws<MalformedDataException>(() => SessionTranscript.FromEncoded(Hex(wrong)));
    }

    // §9.1.3.4: either of the two, over name spaces that are a map of maps.
    [Fact]
    public async Task Device_data_has_a_signature_or_a_mac_and_not_both()
    {
        var (none, signature, mac) = (EncodedCbor.Wrap(new byte[] { 0xa0 }), await CoseSign1.SignAsync(new byte[1], _agency.Device, isDetached: true, ct: Ct), CoseMac0.Create([1], new byte[32], isDetached: true));
        Assert.NotNull(DeviceSigned.Create(none, "deviceSignature", signature).Signature);
        Assert.NotNull(DeviceSigned.Create(none, "deviceMac", mac).Mac);
        Assert.Equal(MdocCodes.Malformed, Assert.Throws<MalformedDataException>(() => DeviceSigned.Create(none, "other", signature)).Code);
        var both = CborValue.Decode(CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(2);
            writer.WriteTextString("nameSpaces");
            writer.WriteEncodedValue(none.Bytes.Span);
            writer.WriteTextString("deviceAuth");
            writer.WriteStartMap(2);
            writer.WriteTextString("deviceSignature");
            writer.WriteEncodedValue(signature);
            writer.WriteTextString("deviceMac");
            writer.WriteEncodedValue(mac);
            writer.WriteEndMap();
            writer.WriteEndMap();
        }), MdocCodes.Malformed);
        Assert.Equal(MdocCodes.Malformed, Assert.Throws<MalformedDataException>(() => DeviceSigned.Parse(both)).Code);
        Assert.Equal([("n", "e")], DeviceSigned.Create(EncodedCbor.Wrap(Hex("a1 616e a1 6165 01")), "deviceSignature", signature).Elements);
    }

    // A MAC is made with a P-256 key; a device with another cannot have made one.
    [Fact]
    public async Task A_mac_of_a_device_whose_key_is_of_another_curve_is_not_usable()
    {
        using var device = SoftwareSigningKey.Generate(SignatureAlgorithm.Es384);
        using var reader = SoftwareKeyAgreementKey.Generate();
        var issued = await _agency.IssueAsync(_agency.Content with { DeviceKey = device.PublicKey });
        var document = new MdocDocument(MdocNames.MdlDocType, issued, DeviceSigned.Create(EncodedCbor.Wrap(new byte[] { 0xa0 }), "deviceMac", CoseMac0.Create([1], new byte[32], isDetached: true)));
        var report = await MdocVerifier.VerifyAsync(document, _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(Session, reader) }, Ct);
        Assert.Equal(MdocCodes.DeviceMacUnusable, report.Checks.Single(check => check.Id == MdocChecks.DeviceAuth).Code);
    }

    [Fact]
    public async Task The_query_sees_the_claims_and_waits_for_those_that_cannot_be_read()
    {
        var (asked, good) = (0, Good);
        var expected = _agency.Expectations with { Query = (_, claims) => { asked++; return claims.GetProperty(MdocNames.MdlNamespace).GetProperty("family_name").GetString() == "Kim" ? null : "test.code"; } };
        Assert.Null(await FailureAsync(good, expected));
        Assert.Equal((MdocChecks.Query, "test.code"), await FailureAsync(good with { Items = [MdocForge.Element(0, "family_name", "Lee")] }, expected));
        Assert.Equal(2, asked);

        var repeated = await MdocVerifier.VerifyAsync(
            await (good with { Items = [MdocForge.Element(0, "family_name", "Kim"), MdocForge.Element(1, "family_name", "Kim")] }).MakeAsync(), expected, Ct);
        Assert.Equal(MdocChecks.ValueDigests, repeated.Checks.Single(check => check.Id == MdocChecks.Query).BlockedBy);
        Assert.Equal(2, asked);
        var unasked = await MdocVerifier.VerifyAsync(await good.MakeAsync(), _agency.Expectations, Ct);
        Assert.Equal(CheckOutcome.NotApplicable, unasked.Checks.Single(check => check.Id == MdocChecks.Query).Outcome);
    }

    // Annex B, Table B.3: the state or province of the certificate, where it names one.
    [Theory]
    [InlineData("KR-11", null)]
    [InlineData("KR-26", MdocCodes.IssuingCountry)]
    [InlineData("kr-11", MdocCodes.IssuingCountry)]
    public async Task The_issuing_jurisdiction_must_be_that_of_the_certificate_where_it_names_one(string jurisdiction, string? code)
    {
        var forged = Good with { Items = [MdocForge.Element(0, "issuing_jurisdiction", jurisdiction)] };
        // This one names none.
        Assert.Null(await FailureAsync(forged));
        using var second = _agency.CertifySigner("KR, S=KR-11", hasUsage: true);
        Assert.Equal(code is null ? null : (MdocChecks.IssuerChain, code), await FailureAsync(forged with { Headers = headers => headers[0] = CoseHeader.X5Chain([second.RawDataMemory]) }));
    }

    // §7.2.5
    [Theory]
    [InlineData("age_over_18", 18)]
    [InlineData("age_over_00", 0)]
    [InlineData("age_over_1", null)]
    [InlineData("age_over_180", null)]
    [InlineData("age_over_+1", null)]
    [InlineData("age_over_1a", null)]
    [InlineData("age_in_year", null)]
    [InlineData("AGE_OVER_18", null)]
    public void A_statement_about_the_age_has_two_digits(string element, int? age) => Assert.Equal(age, AgeStatement.AgeOf(element));

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task A_reader_learns_two_ages_at_most(int count, bool accepted)
    {
        var issued = await _agency.IssueAsync(_agency.Content with
        {
            NameSpaces = MdocElements.FromJson(MdocNames.MdlDocType, StrictJson.Parse("""{"org.iso.18013.5.1":{"family_name":"Kim","age_over_18":true,"age_over_19":true,"age_over_20":true}}""")),
        });
        string[] elements = ["family_name", .. Enumerable.Range(18, count).Select(age => $"age_over_{age}")];
        var asked = new Dictionary<string, IReadOnlyDictionary<string, bool>> { [MdocNames.MdlNamespace] = elements.ToDictionary(element => element, _ => false) };
        if (accepted)
        {
            Assert.Equal(elements, ItemsRequest.Create(MdocNames.MdlDocType, asked).FindAnswers(issued).Select(answer => answer.Element));
            return;
        }

        Assert.Throws<ArgumentException>(() => ItemsRequest.Create(MdocNames.MdlDocType, asked));
        // One that asks all the same gets no age, and the rest.
        var probing = ItemsRequest.Parse(EncodedCbor.Wrap(CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(2);
            writer.WriteTextString("docType");
            writer.WriteTextString(MdocNames.MdlDocType);
            writer.WriteTextString("nameSpaces");
            writer.WriteStartMap(1);
            writer.WriteTextString(MdocNames.MdlNamespace);
            writer.WriteStartMap(elements.Length);
            foreach (var element in elements)
            {
                writer.WriteTextString(element);
                writer.WriteBoolean(false);
            }

            writer.WriteEndMap();
            writer.WriteEndMap();
            writer.WriteEndMap();
        })));
        Assert.Equal(["family_name"], probing.FindAnswers(issued).Select(answer => answer.Element));
        Assert.Equal(elements[1..], probing.FindMissing(issued).Select(missing => missing.Element));
    }

    [Fact]
    public async Task An_mdoc_that_its_readers_would_not_take_is_not_issued()
    {
        MdocContent Large(int bytes) => _agency.Content with
        {
            DocType = "org.example",
            NameSpaces = new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>
            {
                ["n"] = new Dictionary<string, ReadOnlyMemory<byte>> { ["e"] = CborWriting.Encode(writer => writer.WriteByteString(new byte[bytes])) },
            },
        };
        var room = (1 << 19) - (await _agency.IssueAsync(Large(100_000))).Encode().Length + 100_000;
        Assert.Equal(1 << 19, (await _agency.IssueAsync(Large(room))).Encode().Length);
        Assert.Equal(CodecCodes.CborTooLarge, (await Assert.ThrowsAsync<MalformedDataException>(() => _agency.IssueAsync(Large(room + 1)))).Code);
    }

    [Fact]
    public async Task Missing_arguments_are_named()
    {
        var issued = await _agency.IssueAsync();
        var request = DeviceRequest.Create(ItemsRequest.Create(MdocNames.MdlDocType, new Dictionary<string, IReadOnlyDictionary<string, bool>>()));
        using var device = SoftwareKeyAgreementKey.Generate();
        (string Name, Func<Task> Call)[] calls =
        [
            ("content", () => MdocIssuer.IssueAsync(null!, _agency.Key, Ct).AsTask()),
            ("key", () => MdocIssuer.IssueAsync(_agency.Content, null!, Ct).AsTask()),
            ("expected", () => MdocVerifier.VerifyAsync(issued.Encode(), null!, Ct)),
            ("document", () => MdocVerifier.VerifyAsync((MdocDocument)null!, _agency.Expectations, Ct)),
            ("expected", async () => await MdocVerifier.VerifyAsync(await MdocPresenter.SignAsync(issued, (_, _) => true, Session, _agency.Device, Ct), null!, Ct)),
            ("response", () => MdocVerifier.VerifyAsync(null!, request, _agency.Expectations, Ct)),
            ("request", () => MdocVerifier.VerifyAsync(MdocPresenter.Respond(), null!, _agency.Expectations, Ct)),
            ("issuerSigned", () => MdocPresenter.SignAsync(null!, (_, _) => true, Session, _agency.Device, Ct).AsTask()),
            ("issuerSigned", () => MdocPresenter.AuthenticateAsync(null!, (_, _) => true, Session, device, device.PublicKey, Ct).AsTask()),
            ("deviceKey", () => MdocPresenter.AuthenticateAsync(issued, (_, _) => true, Session, null!, device.PublicKey, Ct).AsTask()),
            ("request", () => Task.FromResult(MdocPresenter.Respond(null!, []))),
            ("request", () => Task.FromResult(ReaderAuthentication.Verify(null!, Session, _agency.Trust, _agency.Now))),
        ];
        foreach (var (name, call) in calls) Assert.Equal(name, (await Assert.ThrowsAsync<ArgumentNullException>(call)).ParamName);
    }
}
