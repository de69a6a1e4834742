using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// What device and reader engagement have in common (ISO/IEC 18013-5 §8.2.1.1): version, cipher suite and the sender's
/// ephemeral key.
/// </summary>
internal static class EngagementSecurity
{
    public const long VersionLabel = 0;
    public const long SecurityLabel = 1;
    public const long MethodsLabel = 2;
    public const string FirstEdition = "1.0";

    // ECDH on the curve of the key, HKDF with SHA-256, AES-256-GCM (§9.1.1.5): the only suite there is.
    private const long CipherSuite = 1;

    /// <summary>The version; a higher minor version only adds members, which are passed over.</summary>
    public static string ReadVersion(CborValue engagement)
    {
        var version = engagement.Require(VersionLabel).GetText();
        if (version.Length <= 8 && version.StartsWith("1.", StringComparison.Ordinal) && version.Length > 2 && version.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0)
            return version;
        throw new NotSupportedCredentialException(ProximityCodes.EngagementNotSupported, "The engagement is not of version 1.");
    }

    /// <summary>The key as received, and as a key.</summary>
    public static (EncodedCbor Bytes, KeyAgreementPublicKey Key) ReadKey(CborValue security)
    {
        if (security.Kind != CborKind.Array || security.Count < 2) throw security.Wrong("cipher suite and key");
        foreach (var suite in security.EnumerateArray())
        {
            if (suite.GetInt64() != CipherSuite)
                throw new NotSupportedCredentialException(ProximityCodes.EngagementNotSupported, "The cipher suite is not the one of the standard.");
            break;
        }

        var bytes = security.GetArray(2)[1].GetEncodedCbor();
        return (bytes, CoseKey.ParseKeyAgreement(bytes.Decode(ProximityCodes.EngagementMalformed)));
    }

    public static EncodedCbor EncodeKey(KeyAgreementPublicKey key) => EncodedCbor.Wrap(CborWriting.Encode(writer => CoseKey.Write(writer, key)));

    public static void Write(CborWriter writer, EncodedCbor key)
    {
        writer.WriteInt64(VersionLabel);
        writer.WriteTextString(FirstEdition);
        writer.WriteInt64(SecurityLabel);
        writer.WriteStartArray(2);
        writer.WriteInt64(CipherSuite);
        writer.WriteEncoded(key.Bytes);
        writer.WriteEndArray();
    }
}
