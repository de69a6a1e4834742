using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;

namespace Credentials.Mdoc;

/// <summary>What the issuer signs: digests of the data elements, the device key, times (ISO/IEC 18013-5 §9.1.2.4). Unverified as such.</summary>
public sealed class MobileSecurityObject
{
    private readonly Dictionary<(string NameSpace, long Id), ReadOnlyMemory<byte>> _digests = [];
    private readonly CborValue _deviceKey;
    private PublicKey? _key;

    private MobileSecurityObject(CborValue map)
    {
        MdocNames.RequireVersion(map);
        DigestAlgorithm = map.Require("digestAlgorithm"u8).GetText();
        ReadDigests(map.Require("valueDigests"u8));
        var device = map.Require("deviceKeyInfo"u8);
        _deviceKey = device.Require("deviceKey"u8);
        KeyAuthorizations = device.Find("keyAuthorizations"u8) is { } authorizations ? KeyAuthorizations.Parse(authorizations) : KeyAuthorizations.None;
        DocType = map.Require("docType"u8).GetText();
        Validity = ValidityInfo.Parse(map.Require("validityInfo"u8));
        Status = map.Find("status"u8);
    }

    /// <summary>The name of the digest algorithm.</summary>
    public string DigestAlgorithm { get; }

    /// <summary>The key that the holder must prove possession of. It is read when it is first asked for, since that costs more than all the rest.</summary>
    /// <exception cref="MalformedDataException"><c>cose.key_…</c>, <c>key.invalid</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>cose.key_not_supported</c>.</exception>
    public PublicKey DeviceKey => _key ??= CoseKey.Parse(_deviceKey);

    /// <summary>What that key may sign of itself.</summary>
    public KeyAuthorizations KeyAuthorizations { get; }

    /// <summary>The document type.</summary>
    public string DocType { get; }

    /// <summary>The times.</summary>
    public ValidityInfo Validity { get; }

    /// <summary>Where the status stands (ISO/IEC 18013-5, second edition); null if the issuer named nothing.</summary>
    public CborValue? Status { get; }

    /// <summary>Reads MobileSecurityObjectBytes, the payload of the issuer's signature.</summary>
    /// <exception cref="MalformedDataException"><c>mdoc.malformed</c>, <c>mdoc.version</c>.</exception>
    public static MobileSecurityObject Parse(ReadOnlyMemory<byte> payload) =>
        new(CborValue.Decode(payload, MdocCodes.Malformed).GetEncodedCbor().Decode(MdocCodes.Malformed));

    /// <summary>The digest of an item; null if there is none.</summary>
    public ReadOnlyMemory<byte>? FindDigest(string nameSpace, long digestId) => _digests.TryGetValue((nameSpace, digestId), out var digest) ? digest : (ReadOnlyMemory<byte>?)null;

    private void ReadDigests(CborValue valueDigests)
    {
        var count = 0;
        foreach (var (_, digests) in valueDigests.EnumerateMap()) count += digests.Count;
        _digests.EnsureCapacity(count);
        foreach (var (name, digests) in valueDigests.EnumerateMap())
        {
            var nameSpace = name.GetText();
            foreach (var (id, digest) in digests.EnumerateMap())
            {
                if (id.Kind != CborKind.UnsignedInteger) throw id.Wrong("a digest id");
                _digests[(nameSpace, id.GetInt64())] = digest.GetBytes();
            }
        }
    }
}
