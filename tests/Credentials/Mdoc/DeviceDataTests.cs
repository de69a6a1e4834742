using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Mdoc;

/// <summary>Device signatures and MACs that a verifier refuses, each beside its correct twin.</summary>
public sealed class DeviceDataTests : IDisposable
{
    private readonly MdocAgency _agency = new(new TestClock().Now);

    public void Dispose() => _agency.Dispose();

    [Fact]
    [Trait("Row", "MDD-03")]
    public async Task A_response_to_another_session_is_refused()
    {
        var response = MdocPresenter.Respond(await SignedAsync(Session("one"))).Encode();
        Assert.Null(await FailureAsync(response, Session("one")));
        Assert.Equal((MdocChecks.DeviceAuth, MdocCodes.DeviceAuthInvalid), await FailureAsync(response, Session("two")));
    }

    [Fact]
    [Trait("Row", "MDD-05")]
    public async Task Another_key_than_the_one_that_the_issuer_named_is_refused()
    {
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var document = await MdocPresenter.SignAsync(await _agency.IssueAsync(), (_, _) => true, Session("one"), thief, TestContext.Current.CancellationToken);
        Assert.Equal((MdocChecks.DeviceAuth, MdocCodes.DeviceAuthInvalid), await FailureAsync(MdocPresenter.Respond(document).Encode(), Session("one")));
    }

    [Fact]
    [Trait("Row", "MDD-08")]
    [Trait("Row", "MDI-10")]
    public async Task A_document_that_names_another_type_than_was_signed_is_refused()
    {
        var document = await SignedAsync(Session("one")) with { DocType = "org.example.passport" };
        var report = await ReportAsync(MdocPresenter.Respond(document).Encode(), DeviceAuthExpectation.Required(Session("one")));
        Assert.Equal(MdocCodes.DocTypeMismatch, report.Checks.Single(check => check.Id == MdocChecks.DocType).Code);
        // The device signed the type that it holds, not the one outside.
        Assert.Equal(MdocCodes.DeviceAuthInvalid, report.Checks.Single(check => check.Id == MdocChecks.DeviceAuth).Code);
        Assert.False(report.IsAccepted);
    }

    [Theory]
    [Trait("Row", "MDD-10")]
    [Trait("Row", "MDD-19")]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task What_the_device_signs_must_be_authorized_and_is_never_issuer_data(bool authorized, bool accepted)
    {
        var content = _agency.Content with
        {
            KeyAuthorizations = authorized
                ? new KeyAuthorizations { DataElements = new Dictionary<string, IReadOnlyCollection<string>> { [MdocNames.MdlNamespace] = ["family_name"] } }
                : KeyAuthorizations.None,
        };
        var deviceElements = CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(1);
            writer.WriteTextString(MdocNames.MdlNamespace);
            writer.WriteStartMap(1);
            writer.WriteTextString("family_name");
            writer.WriteTextString("Impostor");
            writer.WriteEndMap();
            writer.WriteEndMap();
        });
        var response = await ForgedAsync(await _agency.IssueAsync(content), deviceElements);
        Assert.Equal(accepted ? null : (MdocChecks.KeyAuthorizations, MdocCodes.NotAuthorized), await FailureAsync(response, Session("one")));
        if (!accepted) return;
        var report = await ReportAsync(response, DeviceAuthExpectation.Required(Session("one")));
        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal("Kim", verified.Claims.GetProperty(MdocNames.MdlNamespace).GetProperty("family_name").GetString());
        Assert.DoesNotContain("Impostor", verified.Claims.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Row", "MDD-10")]
    [InlineData("a1 616e a2 6161 01 6162 01", true)]
    [InlineData("a1 616e a2 6161 01 6163 01", false)]
    [InlineData("a1 616e a2 6163 01 6161 01", false)]
    [InlineData("a2 616e a1 6161 01 616d a1 6163 01", true)]
    [InlineData("a2 616e a1 6161 01 616f a1 6161 01", false)]
    public async Task Each_element_that_the_device_signs_must_be_authorized(string elements, bool accepted)
    {
        var issued = await _agency.IssueAsync(_agency.Content with
        {
            KeyAuthorizations = new KeyAuthorizations { NameSpaces = ["m"], DataElements = new Dictionary<string, IReadOnlyCollection<string>> { ["n"] = ["a", "b"] } },
        });
        var response = await ForgedAsync(issued, Convert.FromHexString(elements.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(accepted ? null : (MdocChecks.KeyAuthorizations, MdocCodes.NotAuthorized), await FailureAsync(response, Session("one")));
    }

    [Fact]
    [Trait("Row", "MDD-11")]
    public async Task Device_name_spaces_outside_tag_24_are_refused()
    {
        var issued = await _agency.IssueAsync();
        Assert.Null(await FailureAsync(await ForgedAsync(issued, [0xa0]), Session("one")));
        Assert.Equal((MdocChecks.Format, MdocCodes.Malformed), await FailureAsync(await ForgedAsync(issued, [0xa0], isWrapped: false), Session("one")));
        // An array where the map belongs.
        Assert.Equal((MdocChecks.Format, MdocCodes.Malformed), await FailureAsync(await ForgedAsync(issued, [0x80]), Session("one")));
    }

    [Fact]
    [Trait("Row", "CSE-08")]
    public async Task A_signature_and_a_mac_do_not_pass_for_each_other()
    {
        var ct = TestContext.Current.CancellationToken;
        var issued = await _agency.IssueAsync();
        var signature = await CoseSign1.SignAsync(new byte[1], _agency.Device, isDetached: true, ct: ct);
        var mac = CoseMac0.Create([1], new byte[32], isDetached: true);
        Assert.Equal((MdocChecks.Format, CoseCodes.Algorithm), await FailureAsync(await ForgedAsync(issued, [0xa0], auth: ("deviceSignature", mac)), Session("one")));
        Assert.Equal((MdocChecks.Format, CoseCodes.Algorithm), await FailureAsync(await ForgedAsync(issued, [0xa0], auth: ("deviceMac", signature)), Session("one")));
        // A MAC proves nothing to a verifier without a key of the session.
        Assert.Equal((MdocChecks.DeviceAuth, MdocCodes.DeviceMacUnusable), await FailureAsync(await ForgedAsync(issued, [0xa0], auth: ("deviceMac", mac)), Session("one")));
    }

    [Fact]
    public async Task An_mdoc_without_the_devices_signature_is_refused_where_one_is_required()
    {
        var issued = (await _agency.IssueAsync()).Encode();
        Assert.Equal((MdocChecks.DeviceAuth, MdocCodes.DeviceAuthMissing), await FailureAsync(issued, Session("one")));
        Assert.True((await ReportAsync(issued, DeviceAuthExpectation.NotRequested)).IsAccepted);
    }

    [Fact]
    public async Task A_response_with_no_document_with_two_or_with_an_error_is_refused()
    {
        var document = await SignedAsync(Session("one"));
        foreach (var response in (DeviceResponse[])[MdocPresenter.Respond(), MdocPresenter.Respond(document, document), MdocPresenter.Respond(document) with { Status = 10 }])
            Assert.Equal((MdocChecks.Format, MdocCodes.Documents), await FailureAsync(response.Encode(), Session("one")));
    }

    [Fact]
    [Trait("Row", "MDD-14")]
    public async Task Of_two_documents_each_has_its_own_report()
    {
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var ct = TestContext.Current.CancellationToken;
        var (good, bad) = (await SignedAsync(Session("one")), await MdocPresenter.SignAsync(await _agency.IssueAsync(), (_, _) => true, Session("one"), thief, ct));
        var response = DeviceResponse.Parse(MdocPresenter.Respond(good, bad).Encode());
        var expected = _agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(Session("one")) };
        var reports = new List<VerificationReport>();
        foreach (var document in response.Documents) reports.Add(await MdocVerifier.VerifyAsync(document, expected, ct));
        Assert.Equal([true, false], reports.Select(report => report.IsAccepted));
        Assert.False(reports[1].TryGetVerified(out _));
    }

    [Fact]
    public async Task A_response_survives_being_read_and_written_with_all_its_errors()
    {
        var document = await SignedAsync(Session("one")) with
        {
            Errors = new Dictionary<string, IReadOnlyDictionary<string, long>> { [MdocNames.MdlNamespace] = new Dictionary<string, long> { ["height"] = 0 } },
        };
        var response = MdocPresenter.Respond(document) with { DocumentErrors = [new("org.example", 0)] };
        var read = DeviceResponse.Parse(response.Encode());
        Assert.Equal(response.Encode(), read.Encode());
        Assert.Equal(0, read.Documents[0].Errors[MdocNames.MdlNamespace]["height"]);
        Assert.Equal("org.example", Assert.Single(read.DocumentErrors).Key);
        Assert.Equal("a2 67 76657273696f6e 63312e30 66 737461747573 0a".Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower((MdocPresenter.Respond() with { Status = 10 }).Encode()));
    }

    // §9.1.3.5: the shared secret is only the way to the key of the MAC.
    [Fact]
    public async Task The_shared_secret_is_cleared_when_the_key_of_the_mac_is_made()
    {
        using var reader = SoftwareKeyAgreementKey.Generate();
        var device = new FixedSecret(reader.PublicKey);
        var key = await DeviceAuthentication.MacKeyAsync(device, reader.PublicKey, Session("one"), TestContext.Current.CancellationToken);
        Assert.Equal(new byte[32], device.Secret);
        Assert.NotEqual(new byte[32], key);
    }

    private sealed class FixedSecret(KeyAgreementPublicKey publicKey) : IKeyAgreementKey
    {
        public byte[] Secret { get; } = [.. Enumerable.Repeat((byte)7, 32)];

        public KeyAgreementPublicKey PublicKey => publicKey;

        public ValueTask<byte[]> DeriveSecretAsync(KeyAgreementPublicKey peer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Secret);
    }

    private static SessionTranscript Session(string name) => SessionTranscript.FromEncoded(CborWriting.Encode(writer =>
    {
        writer.WriteStartArray(3);
        writer.WriteNull();
        writer.WriteNull();
        writer.WriteTextString(name);
        writer.WriteEndArray();
    }));

    private async Task<MdocDocument> SignedAsync(SessionTranscript session) =>
        await MdocPresenter.SignAsync(await _agency.IssueAsync(), (_, _) => true, session, _agency.Device, TestContext.Current.CancellationToken);

    /// <summary>A response with device data of our own making, signed by the device unless said otherwise.</summary>
    private async Task<byte[]> ForgedAsync(IssuerSigned issued, byte[] nameSpaces, bool isWrapped = true, (string Name, byte[] Value)? auth = null)
    {
        var wrapped = MdocForge.Wrap(nameSpaces);
        var payload = MdocForge.Wrap(CborWriting.Encode(writer =>
        {
            writer.WriteStartArray(4);
            writer.WriteTextString("DeviceAuthentication");
            writer.WriteEncoded(Session("one").Bytes);
            writer.WriteTextString(MdocNames.MdlDocType);
            writer.WriteEncoded(wrapped);
            writer.WriteEndArray();
        }));
        var (name, value) = auth ?? ("deviceSignature", await CoseSign1.SignAsync(payload, _agency.Device, isDetached: true, ct: TestContext.Current.CancellationToken));
        return CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(3);
            Text(writer, "version", "1.0");
            writer.WriteTextString("documents");
            writer.WriteStartArray(1);
            writer.WriteStartMap(3);
            Text(writer, "docType", MdocNames.MdlDocType);
            writer.WriteTextString("issuerSigned");
            writer.WriteEncoded(issued.Encode());
            writer.WriteTextString("deviceSigned");
            writer.WriteStartMap(2);
            writer.WriteTextString("nameSpaces");
            writer.WriteEncoded(isWrapped ? wrapped : nameSpaces);
            writer.WriteTextString("deviceAuth");
            writer.WriteStartMap(1);
            writer.WriteTextString(name);
            writer.WriteEncoded(value);
            writer.WriteEndMap();
            writer.WriteEndMap();
            writer.WriteEndMap();
            writer.WriteEndArray();
            writer.WriteTextString("status");
            writer.WriteInt32(0);
            writer.WriteEndMap();
        });

        static void Text(CborWriter writer, string name, string value)
        {
            writer.WriteTextString(name);
            writer.WriteTextString(value);
        }
    }

    private Task<VerificationReport> ReportAsync(byte[] response, DeviceAuthExpectation auth) =>
        MdocVerifier.VerifyAsync(response, _agency.Expectations with { DeviceAuth = auth }, TestContext.Current.CancellationToken);

    private async Task<(string Check, string? Code)?> FailureAsync(byte[] response, SessionTranscript session)
    {
        var report = await ReportAsync(response, DeviceAuthExpectation.Required(session));
        if (report.IsAccepted) return null;
        var failed = Assert.Single(report.Checks, check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate);
        return (failed.Id, failed.Code);
    }
}
