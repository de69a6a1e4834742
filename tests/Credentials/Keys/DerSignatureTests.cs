using System.Formats.Asn1;
using System.Numerics;
using Credentials.Keys;
using FsCheck.Xunit;

namespace Credentials.Tests.Keys;

public sealed class DerSignatureTests
{
    [Property]
    public void Any_two_numbers_are_written_as_the_platform_writes_them(byte[] numbers, byte zeros, byte curve)
    {
        var half = (curve % 3) switch { 0 => 32, 1 => 48, _ => 66 };
        var fields = new byte[2 * half];
        numbers.AsSpan(0, Math.Min(numbers.Length, half)).CopyTo(fields.AsSpan(Math.Min(zeros % half, half - Math.Min(numbers.Length, half))));
        numbers.AsSpan(0, Math.Min(numbers.Length, half)).CopyTo(fields.AsSpan(half));
        AssertSame(fields);
    }

    [Theory]
    [InlineData(32, 0x00)]
    [InlineData(32, 0x01)]
    [InlineData(32, 0x7f)]
    [InlineData(32, 0x80)]
    [InlineData(48, 0xff)]
    [InlineData(66, 0xff)]
    public void So_are_the_ends_of_the_range(int half, byte value)
    {
        var fields = new byte[2 * half];
        AssertSame(fields);
        fields[half - 1] = value;
        AssertSame(fields);
        fields.AsSpan().Fill(value);
        AssertSame(fields);
    }

    private static void AssertSame(byte[] fields)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(fields.AsSpan(0, fields.Length / 2), isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(fields.AsSpan(fields.Length / 2), isUnsigned: true, isBigEndian: true));
        }

        Span<byte> der = stackalloc byte[DerSignature.MaxLength];
        Assert.Equal(writer.Encode(), der[..DerSignature.Write(fields, der)].ToArray());
    }
}
