using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Cose;

public sealed class CoseSign1Tests : IDisposable
{
    private static readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public static TheoryData<string> Algorithms { get; } = ["ES256", "ES384", "ES512", "EdDSA"];

    public void Dispose() => _key.Dispose();

    private static CoseSign1 Parse(byte[] message) => CoseSign1.Parse(CborValue.Decode(message, CoseCodes.Malformed));

    private static string Refuse(byte[] message) => Assert.Throws<MalformedDataException>(() => Parse(message)).Code;

    private static SoftwareSigningKey NewKey(string algorithm) => SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(algorithm)!);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task What_is_signed_verifies_and_nothing_else(string algorithm)
    {
        using var key = NewKey(algorithm);
        using var other = NewKey(algorithm);
        var bytes = await CoseSign1.SignAsync(
            CoseForge.Payload, key, [CoseHeader.Type("application/x")], [CoseHeader.KeyId([1, 2])], ct: _ct);
        var message = Parse(bytes);

        Assert.True(message.Verify(key.PublicKey));
        Assert.False(message.Verify(other.PublicKey));
        Assert.False(message.Verify(key.PublicKey, CoseForge.Payload));
        Assert.Equal(CoseForge.Payload, message.Payload!.Value.ToArray());
        Assert.Equal("application/x", message.Headers.Type);
        Assert.Equal([1, 2], message.Headers.Unprotected.Require(CoseNames.KeyId).GetBytes().ToArray());
        Assert.Equal(CoseAlgorithms.NumberOf(key.PublicKey.Algorithm), message.Headers.Algorithm);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_detached_payload_verifies_with_itself_only(string algorithm)
    {
        using var key = NewKey(algorithm);
        var message = Parse(await CoseSign1.SignAsync(CoseForge.Payload, key, isDetached: true, ct: _ct));

        Assert.Null(message.Payload);
        Assert.True(message.Verify(key.PublicKey, CoseForge.Payload));
        Assert.False(message.Verify(key.PublicKey));
        Assert.False(message.Verify(key.PublicKey, ReadOnlyMemory<byte>.Empty));
        Assert.False(message.Verify(key.PublicKey, CoseForge.Payload[..^1]));
    }

    [Fact]
    [Trait("Row", "CSE-06")]
    public async Task Nil_is_no_empty_payload_and_an_empty_payload_is_not_detached()
    {
        var nil = Parse(await CoseForge.Sign1Async(_key, CoseForge.Alg(-7), payload: "f6", signed: []));
        Assert.Null(nil.Payload);
        Assert.False(nil.Verify(_key.PublicKey));
        Assert.True(nil.Verify(_key.PublicKey, ReadOnlyMemory<byte>.Empty));

        var empty = Parse(await CoseForge.Sign1Async(_key, CoseForge.Alg(-7), payload: "40", signed: []));
        Assert.Equal(0, empty.Payload!.Value.Length);
        Assert.True(empty.Verify(_key.PublicKey));
        Assert.False(empty.Verify(_key.PublicKey, ReadOnlyMemory<byte>.Empty));
    }

    [Theory]
    [Trait("Row", "CSE-05")]
    [InlineData("ES256", -7, -9)]
    [InlineData("ES384", -35, -51)]
    [InlineData("ES512", -36, -52)]
    [InlineData("EdDSA", -8, -19)]
    public async Task Both_numbers_of_an_algorithm_verify_and_those_of_others_never(string algorithm, long number, long fullySpecified)
    {
        using var key = NewKey(algorithm);
        Assert.Equal([number, fullySpecified], CoseAlgorithms.NumbersOf(key.PublicKey.Algorithm).Select(n => (long)n));
        foreach (var alg in new long[] { -7, -9, -35, -51, -36, -52, -8, -19 })
        {
            var message = Parse(await CoseForge.Sign1Async(key, CoseForge.Alg(alg)));
            Assert.Equal(alg == number || alg == fullySpecified, message.Verify(key.PublicKey));
        }
    }

    [Theory]
    [Trait("Row", "CSE-05")]
    [Trait("Row", "CSE-08")]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(-37)]
    [InlineData(-47)]
    [InlineData(-53)]
    [InlineData(-257)]
    [InlineData(-65535)]
    [InlineData(7)]
    [InlineData(long.MinValue)]
    public async Task Another_algorithm_is_refused(long number) =>
        Assert.Equal(CoseCodes.Algorithm, Refuse(await CoseForge.Sign1Async(_key, CoseForge.Alg(number))));

    [Theory]
    [Trait("Row", "CSE-01")]
    [Trait("Row", "CSE-02")]
    [InlineData("a2012602811863", "a0")]
    [InlineData("a20126028101", "a0")]
    [InlineData("a2012602811821", "a1182140")]
    [InlineData("a201260280", "a0")]
    [InlineData("a2012602f6", "a0")]
    [InlineData("a3012602811863186301", "a0")]
    [InlineData("a10126", "a102811863")]
    [InlineData("a10126", "a10280")]
    public async Task A_message_with_crit_is_refused_in_either_header(string @protected, string @unprotected)
    {
        Assert.Equal(CoseCodes.Critical, Refuse(await CoseForge.Sign1Async(_key, @protected, @unprotected)));
        Assert.True(Parse(await CoseForge.Sign1Async(_key, "a20126186301")).Verify(_key.PublicKey));
    }

    [Theory]
    [Trait("Row", "CSE-03")]
    [Trait("Row", "CSE-11")]
    [InlineData("a0", "a10126")]
    [InlineData("", "a10126")]
    [InlineData("a0", "a0")]
    [InlineData("", "a0")]
    [InlineData("a1036161", "a0")]
    [InlineData("a1016545533235 36", "a0")]
    [InlineData("a1014126", "a0")]
    [InlineData("a101f6", "a0")]
    [InlineData("a101f90000", "a0")]
    [InlineData("a1613126", "a0")]
    public async Task The_algorithm_is_a_number_in_the_protected_header(string @protected, string @unprotected)
    {
        var message = await CoseForge.Sign1Async(_key, @protected.Replace(" ", "", StringComparison.Ordinal), @unprotected);
        Assert.Equal(CoseCodes.Algorithm, Refuse(message));
        Assert.True(Parse(await CoseForge.Sign1Async(_key, "a10126")).Verify(_key.PublicKey));
    }

    [Theory]
    [Trait("Row", "CSE-03")]
    [Trait("Row", "CSE-04")]
    [InlineData("a10126", "a10126")]
    [InlineData("a10126", "a1180126")]
    [InlineData("a10126", "a10138 22")]
    [InlineData("a201260440", "a10440")]
    [InlineData("a2012661616162", "a161616163")]
    [InlineData("a2012661616162", "a17f6161ff6163")]
    [InlineData("a2012620 01", "a12001")]
    public async Task A_label_in_both_headers_is_refused(string @protected, string @unprotected) => Assert.Equal(
        CoseCodes.Malformed,
        Refuse(await CoseForge.Sign1Async(
            _key, @protected.Replace(" ", "", StringComparison.Ordinal), @unprotected.Replace(" ", "", StringComparison.Ordinal))));

    [Theory]
    [Trait("Row", "CSE-04")]
    [InlineData("a201260126", "a0")]
    [InlineData("a20126180126", "a0")]
    [InlineData("a2012601 3822", "a0")]
    [InlineData("a10126", "a204400440")]
    [InlineData("a10126", "a20440180440")]
    [InlineData("a20126f501", "a0")]
    [InlineData("a2012641 0101", "a0")]
    [InlineData("a10126", "a1f601")]
    [InlineData("a10126", "a1410101")]
    [InlineData("a1012600", "a0")]
    [InlineData("8101", "a0")]
    [InlineData("26", "a0")]
    [InlineData("a10126", "80")]
    [InlineData("a10126", "f6")]
    [InlineData("a10126", "43a10126")]
    public async Task Headers_are_maps_of_distinct_numbers_and_texts(string @protected, string @unprotected) => Assert.Equal(
        CoseCodes.Malformed, Refuse(await CoseForge.Sign1Async(_key, @protected.Replace(" ", "", StringComparison.Ordinal), @unprotected)));

    [Theory]
    [Trait("Row", "CSE-11")]
    [InlineData("a10126")]
    [InlineData("b90001 0126")]
    [InlineData("a11801 26")]
    [InlineData("bf0126ff")]
    [InlineData("a1013806")]
    [InlineData("a2044101 0126")]
    public async Task The_protected_header_is_verified_as_it_was_received(string @protected)
    {
        var header = @protected.Replace(" ", "", StringComparison.Ordinal);
        var message = Parse(await CoseForge.Sign1Async(_key, header));
        Assert.True(message.Verify(_key.PublicKey));
        Assert.Equal(header, Convert.ToHexStringLower(message.Headers.ProtectedBytes.Span));

        // The same header in another spelling is another message.
        var changed = CoseForge.Message(
            Convert.FromHexString(header == "a10126" ? "bf0126ff" : "a10126"), "a0", null, message.Signature.ToArray());
        Assert.False(Parse(changed).Verify(_key.PublicKey));
    }

    [Fact]
    [Trait("Row", "CSE-07")]
    public async Task The_tag_is_there_where_it_is_wanted_and_only_there()
    {
        var untagged = await CoseSign1.SignAsync(CoseForge.Payload, _key, ct: _ct);
        byte[] tagged = [0xd2, .. untagged];
        byte[] cwt = [0xd8, 0x3d, .. tagged];

        Assert.True(Parse(untagged).Verify(_key.PublicKey));
        Assert.Equal(CoseCodes.Malformed, Refuse(tagged));
        Assert.Equal(CoseCodes.Malformed, Refuse(cwt));
        CborValue Untag(byte[] bytes) => CborValue.Decode(bytes, CoseCodes.Malformed).GetTagged(CoseNames.Sign1Tag);
        Assert.True(CoseSign1.Parse(Untag(tagged)).Verify(_key.PublicKey));
        Assert.Throws<MalformedDataException>(() => Untag(untagged));
        Assert.Throws<MalformedDataException>(() => Untag(cwt));
        Assert.Throws<MalformedDataException>(() => Untag([0xd1, .. untagged]));
    }

    [Fact]
    [Trait("Row", "CSE-08")]
    public void A_MAC_is_no_signature()
    {
        var mac = CoseMac0.Create(CoseForge.Payload, new byte[32], isDetached: false);
        Assert.Equal(CoseCodes.Algorithm, Refuse(mac));
    }

    [Theory]
    [Trait("Row", "CSE-13")]
    [InlineData("Signature1", "00")]
    [InlineData("Signature1", "")]
    [InlineData("Signature", "")]
    [InlineData("MAC0", "")]
    [InlineData("CounterSignature", "")]
    public async Task External_data_and_another_context_do_not_verify(string context, string external)
    {
        var message = Parse(await CoseForge.Sign1Async(_key, "a10126", context: context, external: external));
        Assert.Equal(context == "Signature1" && external.Length == 0, message.Verify(_key.PublicKey));
    }

    [Theory]
    [InlineData("83 40 a0 40")]
    [InlineData("85 43a10126 a0 40 40 40")]
    [InlineData("84 a10126 a0 40 40")]
    [InlineData("84 43a10126 a0 01 40")]
    [InlineData("84 43a10126 a0 f7 40")]
    [InlineData("84 43a10126 a0 6161 40")]
    [InlineData("84 43a10126 a0 80 40")]
    [InlineData("84 43a10126 a0 d81840 40")]
    [InlineData("84 43a10126 a0 40 f6")]
    [InlineData("84 43a10126 a0 40 6161")]
    [InlineData("a0")]
    [InlineData("f6")]
    [InlineData("43a10126")]
    public void Other_shapes_are_refused(string hex) =>
        Assert.Equal(CoseCodes.Malformed, Refuse(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Every_flipped_byte_is_refused_or_lies_in_the_unprotected_header(string algorithm)
    {
        using var key = NewKey(algorithm);
        var good = await CoseSign1.SignAsync(CoseForge.Payload, key, unprotectedHeaders: [CoseHeader.KeyId([7])], ct: _ct);
        var value = Parse(good).Headers.Unprotected.Encoded;
        var start = good.AsSpan().IndexOf(value.Span);
        for (var i = 0; i < good.Length; i++)
        {
            var bytes = good.ToArray();
            bytes[i] ^= 1;
            bool isAccepted;
            try
            {
                isAccepted = Parse(bytes).Verify(key.PublicKey);
            }
            catch (MalformedDataException)
            {
                isAccepted = false;
            }

            if (i < start || i >= start + value.Length) Assert.False(isAccepted, $"byte {i}");
        }
    }

    [Fact]
    public async Task A_signature_of_any_length_is_no_error()
    {
        foreach (var length in new[] { 0, 1, 63, 65, 64, 70, 100_000 })
        {
            var message = CoseForge.Message(Convert.FromHexString("a10126"), "a0", null, new byte[length]);
            Assert.False(Parse(message).Verify(_key.PublicKey));
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await CoseSign1.SignAsync(CoseForge.Payload, _key, ct: new CancellationToken(true)));
    }
}
