using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.StatusLists;

public sealed class StatusListTokenTests : IDisposable
{
    private const string Uri = "https://agency.example/status/1";
    private static readonly DateTimeOffset _now = new TestClock().Now;

    private readonly Agency _agency = new("Agency", _now);

    public void Dispose() => _agency.Dispose();

    private string? Problem(string token, StatusAuthority? authority = null, string uri = Uri, DateTimeOffset? now = null) =>
        StatusListToken.Parse(token).FindProblem(uri, authority ?? _agency.Status, now ?? _now);

    private async Task<string> SignAsync(Action<JsonObject>? changeHeader = null, Action<JsonObject>? changeClaims = null, ISigningKey? key = null)
    {
        var header = new JsonObject { ["typ"] = StatusListNames.JwtType, ["x5c"] = X5c.ToJson([_agency.Certificate]) };
        var claims = new JsonObject
        {
            ["sub"] = Uri,
            ["iat"] = NumericDate.From(_now),
            ["exp"] = NumericDate.From(_now.AddDays(1)),
            ["ttl"] = 600,
            ["status_list"] = Agency.List().ToJson(),
        };
        changeHeader?.Invoke(header);
        changeClaims?.Invoke(claims);
        return await Jws.SignAsync(header, claims, key ?? _agency.Key, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_token_of_the_same_authority_is_used_and_reads_as_it_was_written()
    {
        var content = _agency.Content(Uri, _now) with { AggregationUri = "https://agency.example/status" };
        var text = await StatusListToken.IssueAsync(content, _agency.Key, TestContext.Current.CancellationToken);
        var token = StatusListToken.Parse(text);

        Assert.Null(Problem(text));
        Assert.Equal((Uri, _now, _now.AddDays(1), TimeSpan.FromMinutes(10)), (token.Uri, token.IssuedAt, token.ExpiresAt, token.TimeToLive));
        Assert.Equal("https://agency.example/status", token.AggregationUri);
        Assert.Equal(Agency.List().Bytes.ToArray(), token.UnverifiedList.Bytes.ToArray());
    }

    [Fact]
    [Trait("Row", "TSL-27")]
    public async Task A_token_about_another_list_is_not_used()
    {
        var token = await _agency.TokenAsync(Uri, _now);
        Assert.Null(Problem(token));
        foreach (var other in new[] { Uri + "/", Uri + "?a=b", "https://agency.example/status/2", "https://AGENCY.example/status/1" })
            Assert.Equal(StatusListCodes.SubjectMismatch, Problem(token, uri: other));
    }

    [Theory]
    [Trait("Row", "TSL-08")]
    [InlineData(-61, StatusListCodes.TokenNotYetValid)]
    [InlineData(-60, null)]
    [InlineData(0, null)]
    [InlineData(86399, null)]
    [InlineData(86400, StatusListCodes.TokenExpired)]
    [InlineData(1_000_000, StatusListCodes.TokenExpired)]
    public async Task A_token_is_used_from_its_issuance_until_it_expires(int seconds, string? problem) =>
        Assert.Equal(problem, Problem(await _agency.TokenAsync(Uri, _now), now: _now.AddSeconds(seconds)));

    [Theory]
    [Trait("Row", "TSL-08")]
    [Trait("Row", "TSL-24")]
    [InlineData(7 * 86400 - 1, null)]
    [InlineData(7 * 86400, StatusListCodes.TokenExpired)]
    public async Task A_token_without_expiry_is_used_for_a_week(int seconds, string? problem)
    {
        var token = await SignAsync(changeClaims: claims => claims.Remove("exp"));
        Assert.Equal(problem, Problem(token, now: _now.AddSeconds(seconds)));
    }

    [Theory]
    [Trait("Row", "TSL-08")]
    [InlineData(60, null)]
    [InlineData(61, StatusListCodes.TokenNotYetValid)]
    public async Task A_token_is_not_used_before_the_time_it_names(int seconds, string? problem) =>
        Assert.Equal(problem, Problem(await SignAsync(changeClaims: claims => claims["nbf"] = NumericDate.From(_now.AddSeconds(seconds)))));

    // A list that is kept must not outlive the certificate that vouched for it.
    [Theory]
    [Trait("Row", "TSL-24")]
    [InlineData(-1, null)]
    [InlineData(1, StatusListCodes.TokenExpired)]
    public async Task A_token_is_not_used_after_the_end_of_its_signer_s_certificate(int seconds, string? problem)
    {
        var token = await SignAsync(changeClaims: claims => claims["exp"] = NumericDate.From(_now.AddYears(30)));
        Assert.Equal(problem, Problem(token, now: _agency.Certificate.NotAfter.ToUniversalTime().AddSeconds(seconds)));
    }

    [Fact]
    public async Task What_a_signer_does_not_say_is_not_written()
    {
        var bare = new StatusListTokenContent { Uri = Uri, IssuedAt = _now, List = Agency.List(), KeyId = "1" };
        var jws = CompactJws.Parse(await StatusListToken.IssueAsync(bare, _agency.Key, TestContext.Current.CancellationToken));
        Assert.Equal(["alg", "kid", "typ"], jws.Header.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(["iat", "status_list", "sub"], jws.PayloadObject.EnumerateObject().Select(member => member.Name).Order());
        var full = CompactJws.Parse(await StatusListToken.IssueAsync(_agency.Content(Uri, _now), _agency.Key, TestContext.Current.CancellationToken));
        Assert.Equal(["alg", "typ", "x5c"], full.Header.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(["exp", "iat", "status_list", "sub", "ttl"], full.PayloadObject.EnumerateObject().Select(member => member.Name).Order());
    }

    [Theory]
    [Trait("Row", "TSL-11")]
    [Trait("Row", "JOS-11")]
    [InlineData(null)]
    [InlineData("JWT")]
    [InlineData("jwt")]
    [InlineData("statuslist+cwt")]
    [InlineData("StatusList+JWT")]
    [InlineData("dc+sd-jwt")]
    public async Task Another_type_is_refused(string? type)
    {
        var token = await SignAsync(header =>
        {
            header.Remove("typ");
            if (type is not null)
                header["typ"] = type;
        });
        Assert.Equal(JoseCodes.JwsType, Assert.Throws<MalformedDataException>(() => StatusListToken.Parse(token)).Code);
        Assert.Null(Problem(await SignAsync()));
    }

    [Theory]
    [Trait("Row", "JSN-08")]
    [InlineData("sub", "1")]
    [InlineData("sub", null)]
    [InlineData("iat", "\"1700000000\"")]
    [InlineData("iat", "-1")]
    [InlineData("iat", "1e18")]
    [InlineData("iat", null)]
    [InlineData("exp", "1e18")]
    [InlineData("exp", "null")]
    [InlineData("exp", "[1]")]
    [InlineData("ttl", "0")]
    [InlineData("ttl", "-1")]
    [InlineData("ttl", "1e18")]
    [InlineData("ttl", "\"600\"")]
    [InlineData("ttl", "null")]
    [InlineData("ttl", "true")]
    [InlineData("status_list", "\"eNrbuRgAAhcBXQ\"")]
    [InlineData("status_list", null)]
    public async Task Malformed_claims_are_refused(string name, string? value)
    {
        var token = await SignAsync(changeClaims: claims =>
        {
            claims.Remove(name);
            if (value is not null)
                claims[name] = StrictJson.ToNode(StrictJson.Parse(value));
        });
        Assert.Equal(StatusListCodes.TokenMalformed, Assert.Throws<MalformedDataException>(() => StatusListToken.Parse(token)).Code);
    }

    [Theory]
    [Trait("Row", "JSN-08")]
    [InlineData("1.5", 1.5)]
    [InlineData("1.7e9", 1.7e9)]
    [InlineData("600", 600)]
    public async Task Any_positive_number_is_a_ttl(string value, double seconds)
    {
        var token = await SignAsync(changeClaims: claims => claims["ttl"] = StrictJson.ToNode(StrictJson.Parse(value)));
        Assert.Equal(TimeSpan.FromSeconds(seconds), StatusListToken.Parse(token).TimeToLive);
    }

    [Fact]
    [Trait("Row", "TSL-12")]
    [Trait("Row", "JOS-01")]
    public async Task An_unsigned_token_is_refused()
    {
        var parts = (await SignAsync()).Split('.');
        foreach (var alg in new[] { "none", "None", "nOnE", "HS256" })
        {
            var header = StrictBase64Url.Encode(Encoding.UTF8.GetBytes($$"""{"alg":"{{alg}}","typ":"statuslist+jwt"}"""));
            Assert.Throws<MalformedDataException>(() => StatusListToken.Parse($"{header}.{parts[1]}."));
            Assert.Equal(
                JoseCodes.JwsAlgorithm,
                Assert.Throws<MalformedDataException>(() => StatusListToken.Parse($"{header}.{parts[1]}.{parts[2]}")).Code);
        }

        Assert.Throws<MalformedDataException>(() => StatusListToken.Parse($"{parts[0]}.{parts[1]}"));
        Assert.Null(Problem(string.Join('.', parts)));
    }

    [Fact]
    [Trait("Row", "TSL-12")]
    public async Task A_changed_token_or_one_of_another_key_is_not_used()
    {
        var parts = (await SignAsync()).Split('.');
        var list = Agency.List();
        list[1] = StatusTypes.Valid;
        var changed = (await SignAsync(changeClaims: claims => claims["status_list"] = list.ToJson())).Split('.');
        Assert.Equal(StatusListCodes.SignatureInvalid, Problem($"{parts[0]}.{changed[1]}.{parts[2]}"));

        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        Assert.Equal(StatusListCodes.SignatureInvalid, Problem(await SignAsync(key: thief)));
    }

    [Fact]
    [Trait("Row", "TSL-12")]
    [Trait("Row", "TSL-28")]
    public async Task A_signer_of_another_authority_is_not_used_whether_that_one_is_trusted_or_not()
    {
        using var other = new Agency("Other", _now);
        var token = await other.TokenAsync(Uri, _now);
        var both = TrustStore.Create([_agency.Anchor, other.Anchor]);

        Assert.Equal(StatusListCodes.SignerNotTrusted, Problem(token));
        Assert.Equal(StatusListCodes.SignerNotTrusted, Problem(token, new StatusAuthority(both, _agency.Anchor)));
        Assert.Null(Problem(token, new StatusAuthority(both, other.Anchor)));
        Assert.Null(Problem(await _agency.TokenAsync(Uri, _now), new StatusAuthority(both, _agency.Anchor)));
    }

    [Fact]
    [Trait("Row", "TSL-12")]
    public async Task An_authority_that_is_not_trusted_for_statuses_or_for_the_type_is_not_used()
    {
        var issuerOnly = TrustAnchor.ForCertificate(_agency.Root, TrustPurpose.CredentialIssuer);
        var oneType = TrustAnchor.ForCertificate(_agency.Root, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner, ["urn:a"]);
        var token = await _agency.TokenAsync(Uri, _now);

        Assert.Equal(StatusListCodes.SignerNotTrusted, Problem(token, new StatusAuthority(TrustStore.Create([issuerOnly]), issuerOnly)));
        Assert.Equal(StatusListCodes.SignerNotTrusted, Problem(token, new StatusAuthority(TrustStore.Empty, _agency.Anchor)));
        Assert.Equal(StatusListCodes.SignerNotTrusted, Problem(token, new StatusAuthority(TrustStore.Create([oneType]), oneType, Type: "urn:b")));
        Assert.Null(Problem(token, new StatusAuthority(TrustStore.Create([oneType]), oneType, Type: "urn:a")));
    }

    [Fact]
    public async Task The_anchor_is_left_out_of_what_is_issued()
    {
        var content = _agency.Content(Uri, _now) with { Certificates = [_agency.Certificate, _agency.Root] };
        Assert.Null(Problem(await StatusListToken.IssueAsync(content, _agency.Key, TestContext.Current.CancellationToken)));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await StatusListToken.IssueAsync(content with { Certificates = [_agency.Root] }, _agency.Key, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Row", "TSL-12")]
    public async Task A_chain_with_the_anchor_or_self_signed_is_not_used()
    {
        var withAnchor = await SignAsync(header => header["x5c"] = X5c.ToJson([_agency.Certificate, _agency.Root]));
        var anchorAlone = await SignAsync(header => header["x5c"] = X5c.ToJson([_agency.Root]));
        Assert.Equal(StatusListCodes.SignerNotTrusted, Problem(withAnchor));
        Assert.Equal(StatusListCodes.SignerNotTrusted, Problem(anchorAlone));
    }

    [Fact]
    [Trait("Row", "TSL-12")]
    [Trait("Row", "JOS-05")]
    public async Task Without_a_chain_only_the_key_of_the_credential_s_issuer_counts()
    {
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        void Embed(JsonObject header, SoftwareSigningKey key)
        {
            header.Remove("x5c");
            header["jwk"] = Jwk.Write(key.PublicKey);
            header["kid"] = "1";
        }

        var stolen = await SignAsync(header => Embed(header, thief), key: thief);
        var own = await SignAsync(header => Embed(header, _agency.Key));
        var withIssuerKey = _agency.Status with { IssuerKey = _agency.Key.PublicKey };

        Assert.Equal(StatusListCodes.SignerNotTrusted, Problem(own));
        Assert.Equal(StatusListCodes.SignatureInvalid, Problem(stolen, withIssuerKey));
        Assert.Null(Problem(own, withIssuerKey));
    }

    [Fact]
    public async Task A_token_up_to_8_MiB_is_read_and_one_character_more_refused()
    {
        var bytes = new byte[4_000_000];
        new Random(1).NextBytes(bytes);
        var token = await _agency.TokenAsync(Uri, _now, StatusList.FromBytes(8, bytes));
        Assert.Equal(bytes.Length, StatusListToken.Parse(token).UnverifiedList.Size);

        var padded = token.PadRight(StatusListToken.MaxBytes + 1, 'A');
        Assert.Equal(JoseCodes.JwsTooLarge, Assert.Throws<MalformedDataException>(() => StatusListToken.Parse(padded)).Code);
    }
}
