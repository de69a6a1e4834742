using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Qr;
using Credentials.QrDocuments;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.X509;
using FsCheck.Xunit;

namespace Credentials.Tests.QrDocuments;

/// <summary>Documents of our own profile: issued, and verified with every check in turn failing.</summary>
public sealed class QrDocumentTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly QrAgency _agency;

    public QrDocumentTests() => _agency = new QrAgency(_clock.Now);

    public void Dispose() => _agency.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_issued_is_accepted_with_all_that_it_says(bool carriesCertificates)
    {
        var text = await _agency.IssueAsync(_agency.Content with { Issuer = "https://agency.example", CarriesCertificates = carriesCertificates });
        var report = await QrAgency.VerifyAsync(text, carriesCertificates ? _agency.Trusting(_agency.RootAnchor) : _agency.Trusting(_agency.SignerAnchor));

        Assert.True(JsonElement.DeepEquals(StrictJson.Parse(QrAgency.Resident), QrAgency.Claims(report)));
        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal((CredentialFormat.QrCwt, QrAgency.Type, "https://agency.example"), (verified.Format, verified.Type, verified.Issuer));
        Assert.Equal(_clock.Now.AddDays(90), verified.ExpiresAt);
        Assert.Equal(carriesCertificates ? _agency.RootAnchor : _agency.SignerAnchor, verified.Anchor);
        Assert.Equal(
            new VerificationCheck(QrDocumentChecks.HolderBinding, CheckOutcome.NotApplicable, QrDocumentCodes.NoHolderBinding),
            report.Checks.Single(check => check.Id == QrDocumentChecks.HolderBinding));
    }

    [Fact]
    public async Task A_document_that_names_its_signer_needs_the_signers_own_certificate()
    {
        var text = await _agency.IssueAsync(_agency.Content with { CarriesCertificates = false });
        QrAgency.Claims(await QrAgency.VerifyAsync(text, _agency.Expectations));
        Assert.Equal((QrDocumentChecks.IssuerKey, TrustCodes.UnknownIssuer), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Trusting(_agency.RootAnchor))));
        Assert.Equal((QrDocumentChecks.IssuerKey, TrustCodes.NoAnchors), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Trusting())));
    }

    [Fact]
    public async Task A_document_that_carries_its_chain_needs_the_authority_above_it()
    {
        using var stranger = new QrAgency(_clock.Now);
        var text = await _agency.IssueAsync();
        QrAgency.Claims(await QrAgency.VerifyAsync(text, _agency.Expectations));
        Assert.Equal((QrDocumentChecks.IssuerKey, X509Codes.Untrusted), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Trusting(stranger.RootAnchor))));
        // The signer alone, though its own certificate is what the document carries (HAIP 1.0 §6.1.1).
        Assert.Equal((QrDocumentChecks.IssuerKey, X509Codes.AnchorIncluded), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Trusting(_agency.SignerAnchor))));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    public async Task A_bare_key_is_named_by_its_thumbprint(string algorithm)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(algorithm)!);
        using var other = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(algorithm)!);
        var text = await _agency.IssueAsync(_agency.Content with { Certificates = [] }, key);
        QrAgency.Claims(await QrAgency.VerifyAsync(text, _agency.Trusting(TrustAnchor.ForKey(key.PublicKey, TrustPurpose.CredentialIssuer))));
        Assert.Equal(
            (QrDocumentChecks.IssuerKey, TrustCodes.UnknownIssuer),
            QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Trusting(TrustAnchor.ForKey(other.PublicKey, TrustPurpose.CredentialIssuer)))));
    }

    [Theory]
    [Trait("Row", "TRU-01")]
    [InlineData("https://agency.example", true)]
    [InlineData("https://agency.example/", false)]
    [InlineData(null, false)]
    public async Task A_bare_key_of_one_issuer_signs_for_no_other(string? issuer, bool isAccepted)
    {
        var text = await _agency.IssueAsync(_agency.Content with { Certificates = [], Issuer = issuer });
        var report = await QrAgency.VerifyAsync(
            text, _agency.Trusting(TrustAnchor.ForKey(_agency.Key.PublicKey, TrustPurpose.CredentialIssuer, issuer: "https://agency.example")));
        if (isAccepted) QrAgency.Claims(report);
        else Assert.Equal((QrDocumentChecks.IssuerKey, TrustCodes.UnknownIssuer), QrAgency.Fault(report));
    }

    [Fact]
    [Trait("Row", "TRU-01")]
    public async Task A_signer_signs_only_what_it_is_trusted_for()
    {
        var named = await _agency.IssueAsync(_agency.Content with { CarriesCertificates = false });
        var carried = await _agency.IssueAsync();
        foreach (var (text, certificate) in new[] { (named, _agency.Certificate), (carried, _agency.Root) })
        {
            TrustAnchor For(TrustPurpose purpose, string type) => TrustAnchor.ForCertificate(certificate, purpose, [type]);
            var other = For(TrustPurpose.CredentialIssuer, "urn:other");
            Assert.Equal((QrDocumentChecks.IssuerKey, TrustCodes.NotForType), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Trusting(other))));
            QrAgency.Claims(await QrAgency.VerifyAsync(text, _agency.Trusting(other, For(TrustPurpose.CredentialIssuer, QrAgency.Type))));
            Assert.Equal((QrDocumentChecks.IssuerKey, TrustCodes.NoAnchors), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Trusting(For(TrustPurpose.Verifier, QrAgency.Type)))));
        }
    }

    [Fact]
    public async Task A_document_signed_by_another_key_is_refused()
    {
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var good = QrDocument.Parse(await _agency.IssueAsync());
        var message = await Credentials.Cose.CoseSign1.SignAsync(
            good.Message.Payload!.Value, thief, [Credentials.Cose.CoseHeader.Type(QrDocumentNames.QrCwtMediaType)],
            [Credentials.Cose.CoseHeader.X5Chain([_agency.Certificate.RawDataMemory])], ct: TestContext.Current.CancellationToken);
        Assert.Equal(
            (QrDocumentChecks.IssuerSignature, QrDocumentCodes.SignatureInvalid),
            QrAgency.Fault(await QrAgency.VerifyAsync(QrAgency.Print(QrDocumentNames.QrCwtPrefix, message), _agency.Expectations)));
    }

    [Fact]
    public async Task A_document_is_valid_from_its_beginning_to_its_end_a_minute_given()
    {
        var text = await _agency.IssueAsync(_agency.Content with { NotBefore = _clock.Now.AddHours(1) });
        var (from, to) = (_clock.Now.AddHours(1), _clock.Now.AddDays(90));
        foreach (var (at, code) in new[]
        {
            (from.AddSeconds(-61), QrDocumentCodes.NotYetValid), (from.AddSeconds(-60), null),
            (to.AddSeconds(60), null), (to.AddSeconds(61), QrDocumentCodes.Expired),
        })
        {
            var report = await QrAgency.VerifyAsync(text, _agency.Expectations with { Now = at });
            if (code is null) QrAgency.Claims(report);
            else Assert.Equal((QrDocumentChecks.Validity, code), QrAgency.Fault(report));
        }
    }

    [Fact]
    public async Task A_document_issued_in_the_future_is_refused()
    {
        var text = await _agency.IssueAsync(_agency.Content with { IssuedAt = _clock.Now.AddSeconds(61) });
        Assert.Equal((QrDocumentChecks.Validity, QrDocumentCodes.NotYetValid), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Expectations)));
        QrAgency.Claims(await QrAgency.VerifyAsync(text, _agency.Expectations with { Now = _clock.Now.AddSeconds(1) }));
    }

    [Fact]
    public async Task A_signer_whose_certificate_has_ended_is_refused()
    {
        var end = new DateTimeOffset(_agency.Certificate.NotAfter.ToUniversalTime());
        var text = await _agency.IssueAsync(_agency.Content with { CarriesCertificates = false, ExpiresAt = end });
        QrAgency.Claims(await QrAgency.VerifyAsync(text, _agency.Expectations with { Now = end }));
        Assert.Equal((QrDocumentChecks.IssuerKey, X509Codes.Validity), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Expectations with { Now = end.AddSeconds(1) })));
    }

    [Fact]
    public async Task Only_the_type_that_was_asked_for_is_accepted()
    {
        var text = await _agency.IssueAsync();
        QrAgency.Claims(await QrAgency.VerifyAsync(text, _agency.Expectations with { Types = ["urn:other", QrAgency.Type] }));
        Assert.Equal((QrDocumentChecks.Type, QrDocumentCodes.TypeNotExpected), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Expectations with { Types = ["urn:other"] })));
    }

    [Fact]
    public async Task Paper_never_proves_who_holds_it()
    {
        var text = await _agency.IssueAsync();
        QrAgency.Claims(await QrAgency.VerifyAsync(text, _agency.Expectations));
        Assert.Equal(
            (QrDocumentChecks.HolderBinding, QrDocumentCodes.NoHolderBinding),
            QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Expectations with { IsHolderBindingRequired = true })));
    }

    [Theory]
    [InlineData(true, 0, CheckOutcome.Passed, null)]
    [InlineData(true, 1, CheckOutcome.Failed, StatusListCodes.Revoked)]
    [InlineData(true, 2, CheckOutcome.Failed, StatusListCodes.Suspended)]
    [InlineData(false, 0, CheckOutcome.Passed, null)]
    [InlineData(false, 1, CheckOutcome.Failed, StatusListCodes.Revoked)]
    public async Task The_status_is_looked_up_at_the_authority_of_the_signer(bool carriesCertificates, int index, CheckOutcome outcome, string? code)
    {
        var token = "";
        await using var server = await LocalServer.StartAsync(context => LocalServer.Body(token, StatusListNames.JwtMediaType)(context));
        var uri = server.Url.ToString();
        token = await StatusTokenAsync(uri, _agency);
        using var http = FetchExtensions.ToLoopback();
        var text = await _agency.IssueAsync(_agency.Content with { Status = new StatusReference(uri, index), CarriesCertificates = carriesCertificates });
        var report = await QrAgency.VerifyAsync(text, _agency.Expectations with { Status = new StatusPolicy(StatusMode.Online), StatusClient = new StatusListClient(http) });

        Assert.Equal(outcome == CheckOutcome.Passed, report.IsAccepted);
        var status = report.Checks.Single(check => check.Id == QrDocumentChecks.Status);
        Assert.Equal((outcome, code), (status.Outcome, status.Code));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_status_of_another_authority_decides_nothing()
    {
        using var stranger = new QrAgency(_clock.Now);
        var token = "";
        await using var server = await LocalServer.StartAsync(context => LocalServer.Body(token, StatusListNames.JwtMediaType)(context));
        var uri = server.Url.ToString();
        token = await StatusTokenAsync(uri, stranger);
        using var http = FetchExtensions.ToLoopback();
        var text = await _agency.IssueAsync(_agency.Content with { Status = new StatusReference(uri, 0) });
        var expected = _agency.Trusting(_agency.RootAnchor, stranger.RootAnchor) with { Status = new StatusPolicy(StatusMode.Online), StatusClient = new StatusListClient(http) };
        Assert.Equal((QrDocumentChecks.Status, StatusListCodes.SignerNotTrusted), QrAgency.Fault(await QrAgency.VerifyAsync(text, expected)));
    }

    [Fact]
    public async Task Without_the_network_only_the_status_is_open()
    {
        var text = await _agency.IssueAsync(_agency.Content with { Status = new StatusReference("https://status.example/1", 3) });
        Assert.Equal((QrDocumentChecks.Status, StatusListCodes.Offline), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Expectations)));
        QrAgency.Claims(await QrAgency.VerifyAsync(text, _agency.Expectations with { Status = new StatusPolicy(StatusMode.Skip) }));
    }

    [Fact]
    public async Task No_status_is_asked_for_of_a_document_that_is_refused_anyway()
    {
        using var http = FetchExtensions.ToLoopback();
        await using var server = await LocalServer.StartAsync(LocalServer.Body("", StatusListNames.JwtMediaType));
        var text = await _agency.IssueAsync(_agency.Content with { Status = new StatusReference(server.Url.ToString(), 0) });
        var report = await QrAgency.VerifyAsync(
            text, _agency.Expectations with { Now = _clock.Now.AddDays(91), Status = new StatusPolicy(StatusMode.Online), StatusClient = new StatusListClient(http) });
        Assert.Equal((QrDocumentChecks.Validity, QrDocumentCodes.Expired), QrAgency.Fault(report));
        Assert.Equal(QrDocumentChecks.Validity, report.Checks.Single(check => check.Id == QrDocumentChecks.Status).BlockedBy);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_store_with_root_and_signer_still_takes_chains_under_the_root()
    {
        // Verifiers of printed documents have the signer's certificate besides its root. That must not spoil what carries it.
        var credential = await SdJwtIssuer.IssueAsync(
            new SdJwtContent { Type = "urn:test:1", Claims = new() { ["a"] = 1 }, Disclosable = [], Certificates = [_agency.Certificate], IssuedAt = _clock.Now },
            _agency.Key, TestContext.Current.CancellationToken);
        var report = await SdJwtVerifier.VerifyAsync(
            credential,
            new SdJwtExpectations
            {
                Trust = TrustStore.Create([_agency.SignerAnchor, _agency.RootAnchor]),
                Now = _clock.Now,
                KeyBinding = KeyBindingExpectation.NotRequested,
                Status = new StatusPolicy(StatusMode.Skip),
            },
            TestContext.Current.CancellationToken);
        Assert.True(report.IsAccepted, StrictJson.ToText(report.ToJson()));
    }

    [Fact]
    public async Task Content_that_contradicts_itself_is_not_issued()
    {
        var content = _agency.Content;
        using var other = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        foreach (var wrong in new[]
        {
            content with { Type = "" },
            content with { Claims = StrictJson.Parse("[]") },
            content with { Claims = StrictJson.Parse("""{"n":18446744073709551616}""") },
            content with { ExpiresAt = content.IssuedAt },
            content with { ExpiresAt = _agency.Certificate.NotAfter.AddSeconds(1) },
            content with { Certificates = [_agency.Root] },
        })
            await Assert.ThrowsAnyAsync<ArgumentException>(() => _agency.IssueAsync(wrong));
        await Assert.ThrowsAsync<ArgumentException>(() => _agency.IssueAsync(key: other));
    }

    [Fact]
    public async Task The_largest_document_fits_into_a_code_that_telephones_read()
    {
        Assert.Equal(8 + 17 + (4 * 25), QrCode.Encode(new string('A', QrDocumentIssuer.MaxTextLength), QrErrorCorrection.Medium).Size);
        Assert.True(QrCode.Encode(new string('A', QrDocumentIssuer.MaxTextLength + 1), QrErrorCorrection.Medium).Size > 8 + 17 + (4 * 25));
        QrDocumentContent With(int length) => _agency.Content with { Claims = StrictJson.Parse(JsonSerializer.Serialize(new { text = RandomText(length) })) };
        var text = await _agency.IssueAsync(With(100));
        Assert.InRange(text.Length, 500, QrDocumentIssuer.MaxTextLength);
        Assert.Equal(QrDocumentCodes.TooLarge, (await Assert.ThrowsAsync<MalformedDataException>(() => _agency.IssueAsync(With(1500)))).Code);
    }

    [Property(MaxTest = 40)]
    public async Task Whatever_is_issued_is_read_as_it_was(int seed)
    {
        var claims = StrictJson.ToElement(RandomMembers(new System.Random(seed), 2));
        var text = await _agency.IssueAsync(_agency.Content with { Claims = claims, CarriesCertificates = false });
        Assert.True(JsonElement.DeepEquals(claims, QrAgency.Claims(await QrAgency.VerifyAsync(text, _agency.Expectations))));
        Assert.True(Ascii(text));
    }

    // Claims as clerks have them, and some that they do not: texts in any script, numbers, truth values, lists and objects.
    private static JsonObject RandomMembers(System.Random random, int depth) =>
        new(Enumerable.Range(0, random.Next(5)).Select(i => KeyValuePair.Create($"n{i}", RandomValue(random, depth))));

    private static JsonNode? RandomValue(System.Random random, int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => new[] { "", "김민", "a\"b\\c", "\u0000\n", "😀", "HC1:" }[random.Next(6)],
        1 => random.NextInt64(long.MinValue, long.MaxValue),
        2 => new[] { 0.5, -1.25e-7, 1e300 }[random.Next(3)],
        3 => random.Next(2) == 0,
        4 => null,
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomValue(random, depth - 1))]),
        _ => RandomMembers(random, depth - 1),
    };

    private static bool Ascii(string text) => text.All(character => char.IsAsciiDigit(character) || char.IsAsciiLetterUpper(character) || " $%*+-./:".Contains(character));

    private static string RandomText(int length)
    {
        var random = new System.Random(7);
        return new string([.. Enumerable.Range(0, length).Select(_ => (char)random.Next('!', '~'))]);
    }

    private static async Task<string> StatusTokenAsync(string uri, QrAgency agency)
    {
        var list = StatusList.Create(2, 8);
        (list[1], list[2]) = (StatusTypes.Invalid, StatusTypes.Suspended);
        return await StatusListToken.IssueAsync(
            new StatusListTokenContent { Uri = uri, List = list, IssuedAt = agency.Now, ExpiresAt = agency.Now.AddDays(1), Certificates = [agency.StatusCertificate] },
            agency.StatusKey, TestContext.Current.CancellationToken);
    }
}
