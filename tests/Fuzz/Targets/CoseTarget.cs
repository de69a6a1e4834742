using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.Keys;
using Credentials.Keys.Software;
using CoseKey = Credentials.Cose.CoseKey;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>COSE_Sign1, COSE_Mac0 and COSE_Key. Second parser: <see cref="CoseMessage"/>. Nobody has the key, so nothing verifies.</summary>
internal sealed class CoseTarget : FuzzTarget
{
    private static readonly PublicKey s_nobody = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256).PublicKey;
    private static readonly byte[] s_secret = RandomNumberGenerator.GetBytes(32);

    private int _verified;

    public override string Name => "cose";

    public override InputShape Shape => InputShape.Cbor;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) =>
    [
        .. vectors.Bytes("cose_hex", "cose.sign1", "cose.mac0"),
        .. vectors.Json("jwk", "cose.sign1").Take(3).Select(jwk => CborWriting.Encode(Jose.Jwk.ParsePublic(StrictJson.Parse(jwk)), CoseKey.Write)),
    ];

    protected override object Read(byte[] input)
    {
        var value = CborValue.Decode(input, CoseCodes.Malformed);
        if (value.Kind == CborKind.Map) return CoseKey.Parse(value);
        var tag = value.Kind == CborKind.Tag ? value.GetTag() : CoseNames.Sign1Tag;
        var message = value.Kind == CborKind.Tag ? value.GetTagContent() : value;
        if (tag == 17) return CoseMac0.Parse(message);
        var signed = CoseSign1.Parse(message);
        _ = (signed.Headers.KeyId(), signed.Headers.Type, signed.Headers.X5Chain());
        return signed;
    }

    protected override void Check(byte[] input, object value)
    {
        switch (value)
        {
            case PublicKey key:
                var written = CborWriting.Encode(key, CoseKey.Write);
                Require(CoseKey.Parse(CborValue.Decode(written)).Equals(key), "A key is not what it was after it was written.");
                break;
            case CoseMac0 mac:
                Require(!mac.Verify(s_secret, mac.Payload is null ? new byte[1] : null), "A tag of nobody verifies.");
                break;
            case CoseSign1 signed:
                if (_verified++ % 64 == 0) Require(!signed.Verify(s_nobody, signed.Payload is null ? new byte[1] : null), "A signature of nobody verifies.");
                CheckAgainstPlatform(input, signed);
                break;
        }
    }

    private static void CheckAgainstPlatform(byte[] input, CoseSign1 signed)
    {
        CoseSign1Message other;
        try
        {
            other = CoseMessage.DecodeSign1(input);
        }
        catch (Exception e) when (e is CryptographicException or OverflowException)
        {
            return; // it reads with other rules: no label twice in both headers, labels of 32 bits (and throws what it does not document)
        }

        Require(other.Content.HasValue == signed.Payload.HasValue && other.Content.GetValueOrDefault().Span.SequenceEqual(signed.Payload.GetValueOrDefault().Span), "The platform finds another payload.");
        Require(other.Signature.Span.SequenceEqual(signed.Signature.Span), "The platform finds another signature.");
        if (other.ProtectedHeaders.TryGetValue(CoseHeaderLabel.Algorithm, out var algorithm))
            Require(new CborReader(algorithm.EncodedValue).ReadInt64() == signed.Headers.Algorithm, "The platform finds another algorithm.");
    }
}
