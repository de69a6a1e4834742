using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.Mdoc;

/// <summary>Issuer data that a verifier refuses, each beside its correct twin.</summary>
public sealed class IssuerDataTests : IDisposable
{
    private readonly MdocAgency _agency = new(new TestClock().Now);

    public IssuerDataTests() => Good = new MdocForge(_agency);

    private MdocForge Good { get; }

    public void Dispose() => _agency.Dispose();

    [Fact]
    public async Task The_twin_of_every_case_is_accepted() => Assert.Null(await FailureAsync(Good));

    [Fact]
    [Trait("Row", "MDI-01")]
    [Trait("Row", "MDI-02")]
    public async Task A_changed_value_is_refused_with_the_old_digest_and_with_a_new_one()
    {
        IReadOnlyList<MdocForge.Item> changed = [MdocForge.Element(0, "family_name", "Lee"), Good.Items[1]];
        Assert.Equal((MdocChecks.ValueDigests, MdocCodes.DigestMismatch), await FailureAsync(Good with { Items = changed, SignedItems = Good.Items }));
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        Assert.Equal((MdocChecks.IssuerSignature, MdocCodes.SignatureInvalid), await FailureAsync(Good with { Items = changed, Signer = thief }));
    }

    [Theory]
    [Trait("Row", "MDI-03")]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public async Task A_digest_of_another_length_is_refused(int length) =>
        Assert.Equal(
            (MdocChecks.ValueDigests, MdocCodes.DigestMismatch),
            await FailureAsync(Good with { Digest = bytes => [.. SHA512.HashData(bytes)[..Math.Min(length, 64)]] }));

    [Fact]
    [Trait("Row", "MDI-04")]
    [Trait("Row", "MDI-06")]
    public async Task An_element_without_a_digest_of_its_namespace_is_refused()
    {
        var item = MdocForge.Element(5, "family_name", "Kim");
        Assert.Equal((MdocChecks.ValueDigests, MdocCodes.DigestMissing), await FailureAsync(Good with { Items = [item], SignedItems = Good.Items }));
        // The same item, moved to another namespace.
        var moved = Good.Items[0] with { NameSpace = "org.example" };
        Assert.Equal((MdocChecks.ValueDigests, MdocCodes.DigestMissing), await FailureAsync(Good with { Items = [moved], SignedItems = Good.Items }));
        var withDigests = MdocForge.Element(0, "other", "x", "org.example");
        Assert.Equal(
            (MdocChecks.ValueDigests, MdocCodes.DigestMismatch),
            await FailureAsync(Good with { Items = [moved], SignedItems = [.. Good.Items, withDigests] }));
    }

    [Fact]
    [Trait("Row", "MDI-05")]
    public async Task The_same_digest_id_or_element_twice_is_refused()
    {
        var (one, two) = (MdocForge.Element(0, "family_name", "Kim"), MdocForge.Element(1, "family_name", "Kim"));
        Assert.Equal((MdocChecks.ValueDigests, MdocCodes.ElementRepeated), await FailureAsync(Good with { Items = [one, two] }));
        Assert.Equal((MdocChecks.ValueDigests, MdocCodes.ElementRepeated), await FailureAsync(Good with { Items = [one, one] }));
        // The id alone, with another element in between.
        Assert.Equal((MdocChecks.ValueDigests, MdocCodes.ElementRepeated), await FailureAsync(Good with { Items = [one, Good.Items[1], MdocForge.Element(0, "birth_place", "Seoul")] }));
    }

    [Fact]
    [Trait("Row", "MDI-07")]
    public async Task Digests_of_what_is_not_shown_are_no_fault() =>
        Assert.Null(await FailureAsync(Good with { Items = [Good.Items[0]], SignedItems = [Good.Items[0], MdocForge.Element(7, "decoy", "x")] }));

    [Fact]
    [Trait("Row", "MDI-08")]
    public async Task An_item_without_a_salt_is_refused_and_none_of_ours_has_a_short_or_repeated_one()
    {
        Assert.Equal((MdocChecks.Format, MdocCodes.Malformed), await FailureAsync(Good with { Items = [MdocForge.Element(0, "family_name", "Kim", saltLength: null)] }));
        var issued = await _agency.IssueAsync();
        List<string> salts = [.. issued.NameSpaces.Values.SelectMany(items => items).Select(item => Convert.ToHexString(item.Encoded.Decode().Require("random"u8).GetBytes().Span))];
        Assert.All(salts, salt => Assert.Equal(64, salt.Length));
        Assert.Equal(salts.Count, salts.Distinct().Count());
    }

    [Fact]
    [Trait("Row", "MDI-09")]
    [Trait("Row", "CSE-06")]
    public async Task What_belongs_into_tag_24_is_refused_outside_it_and_twice_inside()
    {
        Assert.Equal((MdocChecks.Format, MdocCodes.Malformed), await FailureAsync(Good with { Items = [Good.Items[0] with { IsWrapped = false }] }));
        var twice = new MdocForge.Item(MdocNames.MdlNamespace, 0, MdocForge.Wrap(Good.Items[0].Content));
        Assert.Equal((MdocChecks.Format, MdocCodes.Malformed), await FailureAsync(Good with { Items = [twice] }));
        Assert.Equal((MdocChecks.Format, MdocCodes.Malformed), await FailureAsync(Good with { IsWrapped = false }));
        Assert.Equal((MdocChecks.Format, MdocCodes.Malformed), await FailureAsync(Good with { IsDetached = true }));
    }

    [Fact]
    [Trait("Row", "MDI-11")]
    public async Task A_document_type_that_was_not_asked_for_is_refused()
    {
        var asked = _agency.Expectations with { DocTypes = [MdocNames.MdlDocType] };
        Assert.Null(await FailureAsync(Good, asked));
        foreach (var other in (string[])["org.iso.18013.5.1.mdl", "org.example", ""])
            Assert.Equal((MdocChecks.DocType, MdocCodes.DocTypeNotExpected), await FailureAsync(Good with { DocType = other }, asked));
    }

    [Theory]
    [Trait("Row", "MDI-12")]
    [InlineData("SHA-1", MdocChecks.ValueDigests, MdocCodes.DigestAlgorithm)]
    [InlineData("sha-256", MdocChecks.ValueDigests, MdocCodes.DigestAlgorithm)]
    [InlineData("MD5", MdocChecks.ValueDigests, MdocCodes.DigestAlgorithm)]
    [InlineData(null, MdocChecks.Format, MdocCodes.Malformed)]
    public async Task Another_digest_algorithm_is_refused(string? algorithm, string check, string code) =>
        Assert.Equal((check, code), await FailureAsync(Good with { DigestAlgorithm = algorithm }));

    [Fact]
    public async Task The_longer_digests_are_accepted()
    {
        Assert.Null(await FailureAsync(Good with { DigestAlgorithm = "SHA-384", Digest = SHA384.HashData }));
        Assert.Null(await FailureAsync(Good with { DigestAlgorithm = "SHA-512", Digest = SHA512.HashData }));
        foreach (var (digest, name) in new[] { (MdocDigest.Sha256, "SHA-256"), (MdocDigest.Sha384, "SHA-384"), (MdocDigest.Sha512, "SHA-512") })
        {
            var issued = await _agency.IssueAsync(_agency.Content with { Digest = digest });
            Assert.Equal(name, issued.SecurityObject.DigestAlgorithm);
            Assert.True((await MdocVerifier.VerifyAsync(issued.Encode(), _agency.Expectations, TestContext.Current.CancellationToken)).IsAccepted);
        }
    }

    [Fact]
    public async Task A_device_key_that_cannot_be_read_is_as_good_as_none()
    {
        var forged = Good with
        {
            DeviceKeyInfo = writer =>
            {
                writer.WriteStartMap(1);
                writer.WriteTextString("deviceKey");
                writer.WriteStartMap(0);
                writer.WriteEndMap();
                writer.WriteEndMap();
            },
        };
        Assert.Equal((MdocChecks.Format, CoseCodes.KeyMalformed), await FailureAsync(forged));
    }

    // RFC 8949 §6.1: keys that become one name cannot be shown as JSON.
    [Fact]
    public async Task An_element_that_cannot_be_shown_is_refused_and_no_query_sees_it()
    {
        byte[] ambiguous =
        [
            0xa4, 0x66, .. "random"u8, 0x41, 0x00, 0x68, .. "digestID"u8, 0x00,
            0x71, .. "elementIdentifier"u8, 0x61, .. "x"u8, 0x6c, .. "elementValue"u8, 0xa2, 0x01, 0x00, 0x61, .. "1"u8, 0x00,
        ];
        var forged = Good with { Items = [new MdocForge.Item("kr.example", 0, ambiguous)] };
        Assert.Equal((MdocChecks.Format, MdocCodes.Malformed), await FailureAsync(forged));
        var report = await MdocVerifier.VerifyAsync(
            await forged.MakeAsync(), _agency.Expectations with { Query = (_, _) => null }, TestContext.Current.CancellationToken);
        Assert.Equal(MdocChecks.Format, report.Checks.Single(check => check.Id == MdocChecks.Query).BlockedBy);
    }

    [Theory]
    [Trait("Row", "MDI-13")]
    [InlineData("2.0", MdocCodes.Version)]
    [InlineData("", MdocCodes.Version)]
    [InlineData(null, MdocCodes.Malformed)]
    public async Task Another_major_version_is_refused(string? version, string code)
    {
        Assert.Equal((MdocChecks.Format, code), await FailureAsync(Good with { Version = version }));
        Assert.Null(await FailureAsync(Good with { Version = "1.1", More = ("later", writer => writer.WriteInt32(1)) }));
    }

    [Fact]
    [Trait("Row", "MDI-14")]
    [Trait("Row", "MDI-16")]
    public async Task Times_outside_the_validity_or_in_the_wrong_order_are_refused()
    {
        Assert.Equal(MdocCodes.NotYetValid, (await FailureAsync(Good with { ValidFrom = Good.At(1) }))?.Code);
        Assert.Equal(MdocCodes.Expired, (await FailureAsync(Good with { Signed = Good.At(-0.001), ValidFrom = Good.At(-0.001), ValidUntil = Good.At(-0.0008) }))?.Code);
        Assert.Equal(MdocCodes.ValidityMalformed, (await FailureAsync(Good with { ValidUntil = Good.At(-1) }))?.Code);
        Assert.Equal(MdocCodes.ValidityMalformed, (await FailureAsync(Good with { Signed = Good.At(1) }))?.Code);
        foreach (var missing in (MdocForge[])[Good with { Signed = "" }, Good with { ValidFrom = "" }, Good with { ValidUntil = "" }])
            Assert.Equal((MdocChecks.Format, MdocCodes.Malformed), await FailureAsync(missing));
        Assert.Equal(MdocCodes.SignedOutsideCertificate, (await FailureAsync(Good with { Signed = Good.At(-1) }))?.Code);
        // An mdoc may be valid for longer than the certificate that signed it, while that is valid.
        Assert.Null(await FailureAsync(Good with { ValidUntil = Good.At(2000) }));
        Assert.Equal(
            (MdocChecks.IssuerChain, X509Codes.Validity),
            await FailureAsync(Good with { ValidUntil = Good.At(2000) }, _agency.Expectations with { Now = _agency.Now.AddDays(460) }));
    }

    [Theory]
    [Trait("Row", "CBR-13")]
    [Trait("Row", "CBR-15")]
    [InlineData("2027-01-01T00:00:00.5Z")]
    [InlineData("2027-01-01T00:00:00+01:00")]
    [InlineData("2027-01-01T00:00:00z")]
    [InlineData("2027-01-01T23:59:60Z")]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("2027-01-01T24:00:00Z")]
    [InlineData("2027-01-01")]
    public async Task A_time_that_is_not_a_plain_utc_second_is_refused(string text) =>
        Assert.Equal((MdocChecks.Format, MdocCodes.Malformed), await FailureAsync(Good with { ValidUntil = text }));

    [Theory]
    [Trait("Row", "MDI-21")]
    [InlineData("KR", true)]
    [InlineData("US", false)]
    [InlineData("kr", false)]
    public async Task The_issuing_country_must_be_that_of_the_certificate(string country, bool accepted)
    {
        var forged = Good with { Items = [MdocForge.Element(0, "issuing_country", country)] };
        Assert.Equal(accepted ? null : (MdocChecks.IssuerChain, MdocCodes.IssuingCountry), await FailureAsync(forged));
        // Annex B is about licences: another document type names what it likes.
        Assert.Null(await FailureAsync(forged with { DocType = "org.example.card" }));
    }

    [Fact]
    [Trait("Row", "MDI-17")]
    public async Task Only_a_licence_needs_a_document_signer_of_licences()
    {
        using var plain = _agency.CertifySigner("KR", hasUsage: false);
        var forged = Good with { Headers = headers => headers[0] = CoseHeader.X5Chain([plain.RawDataMemory]) };
        Assert.Equal((MdocChecks.IssuerChain, X509Codes.ExtendedKeyUsage), await FailureAsync(forged));
        Assert.Null(await FailureAsync(forged with { DocType = "org.example.card" }));
    }

    // Without a key the signature cannot be checked; with one it is, though nobody vouches for it.
    [Fact]
    public async Task A_signer_that_nobody_vouches_for_is_said_to_be_that_whatever_its_certificate_is()
    {
        var nobody = _agency.Expectations with { Trust = TrustStore.Empty };
        var broken = Good with { Headers = headers => headers[0] = CoseHeader.X5Chain([new byte[] { 1, 2, 3 }]) };
        foreach (var (forged, blockedBy) in new[] { (Good, null), (broken, MdocChecks.IssuerChain) })
        {
            Assert.Equal((MdocChecks.IssuerChain, TrustCodes.NoAnchors), await FailureAsync(forged, nobody));
            var report = await MdocVerifier.VerifyAsync(await forged.MakeAsync(), nobody, TestContext.Current.CancellationToken);
            var signature = report.Checks.Single(check => check.Id == MdocChecks.IssuerSignature);
            Assert.Equal((blockedBy is null ? CheckOutcome.Passed : CheckOutcome.NotRun, blockedBy), (signature.Outcome, signature.BlockedBy));
        }

        Assert.Equal((MdocChecks.IssuerChain, X509Codes.Malformed), await FailureAsync(broken));
    }

    // The chain in the header is not signed: another certificate for the same key is held against everything that is.
    [Theory]
    [Trait("Row", "CSE-10")]
    [InlineData("US", true, X509Codes.Country)]
    [InlineData("KR", false, X509Codes.ExtendedKeyUsage)]
    [InlineData(null, true, X509Codes.Untrusted)]
    [InlineData("KR", true, null)]
    public async Task Another_certificate_for_the_signer_s_key_counts_for_what_it_is(string? country, bool hasUsage, string? code)
    {
        using var stranger = CertificateAuthority.Create("Agency", "KR", _agency.Now);
        using var second = country is null ? stranger.IssueDocumentSigner("Signer", _agency.Key, _agency.Now) : _agency.CertifySigner(country, hasUsage);
        var swapped = Good with { Headers = headers => headers[0] = CoseHeader.X5Chain([second.RawDataMemory]) };
        Assert.Equal(code is null ? null : (MdocChecks.IssuerChain, code), await FailureAsync(swapped));
    }

    [Fact]
    [Trait("Row", "MDI-25")]
    public async Task A_malformed_status_is_refused_and_one_of_another_kind_left_undecided()
    {
        var online = _agency.Expectations with { Status = new StatusPolicy(StatusMode.Online) };
        var partial = Good with
        {
            More = ("status", writer =>
        {
            writer.WriteStartMap(1);
            writer.WriteTextString("status_list");
            writer.WriteStartMap(1);
            writer.WriteTextString("idx");
            writer.WriteInt32(1);
            writer.WriteEndMap();
            writer.WriteEndMap();
        }
            )
        };
        Assert.Equal((MdocChecks.Status, StatusListCodes.MalformedReference), await FailureAsync(partial, online));
        var unknown = Good with
        {
            More = ("status", writer =>
        {
            writer.WriteStartMap(1);
            writer.WriteTextString("other");
            writer.WriteInt32(1);
            writer.WriteEndMap();
        }
            )
        };
        Assert.Equal((MdocChecks.Status, StatusListCodes.UnsupportedMechanism), await FailureAsync(unknown, online));
        Assert.Null(await FailureAsync(Good, online));
    }

    [Fact]
    [Trait("Row", "MDI-26")]
    public async Task An_age_is_answered_by_the_nearest_statement_from_which_it_follows()
    {
        var issued = await _agency.IssueAsync(_agency.Content with
        {
            NameSpaces = MdocElements.FromJson(MdocNames.MdlDocType, StrictJson.Parse(
                """{ "org.iso.18013.5.1": { "age_over_15": true, "age_over_19": true, "age_over_60": false, "age_over_65": false } }""")),
        });
        Assert.Equal(["age_over_19"], Answers(18));
        Assert.Equal(["age_over_19"], Answers(19));
        Assert.Equal(["age_over_60"], Answers(62));
        Assert.Equal(["age_over_60"], Answers(60));
        Assert.Equal(["age_over_65"], Answers(70));
        Assert.Equal([], Answers(21));
        // The same in another namespace is another element.
        Assert.Equal([], RequestOf("org.example", 19).FindAnswers(issued));
        Assert.Equal([("org.example", "age_over_19")], RequestOf("org.example", 19).FindMissing(issued));

        IEnumerable<string> Answers(int age) => RequestOf(MdocNames.MdlNamespace, age).FindAnswers(issued).Select(answer => answer.Element);
    }

    /// <summary>Others may sign what we do not: an age that is no yes or no, and ages that contradict each other.</summary>
    [Fact]
    [Trait("Row", "MDI-26")]
    public void An_age_does_not_follow_from_what_is_no_statement()
    {
        Assert.Null(AgeStatement.FindNearest([Item("age_over_20", "01"), Item("age_over_10", "6161")], "age_over_18"));
        Assert.Null(AgeStatement.FindNearest([Item("is_resident", "f5")], "age_over_18"));
        // §7.2.5: an age that has been reached goes before one that has not.
        Assert.Equal("age_over_21", AgeStatement.FindNearest([Item("age_over_16", "f4"), Item("age_over_21", "f5")], "age_over_18"));
        Assert.Equal("age_over_18", AgeStatement.FindNearest([Item("age_over_18", "f5"), Item("age_over_19", "f5")], "age_over_18"));
        Assert.Equal("age_over_18", AgeStatement.FindNearest([Item("age_over_18", "f4"), Item("age_over_17", "f4")], "age_over_18"));

        static IssuerSignedItem Item(string element, string value) => IssuerSignedItem.Parse(EncodedCbor.Wrap(CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(4);
            writer.WriteTextString("digestID");
            writer.WriteInt32(0);
            writer.WriteTextString("random");
            writer.WriteByteString(new byte[16]);
            writer.WriteTextString("elementIdentifier");
            writer.WriteTextString(element);
            writer.WriteTextString("elementValue");
            writer.WriteEncodedValue(System.Convert.FromHexString(value));
            writer.WriteEndMap();
        })));
    }

    private static ItemsRequest RequestOf(string nameSpace, int age) => ItemsRequest.Create(
        MdocNames.MdlDocType, new Dictionary<string, IReadOnlyDictionary<string, bool>> { [nameSpace] = new Dictionary<string, bool> { [$"age_over_{age}"] = false } });

    [Fact]
    [Trait("Row", "CBR-16")]
    [Trait("Row", "CBR-04")]
    [Trait("Row", "CBR-06")]
    public async Task Digests_are_over_the_bytes_received_however_they_are_written()
    {
        // Keys in another order, a length in two bytes where one would do, an indefinite-length text.
        byte[] odd =
        [
            0xa4, 0x66, .. "random"u8, 0x59, 0x00, 0x10, .. new byte[16], 0x68, .. "digestID"u8, 0x18, 0x01,
            0x71, .. "elementIdentifier"u8, 0x7f, 0x66, .. "family"u8, 0x65, .. "_name"u8, 0xff, 0x6c, .. "elementValue"u8, 0x63, .. "Kim"u8,
        ];
        Assert.Null(await FailureAsync(Good with { Items = [new MdocForge.Item(MdocNames.MdlNamespace, 1, odd)] }));
        var report = await MdocVerifier.VerifyAsync(
            await (Good with { Items = [new MdocForge.Item(MdocNames.MdlNamespace, 1, odd)] }).MakeAsync(), _agency.Expectations, TestContext.Current.CancellationToken);
        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal("""{"org.iso.18013.5.1":{"family_name":"Kim"}}""", verified.Claims.GetRawText());
    }

    [Fact]
    [Trait("Row", "CSE-09")]
    [Trait("Row", "MDI-23")]
    public async Task A_chain_with_the_anchor_in_it_or_in_no_right_form_is_refused()
    {
        var leaf = _agency.Certificate.RawDataMemory;
        Assert.Null(await FailureAsync(Good with { Headers = headers => headers[0] = Chain(leaf) }));
        Assert.Equal(X509Codes.Intermediate, (await FailureAsync(Good with { Headers = headers => headers[0] = Chain(leaf, _agency.Root.RawDataMemory) }))?.Code);
        var selfSigned = await MdocVerifier.VerifyAsync(
            await (Good with { Headers = headers => headers[0] = Chain(SelfSigned()) }).MakeAsync(), _agency.Expectations, TestContext.Current.CancellationToken);
        Assert.Equal(X509Codes.SelfSigned, selfSigned.Checks.Single(check => check.Id == MdocChecks.IssuerChain).Code);
        Assert.False(selfSigned.IsAccepted);
        Assert.Equal(CoseCodes.X5Chain, (await FailureAsync(Good with { Headers = headers => headers[0] = Chain() }))?.Code);
        Assert.Equal(CoseCodes.X5Chain, (await FailureAsync(Good with { Headers = headers => headers[0] = Chain([.. Enumerable.Repeat(leaf, 1000)]) }))?.Code);
        Assert.Equal(MdocCodes.ChainMissing, (await FailureAsync(Good with { Headers = headers => headers.Clear() }))?.Code);

        static CoseHeader Chain(params ReadOnlyMemory<byte>[] certificates) => new(CoseNames.X5Chain, CborWriting.Encode(writer =>
        {
            writer.WriteStartArray(certificates.Length);
            foreach (var one in certificates) writer.WriteByteString(one.Span);
            writer.WriteEndArray();
        }));
    }

    [Fact]
    public async Task An_element_of_another_type_than_its_data_model_says_is_refused() =>
        Assert.Equal((MdocChecks.Format, MdocCodes.ElementType), await FailureAsync(Good with { Items = [MdocForge.Element(0, "birth_date", "1990-05-01")] }));

    [Theory]
    [InlineData("""{ "org.iso.18013.5.1": { "birth_date": "1.5.1990" } }""")]
    [InlineData("""{ "org.iso.18013.5.1": { "sex": "1" } }""")]
    [InlineData("""{ "org.iso.18013.5.1": { "portrait": "not base64url!" } }""")]
    [InlineData("""{ "org.iso.18013.5.1": { "age_over_18": 1 } }""")]
    [InlineData("""{ "org.iso.18013.5.1": { "driving_privileges": { } } }""")]
    [InlineData("""{ "org.iso.18013.5.1": [ ] }""")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void Claims_that_are_no_data_elements_are_refused_before_anything_is_signed(string claims) =>
        Assert.Equal(
            MdocCodes.ClaimsMalformed,
            Assert.Throws<MalformedDataException>(() => MdocElements.FromJson(MdocNames.MdlDocType, StrictJson.Parse(claims))).Code);

    [Fact]
    public async Task What_the_issuer_hands_out_says_nothing_about_the_order_of_its_elements()
    {
        var orders = new HashSet<string>();
        for (var i = 0; i < 8; i++)
        {
            var issued = await _agency.IssueAsync();
            orders.Add(string.Join(',', issued.NameSpaces[MdocNames.MdlNamespace].Select(item => item.DigestId)));
        }

        Assert.True(orders.Count > 1, "The digest ids follow the elements.");
    }

    private ReadOnlyMemory<byte> SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=Self,C=KR", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(_agency.Now.AddDays(-1), _agency.Now.AddDays(1)).RawDataMemory;
    }

    /// <summary>The one check that does not accept, and why; null if the mdoc is accepted.</summary>
    private async Task<(string Check, string? Code)?> FailureAsync(MdocForge forge, MdocExpectations? expected = null)
    {
        var report = await MdocVerifier.VerifyAsync(await forge.MakeAsync(), expected ?? _agency.Expectations, TestContext.Current.CancellationToken);
        Assert.Equal(report.IsAccepted, report.TryGetVerified(out _));
        if (report.IsAccepted) return null;
        var failed = Assert.Single(report.Checks, check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate);
        return (failed.Id, failed.Code);
    }
}
