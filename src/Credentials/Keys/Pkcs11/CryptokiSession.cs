using System.Formats.Asn1;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static Credentials.Keys.Pkcs11.CryptokiNumbers;

namespace Credentials.Keys.Pkcs11;

/// <summary>A session in which the user is logged in. One thread uses it at a time, within <see cref="CryptokiModule.Use"/>.</summary>
internal sealed class CryptokiSession
{
    private const int MaxHandles = 4096;
    private const int MaxValue = 1024;

    private readonly CryptokiModule _module;
    private readonly CULong _session;
    private readonly Dictionary<string, CULong> _handles = new(StringComparer.Ordinal);

    private CryptokiSession(CryptokiModule module, CULong session) => (_module, _session, Generation) = (module, session, module.Generation);

    /// <summary>The start of the library to which it belongs.</summary>
    internal int Generation { get; }

    /// <summary>Opens a session with the token of that label.</summary>
    internal static CryptokiSession Open(CryptokiModule module, string label, Action<CULong, ulong> login)
    {
        var (slot, flags) = module.FindSlot(label);
        var session = module.OpenSession(slot);
        try
        {
            login(session, flags);
            return new CryptokiSession(module, session);
        }
        catch
        {
            module.CloseSession(session);
            throw;
        }
    }

    internal void Close() => _module.CloseSession(_session);

    /// <summary>Signs with ECDSA: the token gets the hash, and answers r and s side by side (PKCS #11 Current Mechanisms §2.3.1).</summary>
    internal byte[] Sign(string id, SignatureAlgorithm algorithm, ReadOnlySpan<byte> hash) =>
        _module.Sign(_session, CkmEcdsa, RequirePrivateKey(id), hash, algorithm.SignatureLength);

    /// <summary>Throws where the private key is not there.</summary>
    internal void Require(string id) => RequirePrivateKey(id);

    /// <summary>
    /// Makes a key pair that stays in the token: its private half is sensitive, cannot be extracted and does nothing but sign. What the token
    /// made of that is read back, and the pair has to sign and verify once, before anybody hears of it.
    /// </summary>
    internal PublicKey Generate(SignatureAlgorithm algorithm, string id, string label)
    {
        var idBytes = Convert.FromHexString(id);
        using var publicKey = new CryptokiTemplate(6)
            .With(CkaToken, true).With(CkaVerify, true).With(CkaEcParams, CurveOf(algorithm)).With(CkaId, idBytes).With(CkaLabel, label).With(CkaPrivate, false);
        using var privateKey = new CryptokiTemplate(7)
            .With(CkaToken, true).With(CkaPrivate, true).With(CkaSensitive, true).With(CkaExtractable, false).With(CkaSign, true).With(CkaId, idBytes).With(CkaLabel, label);
        var made = _module.GenerateKeyPair(_session, CkmEcKeyPairGen, publicKey, privateKey);
        try
        {
            RequireSafe(made.PrivateKey);
            var key = ReadPublicKey(algorithm, made.PublicKey);
            var data = RandomNumberGenerator.GetBytes(32);
            var signature = _module.Sign(_session, CkmEcdsa, made.PrivateKey, CryptographicOperations.HashData(algorithm.Hash, data), algorithm.SignatureLength);
            return key.Verify(data, signature) ? key : throw Refused("The token's new key does not verify what it signs.");
        }
        catch
        {
            _module.DestroyObject(_session, made.PrivateKey);
            _module.DestroyObject(_session, made.PublicKey);
            throw;
        }
    }

    /// <summary>The ids of the private keys with this label.</summary>
    internal IReadOnlyList<string> List(string label)
    {
        var ids = new List<string>();
        foreach (var key in FindPrivateKeys(null, label))
        {
            using var template = new CryptokiTemplate(1).Room(CkaId, MaxValue);
            _module.GetAttributes(_session, key, template);
            if (template.Value(0) is { Length: > 0 } id) ids.Add(Convert.ToHexStringLower(id));
        }

        return ids;
    }

    /// <summary>Destroys both halves; the private one first.</summary>
    internal void Delete(string id)
    {
        RequirePrivateKey(id);
        _handles.Remove(id);
        foreach (var kind in (uint[])[CkoPrivateKey, CkoPublicKey])
        {
            using var template = new CryptokiTemplate(2).With(CkaClass, kind).With(CkaId, Convert.FromHexString(id));
            foreach (var key in _module.FindObjects(_session, template)) _module.DestroyObject(_session, key);
        }
    }

    private CULong RequirePrivateKey(string id)
    {
        if (_handles.TryGetValue(id, out var known)) return known;
        var found = FindPrivateKeys(id, null);
        if (found.Count == 0) throw new CryptokiException("C_FindObjects", CkrKeyHandleInvalid);
        // Which of two keys it is cannot be guessed.
        if (found.Count > 1) throw Refused("Two keys of the token have the same id.");
        if (_handles.Count >= MaxHandles) _handles.Clear();
        return _handles[id] = found[0];
    }

    private IReadOnlyList<CULong> FindPrivateKeys(string? id, string? label)
    {
        using var template = new CryptokiTemplate(4).With(CkaClass, CkoPrivateKey).With(CkaKeyType, CkkEc);
        if (id is not null) template.With(CkaId, Convert.FromHexString(id));
        if (label is not null) template.With(CkaLabel, label);
        return _module.FindObjects(_session, template);
    }

    private void RequireSafe(CULong key)
    {
        using var template = new CryptokiTemplate(4).Room(CkaSensitive, 1).Room(CkaExtractable, 1).Room(CkaAlwaysSensitive, 1).Room(CkaNeverExtractable, 1);
        _module.GetAttributes(_session, key, template);
        if (template.Value(0) is not [1] || template.Value(1) is not [0] || template.Value(2) is not [1] || template.Value(3) is not [1])
            throw Refused("The token would give the private key away.");
    }

    private PublicKey ReadPublicKey(SignatureAlgorithm algorithm, CULong key)
    {
        using var template = new CryptokiTemplate(1).Room(CkaEcPoint, MaxValue);
        _module.GetAttributes(_session, key, template);
        return ParsePoint(algorithm, template.Value(0) ?? []);
    }

    /// <summary>CKA_EC_POINT: the point of SEC 1 §2.3.3 in a DER OCTET STRING. Some tokens leave that out; the length tells.</summary>
    internal static PublicKey ParsePoint(SignatureAlgorithm algorithm, byte[] value)
    {
        var length = algorithm.CoordinateLength;
        try
        {
            ReadOnlySpan<byte> point = value.Length == 1 + (2 * length) ? value : AsnDecoder.ReadOctetString(value, AsnEncodingRules.DER, out _);
            if (point.Length == 1 + (2 * length) && point[0] == 4) return PublicKey.FromCoordinates(algorithm, point[1..(1 + length)], point[(1 + length)..]);
        }
        catch (Exception e) when (e is AsnContentException or MalformedDataException)
        {
            throw Refused("The token's public key cannot be read.");
        }

        throw Refused("The token's public key cannot be read.");
    }

    // CKA_EC_PARAMS: the curve's object identifier in DER (RFC 5480 §2.1.1.1).
    private static byte[] CurveOf(SignatureAlgorithm algorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier((algorithm.Curve ?? throw new ArgumentException("A token makes keys for ECDSA only.", nameof(algorithm))).Oid.Value!);
        return writer.Encode();
    }

    private static KeyUnavailableException Refused(string why) => new(KeyCodes.TokenRefused, why);
}
