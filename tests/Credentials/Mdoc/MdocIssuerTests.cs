using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Mdoc;

/// <summary>What an issuer puts into mdocs: nothing that links those of one batch, and nothing that contradicts itself.</summary>
public sealed class MdocIssuerTests : IDisposable
{
    private const int Batch = 20;

    private readonly MdocAgency _agency = new(new TestClock().Now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _agency.Dispose();

    [Fact]
    public async Task Mdocs_of_one_batch_have_nothing_in_common_but_their_data_and_their_day()
    {
        var batch = new List<IssuerSigned>();
        for (var i = 0; i < Batch; i++)
        {
            using var device = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
            // Minutes apart, as from a queue.
            var signed = _agency.Now.AddMinutes(i);
            batch.Add(await _agency.IssueAsync(_agency.Content with { DeviceKey = device.PublicKey, Signed = signed, ValidUntil = signed.AddDays(30) }));
        }

        Assert.Single(batch.Select(mdoc => mdoc.SecurityObject.Validity).Distinct());
        var items = batch.SelectMany(mdoc => mdoc.NameSpaces.Values.SelectMany(list => list)).ToList();
        Assert.Equal(items.Count, items.Select(item => Salt(item)).Distinct().Count());
        Assert.Equal(items.Count, items.Select(item => System.Convert.ToHexString(item.Encoded.Bytes.Span)).Distinct().Count());
        Assert.Equal(Batch, batch.Select(mdoc => System.Convert.ToHexString(mdoc.IssuerAuth.Signature.Span)).Distinct().Count());
    }

    [Fact]
    public async Task Digest_ids_are_unique_in_their_namespace_and_every_element_gets_every_one()
    {
        var count = _agency.Content.NameSpaces[MdocNames.MdlNamespace].Count;
        var seen = new HashSet<(string, long)>();
        // Each id is missed by an element with a probability of (11/12)^400, below 10^-15.
        for (var i = 0; i < 400; i++)
        {
            var items = (await _agency.IssueAsync()).NameSpaces[MdocNames.MdlNamespace];
            Assert.Equal(Enumerable.Range(0, count).Select(id => (long)id), items.Select(item => item.DigestId).Order());
            seen.UnionWith(items.Select(item => (item.ElementIdentifier, item.DigestId)));
        }

        Assert.Equal(count * count, seen.Count);
    }

    [Fact]
    public async Task A_namespace_of_hundreds_of_elements_is_issued_and_accepted()
    {
        var elements = Enumerable.Range(0, 500).ToDictionary(i => $"element_{i}", i => (ReadOnlyMemory<byte>)CborWriting.Encode(writer => writer.WriteInt32(i)));
        var issued = await _agency.IssueAsync(_agency.Content with { DocType = "org.example", NameSpaces = NameSpaces("org.example", elements) });
        Assert.True((await MdocVerifier.VerifyAsync(issued.Encode(), _agency.Expectations, Ct)).IsAccepted);
        Assert.Equal(500, issued.NameSpaces["org.example"].Select(item => item.DigestId).Distinct().Count());
    }

    [Fact]
    public async Task Times_are_whole_seconds_and_not_before_the_signers_certificate()
    {
        var exact = (await _agency.IssueAsync(_agency.Content with { Signed = _agency.Now.AddMilliseconds(700), TimeGranularity = TimeSpan.Zero })).SecurityObject.Validity;
        Assert.Equal(_agency.Now, exact.Signed);
        Assert.Equal(exact.Signed, exact.ValidFrom);
        // A day's granularity would be midnight, before the certificate began.
        var daily = (await _agency.IssueAsync()).SecurityObject.Validity;
        Assert.Equal(_agency.Certificate.NotBefore.ToUniversalTime(), daily.Signed.UtcDateTime);
        Assert.Equal(TimeSpan.Zero, daily.ValidUntil.TimeOfDay);
    }

    // Down for the beginning and up for the end, and not at all what is round already.
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(59, 0, 60)]
    [InlineData(60, 60, 60)]
    [InlineData(61, 60, 120)]
    public async Task Times_are_rounded_to_the_granularity(int seconds, int down, int up)
    {
        var hour = new DateTimeOffset(_agency.Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        var validity = (await _agency.IssueAsync(_agency.Content with
        {
            Signed = hour.AddSeconds(seconds),
            ValidFrom = hour.AddSeconds(600 + seconds),
            ValidUntil = hour.AddSeconds(1200 + seconds),
            TimeGranularity = TimeSpan.FromMinutes(1),
        })).SecurityObject.Validity;
        Assert.Equal(new ValidityInfo(hour.AddSeconds(down), hour.AddSeconds(600 + down), hour.AddSeconds(1200 + up)), validity);
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(0, 0, false)]
    [InlineData(1, 1, false)]
    [InlineData(-1, 1, true)] // never before it is signed
    public async Task An_mdoc_is_valid_for_a_second_at_least(int from, int until, bool isIssued)
    {
        var content = _agency.Content with { ValidFrom = _agency.Now.AddSeconds(from), ValidUntil = _agency.Now.AddSeconds(until), TimeGranularity = TimeSpan.Zero };
        if (isIssued) Assert.Equal(_agency.Now, (await _agency.IssueAsync(content)).SecurityObject.Validity.ValidFrom);
        else await Assert.ThrowsAsync<ArgumentException>(() => _agency.IssueAsync(content));
    }

    [Fact]
    public async Task An_mdoc_is_signed_in_the_last_second_of_its_signers_certificate_and_not_later()
    {
        DateTimeOffset end = _agency.Certificate.NotAfter;
        var content = _agency.Content with { Signed = end, ValidUntil = end.AddDays(1), TimeGranularity = TimeSpan.Zero };
        Assert.Equal(end, (await _agency.IssueAsync(content)).SecurityObject.Validity.Signed);
        await Assert.ThrowsAsync<ArgumentException>(() => _agency.IssueAsync(content with { Signed = end.AddSeconds(1) }));
    }

    [Fact]
    public async Task What_the_device_key_may_sign_is_signed_with_it()
    {
        var authorized = new KeyAuthorizations { NameSpaces = ["n"], DataElements = new Dictionary<string, IReadOnlyCollection<string>> { ["m"] = ["a"] } };
        var read = (await _agency.IssueAsync(_agency.Content with { KeyAuthorizations = authorized })).SecurityObject.KeyAuthorizations;
        Assert.Equal(["n"], read.NameSpaces);
        Assert.Equal(["a"], read.DataElements["m"]);
        Assert.True((await _agency.IssueAsync()).SecurityObject.KeyAuthorizations.IsEmpty);
    }

    [Fact]
    public async Task Content_that_contradicts_itself_is_the_callers_mistake()
    {
        using var another = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        await Assert.ThrowsAsync<ArgumentException>(async () => await MdocIssuer.IssueAsync(_agency.Content, another, Ct));
        MdocContent[] contradictions =
        [
            _agency.Content with { Certificates = [] },
            _agency.Content with { Certificates = [_agency.Root] },
            _agency.Content with { NameSpaces = new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>() },
            _agency.Content with { NameSpaces = NameSpaces("org.example", []) },
            _agency.Content with { NameSpaces = new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>(_agency.Content.NameSpaces) { ["org.example"] = new Dictionary<string, ReadOnlyMemory<byte>>() } },
            _agency.Content with { ValidUntil = _agency.Now.AddDays(-2) },
            _agency.Content with { ValidFrom = _agency.Now.AddDays(31) },
            _agency.Content with { Signed = _agency.Now.AddDays(500), ValidUntil = _agency.Now.AddDays(600) },
            _agency.Content with
            {
                KeyAuthorizations = new KeyAuthorizations
                {
                    NameSpaces = ["org.example"], DataElements = new Dictionary<string, IReadOnlyCollection<string>> { ["org.example"] = ["pin"], ["other"] = ["pin"] },
                },
            },
        ];
        foreach (var content in contradictions) await Assert.ThrowsAsync<ArgumentException>(() => _agency.IssueAsync(content));
        await _agency.IssueAsync();
    }

    private static string Salt(IssuerSignedItem item) => System.Convert.ToHexString(item.Encoded.Decode().Require("random"u8).GetBytes().Span);

    private static Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> NameSpaces(string name, Dictionary<string, ReadOnlyMemory<byte>> elements) =>
        new() { [name] = elements };
}
