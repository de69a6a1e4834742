using System.Numerics;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Keys;

/// <summary>Points of the three curves: what is one is imported and verifies, what is none is refused (SEC 1 §3.2.2).</summary>
public class PublicKeyTests
{
    private static readonly byte[] s_data = [1, 2, 3];

    public static TheoryData<SignatureAlgorithm> Curves => [SignatureAlgorithm.Es256, SignatureAlgorithm.Es384, SignatureAlgorithm.Es512];

    [Theory]
    [MemberData(nameof(Curves))]
    public async Task A_point_of_the_curve_verifies_what_its_key_signed(SignatureAlgorithm algorithm)
    {
        using var signer = SoftwareSigningKey.Generate(algorithm);
        var signature = await signer.SignAsync(s_data, TestContext.Current.CancellationToken);
        var key = PublicKey.FromCoordinates(algorithm, signer.PublicKey.X, signer.PublicKey.Y);
        Assert.True(key.Verify(s_data, signature));
        Assert.False(key.Verify([1, 2, 4], signature));
        Assert.Equal(signer.PublicKey, key);
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void A_pair_of_numbers_off_the_curve_is_no_key(SignatureAlgorithm algorithm)
    {
        using var signer = SoftwareSigningKey.Generate(algorithm);
        var (x, y) = (signer.PublicKey.X.ToArray(), signer.PublicKey.Y.ToArray());
        Refused(algorithm, x, Changed(y));
        Refused(algorithm, Changed(x), y);
        Refused(algorithm, y, x);
        Refused(algorithm, new byte[x.Length], new byte[y.Length]);
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void A_coordinate_has_one_number_only(SignatureAlgorithm algorithm)
    {
        using var signer = SoftwareSigningKey.Generate(algorithm);
        var prime = Prime(algorithm);
        // The same point modulo the prime, where there is room for it; and the largest number, where there is not.
        var sum = new BigInteger(signer.PublicKey.Y, isUnsigned: true, isBigEndian: true) + prime;
        var bytes = sum.ToByteArray(isUnsigned: true, isBigEndian: true);
        var y = Enumerable.Repeat((byte)0xff, signer.PublicKey.Y.Length).ToArray();
        if (bytes.Length <= y.Length)
        {
            y.AsSpan().Clear();
            bytes.CopyTo(y, y.Length - bytes.Length);
        }

        Refused(algorithm, signer.PublicKey.X.ToArray(), y);
    }

    private static BigInteger Prime(SignatureAlgorithm algorithm)
    {
        // SP 800-186 §3.2.1
        if (algorithm == SignatureAlgorithm.Es256) return BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1;
        if (algorithm == SignatureAlgorithm.Es384) return BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1;
        return BigInteger.Pow(2, 521) - 1;
    }

    private static byte[] Changed(byte[] number)
    {
        var changed = (byte[])number.Clone();
        changed[^1] ^= 1;
        return changed;
    }

    private static void Refused(SignatureAlgorithm algorithm, byte[] x, byte[] y) =>
        Assert.Equal(KeyCodes.Invalid, Assert.Throws<MalformedDataException>(() => PublicKey.FromCoordinates(algorithm, x, y)).Code);
}
