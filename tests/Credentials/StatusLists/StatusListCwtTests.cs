using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;

namespace Credentials.Tests.StatusLists;

/// <summary>Status list tokens as CWTs: what their form adds to the rules of <see cref="StatusListTokenTests"/>, and that those hold here too.</summary>
public sealed class StatusListCwtTests : IDisposable
{
    private const string Uri = "https://agency.example/status/1";
    private static readonly DateTimeOffset _now = new TestClock().Now;

    private readonly Agency _agency = new("Agency", _now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private CwtForge Good => new(_agency, Uri, _now);

    public void Dispose() => _agency.Dispose();

    private string? Problem(byte[] token, StatusAuthority? authority = null, string uri = Uri, DateTimeOffset? now = null) =>
        StatusListToken.Parse(token).FindProblem(uri, authority ?? _agency.Status, now ?? _now);

    private async Task<string?> ProblemAsync(CwtForge forge, StatusAuthority? authority = null, DateTimeOffset? now = null) =>
        Problem(await forge.MakeAsync(), authority, now: now);

    private static async Task<string> RefuseAsync(CwtForge forge)
    {
        var token = await forge.MakeAsync();
        return Assert.Throws<MalformedDataException>(() => StatusListToken.Parse(token)).Code;
    }

    [Fact]
    public async Task A_token_of_the_same_authority_is_used_and_reads_as_it_was_written()
    {
        var content = _agency.Content(Uri, _now) with { AggregationUri = "https://agency.example/status", Certificates = [_agency.Certificate, _agency.Root] };
        var bytes = await StatusListToken.IssueCwtAsync(content, _agency.Key, Ct);
        var token = StatusListToken.Parse(bytes);

        Assert.Null(Problem(bytes));
        Assert.Equal((Uri, _now, _now.AddDays(1), TimeSpan.FromMinutes(10)), (token.Uri, token.IssuedAt, token.ExpiresAt, token.TimeToLive));
        Assert.Equal("https://agency.example/status", token.AggregationUri);
        Assert.Equal(Agency.List().Bytes.ToArray(), token.UnverifiedList.Bytes.ToArray());

        // Token Status List §5.2 and ISO/IEC 18013-5 §12.3.6.3: tag 18; type and chain in the protected header.
        var message = CoseSign1.Parse(CborValue.Decode(bytes).GetTagged(CoseNames.Sign1Tag));
        Assert.Equal(0, message.Headers.Unprotected.Count);
        Assert.Equal("application/statuslist+cwt", message.Headers.Type);
        Assert.Equal(_agency.Certificate.RawData, Assert.Single(message.Headers.X5Chain()!).ToArray());
    }

    [Fact]
    public async Task What_a_signer_does_not_say_is_not_written()
    {
        foreach (var content in new[] { _agency.Content(Uri, _now) with { ExpiresAt = null }, _agency.Content(Uri, _now) with { TimeToLive = null } })
        {
            var token = StatusListToken.Parse(await StatusListToken.IssueCwtAsync(content, _agency.Key, Ct));
            Assert.Equal((content.ExpiresAt, content.TimeToLive), (token.ExpiresAt, token.TimeToLive));
        }
    }

    [Fact]
    public async Task Both_forms_say_the_same()
    {
        var content = _agency.Content(Uri, _now);
        var jwt = StatusListToken.Parse(await StatusListToken.IssueAsync(content, _agency.Key, Ct));
        var cwt = StatusListToken.Parse(await StatusListToken.IssueCwtAsync(content, _agency.Key, Ct));
        Assert.Equal((jwt.Uri, jwt.IssuedAt, jwt.ExpiresAt, jwt.TimeToLive), (cwt.Uri, cwt.IssuedAt, cwt.ExpiresAt, cwt.TimeToLive));
        Assert.Equal(jwt.UnverifiedList.Bytes.ToArray(), cwt.UnverifiedList.Bytes.ToArray());
    }

    [Theory]
    [Trait("Row", "TSL-11")]
    [InlineData("d1")]
    [InlineData("d83dd2")]
    [InlineData("")]
    [InlineData("d9d9f7d2")]
    [InlineData("d2d2")]
    public async Task Only_a_message_with_the_tag_of_COSE_Sign1_alone_is_read(string tag)
    {
        Assert.Equal(StatusListCodes.TokenMalformed, await RefuseAsync(Good with { Tag = tag }));
        Assert.Null(await ProblemAsync(Good));
    }

    [Theory]
    [Trait("Row", "TSL-11")]
    [InlineData(null)]
    [InlineData("statuslist+cwt")]
    [InlineData("application/statuslist+jwt")]
    [InlineData("application/identifierlist+cwt")]
    [InlineData("Application/statuslist+cwt")]
    public async Task Another_type_is_refused(string? type) =>
        Assert.Equal(CoseCodes.Type, await RefuseAsync(Good.WithHeader(CoseNames.Type, type is null ? null : CwtForge.Text(type))));

    [Fact]
    [Trait("Row", "TSL-11")]
    public async Task A_type_that_is_a_number_or_not_protected_is_refused()
    {
        Assert.Equal(CoseCodes.Type, await RefuseAsync(Good.WithHeader(CoseNames.Type, "190100")));
        var unprotected = Good.WithHeader(CoseNames.Type, null) with { Unprotected = "a110" + CwtForge.Text(StatusListNames.CwtMediaType) };
        Assert.Equal(CoseCodes.Type, await RefuseAsync(unprotected));
    }

    [Theory]
    [Trait("Row", "JSN-08")]
    [InlineData(2, null)]
    [InlineData(2, "4161")]
    [InlineData(2, "01")]
    [InlineData(6, null)]
    [InlineData(6, "6131")]
    [InlineData(6, "20")]
    [InlineData(6, "c11a69000000")]
    [InlineData(6, "fb7e37e43c8800759c")]
    [InlineData(6, "f97e00")]
    [InlineData(6, "f97c00")]
    [InlineData(4, "1b0000003afff44180")]
    [InlineData(4, "1bffffffffffffffff")]
    [InlineData(4, "f6")]
    [InlineData(4, "80")]
    [InlineData(5, "f6")]
    [InlineData(65534, "00")]
    [InlineData(65534, "20")]
    [InlineData(65534, "f93c00")]
    [InlineData(65534, "1b7fffffffffffffff")]
    [InlineData(65534, "1bffffffffffffffff")]
    [InlineData(65534, "f6")]
    [InlineData(65533, null)]
    public async Task Malformed_claims_are_refused(long claim, string? hex) =>
        Assert.Equal(StatusListCodes.TokenMalformed, await RefuseAsync(Good.WithClaim(claim, hex)));

    [Theory]
    [Trait("Row", "TSL-10")]
    [Trait("Row", "TSL-03")]
    [InlineData("a26462697473036 36c73744a78dadbb918000217015d")]
    [InlineData("a2646269747300636c73744a78dadbb918000217015d")]
    [InlineData("a2646269747310636c73744a78dadbb918000217015d")]
    [InlineData("a2646269747320636c73744a78dadbb918000217015d")]
    [InlineData("a26462697473f93c00636c73744a78dadbb918000217015d")]
    [InlineData("a264626974731b8000000000000001636c73744a78dadbb918000217015d")]
    [InlineData("a264626974736131636c73744a78dadbb918000217015d")]
    [InlineData("a1636c73744a78dadbb918000217015d")]
    [InlineData("a1646269747301")]
    [InlineData("a2646269747301636c73744978dadbb9180002170 1")]
    [InlineData("a2646269747301636c73744b78dadbb918000217015d00")]
    [InlineData("a2646269747301636c73746e654e7262755267414168634258 51")]
    [InlineData("a2646269747301636c7374f6")]
    [InlineData("80")]
    public async Task A_malformed_list_is_refused(string hex)
    {
        Assert.Equal(StatusListCodes.ListMalformed, await RefuseAsync(Good.WithClaim(65533, hex.Replace(" ", "", StringComparison.Ordinal))));
        // Token Status List §4.3, first example.
        var token = StatusListToken.Parse(await Good.WithClaim(65533, "a2646269747301636c73744a78dadbb918000217015d").MakeAsync());
        Assert.Equal([0xb9, 0xa3], token.UnverifiedList.Bytes.ToArray());
    }

    [Fact]
    public async Task A_claim_twice_or_bytes_after_the_claims_are_refused()
    {
        var claims = StatusPayload(await Good.MakeAsync());
        Assert.Equal(StatusListCodes.TokenMalformed, await RefuseAsync(Good with { Payload = [.. claims, 0] }));
        // The number of members, and one of them once more in a longer spelling.
        Assert.Equal(StatusListCodes.TokenMalformed, await RefuseAsync(Good with { Payload = [0xa6, .. claims[1..], 0x18, 0x02, 0x61, 0x78] }));
        Assert.Equal(StatusListCodes.TokenMalformed, await RefuseAsync(Good with { Payload = [0x80] }));
        Assert.Null(await ProblemAsync(Good with { Payload = claims }));
    }

    [Fact]
    [Trait("Row", "TSL-27")]
    public async Task A_token_about_another_list_is_not_used()
    {
        var token = await Good.MakeAsync();
        Assert.Null(Problem(token));
        foreach (var other in new[] { Uri + "/", "https://agency.example/status/2", "https://AGENCY.example/status/1" })
            Assert.Equal(StatusListCodes.SubjectMismatch, Problem(token, uri: other));
    }

    [Theory]
    [Trait("Row", "TSL-08")]
    [InlineData(-61, StatusListCodes.TokenNotYetValid)]
    [InlineData(-60, null)]
    [InlineData(86399, null)]
    [InlineData(86400, StatusListCodes.TokenExpired)]
    public async Task A_token_is_used_from_its_issuance_until_it_expires(int seconds, string? problem) =>
        Assert.Equal(problem, await ProblemAsync(Good, now: _now.AddSeconds(seconds)));

    [Theory]
    [Trait("Row", "TSL-08")]
    [InlineData(60, null)]
    [InlineData(61, StatusListCodes.TokenNotYetValid)]
    public async Task A_token_is_not_used_before_the_time_it_names(int seconds, string? problem) => Assert.Equal(
        problem, await ProblemAsync(Good.WithClaim(CwtNames.NotBefore, CwtForge.Hex(writer => writer.WriteInt64(NumericDate.From(_now.AddSeconds(seconds)))))));

    [Theory]
    [Trait("Row", "TSL-08")]
    [InlineData((7 * 86400) - 1, null)]
    [InlineData(7 * 86400, StatusListCodes.TokenExpired)]
    public async Task A_token_without_expiry_is_used_for_a_week(int seconds, string? problem) =>
        Assert.Equal(problem, await ProblemAsync(Good.WithClaim(CwtNames.ExpiresAt, null), now: _now.AddSeconds(seconds)));

    [Fact]
    public async Task A_time_may_be_a_float() =>
        Assert.Null(await ProblemAsync(Good.WithClaim(CwtNames.IssuedAt, CwtForge.Hex(writer => writer.WriteDouble(NumericDate.From(_now) - 0.5)))));

    [Fact]
    [Trait("Row", "TSL-12")]
    public async Task A_changed_token_or_one_of_another_key_is_not_used()
    {
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        Assert.Equal(StatusListCodes.SignatureInvalid, await ProblemAsync(Good with { Signer = thief }));

        var list = Agency.List();
        list[1] = StatusTypes.Valid;
        var other = CborValue.Decode(await Good.WithClaim(65533, CwtForge.Hex(writer => list.WriteTo(writer))).MakeAsync()).GetTagged(18).GetArray(4);
        var parts = CborValue.Decode(await Good.MakeAsync()).GetTagged(18).GetArray(4);
        Assert.Equal(StatusListCodes.SignatureInvalid, Problem([0xd2, 0x84, .. parts[0].Encoded.Span, 0xa0, .. other[2].Encoded.Span, .. parts[3].Encoded.Span]));
        Assert.Equal(StatusListCodes.TokenMalformed, Assert.Throws<MalformedDataException>(
            () => Problem([0xd2, 0x84, .. parts[0].Encoded.Span, 0xa0, 0xf6, .. parts[3].Encoded.Span])).Code);
    }

    [Fact]
    [Trait("Row", "TSL-12")]
    [Trait("Row", "TSL-28")]
    public async Task A_signer_of_another_authority_is_not_used_whether_that_one_is_trusted_or_not()
    {
        using var other = new Agency("Other", _now);
        var token = await new CwtForge(other, Uri, _now).MakeAsync();
        var both = TrustStore.Create([_agency.Anchor, other.Anchor]);

        Assert.Equal(StatusListCodes.SignerNotTrusted, Problem(token));
        Assert.Equal(StatusListCodes.SignerNotTrusted, Problem(token, new StatusAuthority(both, _agency.Anchor)));
        Assert.Null(Problem(token, new StatusAuthority(both, other.Anchor)));
    }

    [Fact]
    [Trait("Row", "TSL-12")]
    public async Task A_chain_counts_in_either_header_and_without_the_anchor()
    {
        var chain = Good.Header[CoseNames.X5Chain];
        Assert.Null(await ProblemAsync(Good.WithHeader(CoseNames.X5Chain, null) with { Unprotected = "a11821" + chain }));
        var withAnchor = CwtForge.Hex(writer =>
        {
            writer.WriteStartArray(2);
            writer.WriteByteString(_agency.Certificate.RawData);
            writer.WriteByteString(_agency.Root.RawData);
            writer.WriteEndArray();
        });
        Assert.Equal(StatusListCodes.SignerNotTrusted, await ProblemAsync(Good.WithHeader(CoseNames.X5Chain, withAnchor)));
        Assert.Equal("x509.malformed", await RefuseAsync(Good.WithHeader(CoseNames.X5Chain, "4100")));
        Assert.Equal(CoseCodes.X5Chain, await RefuseAsync(Good.WithHeader(CoseNames.X5Chain, "80")));
    }

    [Fact]
    [Trait("Row", "TSL-12")]
    public async Task Without_a_chain_only_the_key_of_the_credential_s_issuer_counts()
    {
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var bare = Good.WithHeader(CoseNames.X5Chain, null) with { Unprotected = "a10442" + "3132" };
        var withIssuerKey = _agency.Status with { IssuerKey = _agency.Key.PublicKey };

        Assert.Equal(StatusListCodes.SignerNotTrusted, await ProblemAsync(bare));
        Assert.Equal(StatusListCodes.SignatureInvalid, await ProblemAsync(bare with { Signer = thief }, withIssuerKey));
        Assert.Null(await ProblemAsync(bare, withIssuerKey));
        var issued = await StatusListToken.IssueCwtAsync(_agency.Content(Uri, _now) with { Certificates = [], KeyId = "12" }, _agency.Key, Ct);
        Assert.Null(Problem(issued, withIssuerKey));
    }

    [Fact]
    [Trait("Row", "TSL-01")]
    public async Task A_list_that_inflates_over_the_cap_is_refused()
    {
        // 1 MiB of zeros a thousand times over, without ever having it: the bomb of StatusListTests as a byte string.
        var bomb = CwtForge.Hex(writer =>
        {
            writer.WriteStartMap(2);
            writer.WriteTextString("bits");
            writer.WriteInt32(1);
            writer.WriteTextString("lst");
            writer.WriteByteString(StrictZLib.Compress(new byte[StatusList.MaxBytes + 1]));
            writer.WriteEndMap();
        });
        Assert.Equal(StatusListCodes.ListMalformed, await RefuseAsync(Good.WithClaim(65533, bomb)));
    }

    [Fact]
    public async Task A_token_up_to_8_MiB_is_read_and_a_larger_one_refused()
    {
        var bytes = new byte[6_000_000];
        new Random(1).NextBytes(bytes);
        var token = await StatusListToken.IssueCwtAsync(_agency.Content(Uri, _now, StatusList.FromBytes(8, bytes)), _agency.Key, Ct);
        Assert.Equal(bytes.Length, StatusListToken.Parse(token).UnverifiedList.Size);

        var larger = new byte[9_000_000];
        new Random(2).NextBytes(larger);
        token = await StatusListToken.IssueCwtAsync(_agency.Content(Uri, _now, StatusList.FromBytes(8, larger)), _agency.Key, Ct);
        Assert.Equal(CodecCodes.CborTooLarge, Assert.Throws<MalformedDataException>(() => StatusListToken.Parse(token)).Code);
    }

    [Fact]
    public void A_time_to_live_is_a_second_at_least()
    {
        var content = _agency.Content(Uri, _now);
        Assert.Throws<ArgumentOutOfRangeException>(() => content with { TimeToLive = TimeSpan.FromMilliseconds(999) });
        Assert.Equal(TimeSpan.FromSeconds(1), (content with { TimeToLive = TimeSpan.FromSeconds(1) }).TimeToLive);
    }

    private static byte[] StatusPayload(byte[] token) => CborValue.Decode(token).GetTagged(18).GetArray(4)[2].GetBytes().ToArray();
}
