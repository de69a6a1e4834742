using System.Security.Cryptography;
using Credentials.Codecs;

namespace Credentials.Tests.Codecs;

public sealed class ShortHashTests
{
    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void Hashes_of_every_length_are_those_of_the_platform(string name)
    {
        var algorithm = new HashAlgorithmName(name);
        var data = RandomNumberGenerator.GetBytes(1100);
        Span<byte> hash = stackalloc byte[80];
        for (var length = 0; length <= data.Length; length++)
        {
            hash.Fill(0xa5);
            var written = ShortHash.HashData(algorithm, data.AsSpan(0, length), hash);
            Assert.Equal(CryptographicOperations.HashData(algorithm, data.AsSpan(0, length)), hash[..written].ToArray());
            Assert.DoesNotContain(hash[written..].ToArray(), octet => octet != 0xa5);
        }
    }

    [Fact]
    public void A_place_that_is_too_short_is_refused() =>
        Assert.Throws<ArgumentException>(() => ShortHash.HashData(HashAlgorithmName.SHA256, "abc"u8, new byte[31]));

    [Fact]
    public void An_algorithm_that_nobody_knows_is_refused() =>
        Assert.Throws<CryptographicException>(() => ShortHash.HashData(new HashAlgorithmName("ROT13"), "abc"u8, new byte[64]));

    [Fact]
    public void Threads_do_not_disturb_each_other() =>
        Parallel.For(0, 2000, i =>
        {
            var data = BitConverter.GetBytes(i);
            var hash = new byte[32];
            ShortHash.HashData(HashAlgorithmName.SHA256, data, hash);
            Assert.Equal(SHA256.HashData(data), hash);
        });
}
