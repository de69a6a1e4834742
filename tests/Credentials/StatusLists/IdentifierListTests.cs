using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.StatusLists;
using Credentials.Tests.Shared;

namespace Credentials.Tests.StatusLists;

public sealed class IdentifierListTests : IDisposable
{
    private const string Uri = "https://agency.example/revoked/1";

    // ISO/IEC 18013-5 second edition Annex D.7 prints a reference with this identifier and address, and a list of the same shape.
    private const string Reference =
        "a16f6964656e7469666965725f6c697374a362696442cccc63757269782568747470733a2f2f6578616d706c652e636f6d2f6964656e7469666965726c697374732f316b636572746966696361746541aa";

    private const string List =
        "a26b6964656e74696669657273a342abcda042aaaaa1646e6f7465a042cccca107a06f6167677265676174696f6e5f757269782f68747470733a2f2f6578616d706c652e636f6d2f6964656e7469666965726c697374732f6167677265676174696f6e";

    private static readonly DateTimeOffset _now = new TestClock().Now;

    private readonly Agency _agency = new("Agency", _now);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private CwtForge Good => new CwtForge(_agency, Uri, _now)
        .WithHeader(CoseNames.Type, CwtForge.Text(StatusListNames.IdentifierListMediaType)).WithClaim(65533, null).WithClaim(65530, "a16b6964656e74696669657273a142cccca0");

    private IdentifierListTokenContent Content(params byte[][] revoked) => new()
    {
        Uri = Uri,
        List = IdentifierList.Create(revoked.Select(id => (ReadOnlyMemory<byte>)id)),
        IssuedAt = _now,
        ExpiresAt = _now.AddDays(1),
        TimeToLive = TimeSpan.FromMinutes(10),
        Certificates = [_agency.Certificate],
    };

    public void Dispose() => _agency.Dispose();

    private static async Task<string> RefuseAsync(CwtForge forge)
    {
        var token = await forge.MakeAsync();
        return Assert.Throws<MalformedDataException>(() => IdentifierListToken.Parse(token)).Code;
    }

    [Fact]
    public async Task A_token_reads_as_it_was_written_and_tells_who_is_revoked()
    {
        byte[] one = RandomNumberGenerator.GetBytes(16), two = [1], free = RandomNumberGenerator.GetBytes(16);
        var bytes = await IdentifierListToken.IssueAsync(Content(one, two, one) with { AggregationUri = "https://agency.example/revoked" }, _agency.Key, Ct);
        var token = IdentifierListToken.Parse(bytes);

        Assert.Null(token.FindProblem(Uri, _agency.Status, _now));
        Assert.Equal((Uri, _now, _now.AddDays(1), TimeSpan.FromMinutes(10)), (token.Uri, token.IssuedAt, token.ExpiresAt, token.TimeToLive));
        Assert.Equal("https://agency.example/revoked", token.AggregationUri);
        Assert.Equal(2, token.UnverifiedList.Count);
        Assert.True(token.UnverifiedList.Contains(one) && token.UnverifiedList.Contains(two));
        Assert.False(token.UnverifiedList.Contains(free) || token.UnverifiedList.Contains(ReadOnlyMemory<byte>.Empty));

        // ISO/IEC 18013-5 §12.3.6.3, §12.3.6.4.
        var message = CoseSign1.Parse(CborValue.Decode(bytes).GetTagged(CoseNames.Sign1Tag));
        Assert.Equal("application/identifierlist+cwt", message.Headers.Type);
        Assert.NotNull(message.Headers.Protected.Find(CoseNames.X5Chain));
        Assert.NotNull(CborValue.Decode(message.Payload!.Value).Find(65530));
    }

    [Fact]
    public void The_published_list_is_read_and_what_it_says_beside_is_passed_over()
    {
        var list = IdentifierList.Parse(CborValue.Decode(Convert.FromHexString(List)));
        Assert.Equal(3, list.Count);
        foreach (var listed in new byte[][] { [0xab, 0xcd], [0xaa, 0xaa], [0xcc, 0xcc] })
            Assert.True(list.Contains(listed));
        Assert.False(list.Contains(new byte[] { 0xcc }));
    }

    [Fact]
    public void The_published_reference_is_read_and_written_byte_for_byte()
    {
        var reference = Assert.IsType<IdentifierReference>(Assert.Single(CredentialStatus.FromCbor(CborValue.Decode(Convert.FromHexString(Reference)))));
        Assert.Equal("https://example.com/identifierlists/1", reference.Uri);
        Assert.Equal([0xcc, 0xcc], reference.Id.ToArray());
        Assert.Equal([0xaa], reference.Certificate!.Value.ToArray());
        Assert.Equal(Reference, Convert.ToHexStringLower(CborWriting.Encode(writer => CredentialStatus.Write(writer, reference))));
    }

    [Fact]
    public void A_list_is_written_in_byte_order_whatever_the_order_of_revocation()
    {
        string Written(params byte[][] identifiers) => CwtForge.Hex(writer => Content(identifiers).List.WriteTo(writer));
        Assert.Equal(Written([2], [1], [1, 0]), Written([1, 0], [2], [1]));
        Assert.Equal("a16b6964656e74696669657273a24101a04102a0", Written([2], [1]));
    }

    [Fact]
    public void Every_identifier_that_is_listed_is_found_and_no_other()
    {
        var all = Enumerable.Range(0, 2000).Select(_ => RandomNumberGenerator.GetBytes(16)).ToArray();
        var list = IdentifierList.Parse(CborValue.Decode(CborWriting.Encode(writer => Content(all[..1000]).List.WriteTo(writer))));
        Assert.All(all[..1000], id => Assert.True(list.Contains(id)));
        Assert.All(all[1000..], id => Assert.False(list.Contains(id)));
    }

    [Theory]
    [InlineData("80")]
    [InlineData("a0")]
    [InlineData("f6")]
    [InlineData("a16b6964656e7469666965727380")]
    [InlineData("a16b6964656e74696669657273f6")]
    [InlineData("a16b6964656e74696669657273a16161a0")]
    [InlineData("a16b6964656e74696669657273a101a0")]
    [InlineData("a16b6964656e74696669657273a142ccccf6")]
    [InlineData("a16b6964656e74696669657273a142cccc80")]
    public async Task A_malformed_list_is_refused(string hex) =>
        Assert.Equal(StatusListCodes.ListMalformed, await RefuseAsync(Good.WithClaim(65530, hex)));

    [Fact]
    public async Task A_token_is_of_its_own_type_with_an_expiry_and_without_a_status_list()
    {
        Assert.Null(IdentifierListToken.Parse(await Good.MakeAsync()).FindProblem(Uri, _agency.Status, _now));
        Assert.Equal(CoseCodes.Type, await RefuseAsync(Good.WithHeader(CoseNames.Type, CwtForge.Text(StatusListNames.CwtMediaType))));
        Assert.Equal(StatusListCodes.TokenMalformed, await RefuseAsync(Good.WithClaim(CwtNames.ExpiresAt, null)));
        Assert.Equal(StatusListCodes.TokenMalformed, await RefuseAsync(Good.WithClaim(65533, CwtForge.Hex(writer => Agency.List().WriteTo(writer)))));
        Assert.Equal(StatusListCodes.TokenMalformed, await RefuseAsync(Good.WithClaim(65530, null)));
        Assert.Equal(StatusListCodes.TokenMalformed, await RefuseAsync(Good.WithClaim(65530, "a26b6964656e74696669657273a06f6167677265676174696f6e5f75726901")));
        await Assert.ThrowsAsync<ArgumentException>(async () => await IdentifierListToken.IssueAsync(Content() with { ExpiresAt = null }, _agency.Key, Ct));
    }

    [Fact]
    [Trait("Row", "TSL-12")]
    [Trait("Row", "TSL-27")]
    [Trait("Row", "TSL-08")]
    public async Task The_rules_of_status_lists_hold_for_identifier_lists()
    {
        using var other = new Agency("Other", _now);
        var good = IdentifierListToken.Parse(await Good.MakeAsync());
        Assert.Equal(StatusListCodes.SubjectMismatch, good.FindProblem(Uri + "/", _agency.Status, _now));
        Assert.Equal(StatusListCodes.TokenExpired, good.FindProblem(Uri, _agency.Status, _now.AddDays(1)));
        Assert.Equal(StatusListCodes.TokenNotYetValid, good.FindProblem(Uri, _agency.Status, _now.AddSeconds(-61)));
        Assert.Equal(StatusListCodes.SignerNotTrusted, good.FindProblem(Uri, other.Status, _now));
        Assert.Equal(StatusListCodes.SignatureInvalid, IdentifierListToken.Parse(await (Good with { Signer = other.Key }).MakeAsync()).FindProblem(Uri, _agency.Status, _now));
        Assert.Null(good.FindProblem(Uri, _agency.Status, _now));
    }

    [Fact]
    public async Task A_hundred_thousand_identifiers_are_read_and_one_more_refused()
    {
        static byte[] List(int count) => CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(1);
            writer.WriteTextString("identifiers");
            writer.WriteStartMap(count);
            for (var i = 0; i < count; i++)
            {
                writer.WriteByteString(BitConverter.GetBytes(i));
                writer.WriteStartMap(0);
                writer.WriteEndMap();
            }

            writer.WriteEndMap();
            writer.WriteEndMap();
        });
        Assert.Equal(IdentifierList.MaxCount, IdentifierListToken.Parse(await Good.WithClaim(65530, Convert.ToHexString(List(IdentifierList.MaxCount))).MakeAsync()).UnverifiedList.Count);
        Assert.Equal(CodecCodes.CborTooLarge, await RefuseAsync(Good.WithClaim(65530, Convert.ToHexString(List(IdentifierList.MaxCount + 1)))));
        Assert.Equal(IdentifierList.MaxCount, IdentifierList.Create(Enumerable.Range(0, IdentifierList.MaxCount).Select(i => (ReadOnlyMemory<byte>)BitConverter.GetBytes(i))).Count);
        Assert.Throws<ArgumentException>(() => IdentifierList.Create(Enumerable.Range(0, IdentifierList.MaxCount + 1).Select(i => (ReadOnlyMemory<byte>)BitConverter.GetBytes(i))));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void An_identifier_has_1_to_64_bytes(int length, bool accepted)
    {
        var id = new byte[length];
        var info = CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(1);
            writer.WriteTextString("identifier_list");
            writer.WriteStartMap(2);
            writer.WriteTextString("id");
            writer.WriteByteString(id);
            writer.WriteTextString("uri");
            writer.WriteTextString(Uri);
            writer.WriteEndMap();
            writer.WriteEndMap();
        });
        if (accepted)
        {
            Assert.Equal(new IdentifierReference(Uri, id), Assert.Single(CredentialStatus.FromCbor(CborValue.Decode(info))));
            Assert.Equal(1, IdentifierList.Create([id]).Count);
            return;
        }

        Assert.Equal(StatusListCodes.MalformedReference, Assert.Throws<MalformedDataException>(() => CredentialStatus.FromCbor(CborValue.Decode(info))).Code);
        Assert.Throws<ArgumentException>(() => IdentifierList.Create([id]));
        Assert.Throws<InvalidOperationException>(() => CborWriting.Encode(writer => CredentialStatus.Write(writer, new IdentifierReference(Uri, id))));
    }
}
