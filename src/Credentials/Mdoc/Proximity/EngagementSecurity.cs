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
    public const long OriginsLabel = 5;
    public const string FirstEdition = "1.0";
    public const string BegunByReader = "1.1"; // ISO/IEC TS 18013-7 Annex A

    // ECDH on the curve of the key, HKDF with SHA-256, AES-256-GCM (§9.1.1.5): the only suite there is.
    private const long CipherSuite = 1;

    /// <summary>The bytes of an engagement in a link or QR code: a scheme and base64url without padding.</summary>
    public static byte[] FromText(string text, string scheme)
    {
        if (text.Length > ProximityLimits.QrCharacters || !text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            throw new MalformedDataException(ProximityCodes.EngagementMalformed, "Not the text of an engagement.");
        return StrictBase64Url.Decode(text.AsSpan(scheme.Length), ProximityCodes.EngagementMalformed);
    }

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

    public static void Write(CborWriter writer, string version, EncodedCbor key)
    {
        writer.WriteInt64(VersionLabel);
        writer.WriteTextString(version);
        writer.WriteInt64(SecurityLabel);
        writer.WriteStartArray(2);
        writer.WriteInt64(CipherSuite);
        writer.WriteEncoded(key.Bytes);
        writer.WriteEndArray();
    }
}
