using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.SdJwt;

/// <summary>Checks the key binding JWT (RFC 9901 §7.3 step 5) with the key that the credential names.</summary>
internal sealed class KeyBindingVerification(CheckRecorder recorder, SdJwtCredential credential, SdJwtExpectations expected)
{
    private const string Section = "RFC 9901 §7.3";

    private readonly KeyBindingExpectation _binding = expected.KeyBinding;

    /// <summary>The holder's key; null when the credential names none that can be used.</summary>
    public PublicKey? HolderKey { get; private set; }

    /// <summary>Records <c>holder_key</c>, the <c>kb_</c> checks and <c>transaction_data</c>.</summary>
    public void Run()
    {
        var holderFault = ReadHolderKey();
        if (!_binding.IsRequired)
        {
            foreach (var id in SdJwtChecks.KeyBinding) recorder.NotApplicable(id, SdJwtCodes.BindingNotRequested);
            recorder.NotApplicable(SdJwtChecks.TransactionData, SdJwtCodes.BindingNotRequested);
            return;
        }

        if (holderFault is null) recorder.Pass(SdJwtChecks.HolderKey);
        else recorder.Fail(SdJwtChecks.HolderKey, holderFault, "HAIP 1.0 §6.1");
        if (Read() is not { } jwt)
        {
            recorder.Block(SdJwtChecks.KbSignature, [.. SdJwtChecks.KeyBinding, SdJwtChecks.TransactionData]);
            return;
        }

        CheckSignature(jwt);
        var claims = jwt.PayloadObject;
        Record(SdJwtChecks.KbAudience, Is(claims, SdJwtNames.Audience, _binding.Audience), SdJwtCodes.BindingAudience);
        Record(SdJwtChecks.KbNonce, Is(claims, SdJwtNames.Nonce, _binding.Nonce), SdJwtCodes.BindingNonce);
        Record(SdJwtChecks.KbTime, IsFresh(claims), SdJwtCodes.BindingTime);
        CheckSdHash(claims);
        CheckTransactionData(claims);
    }

    /// <summary>Exactly one member, <c>jwk</c>; other confirmation methods are not understood (RFC 7800 §3.1).</summary>
    private string? ReadHolderKey()
    {
        if (credential.IssuerJwt.PayloadObject.Member(SdJwtNames.Confirmation) is not { } cnf) return SdJwtCodes.HolderKeyMissing;
        if (cnf.Member(SdJwtNames.ConfirmationJwk) is not { } jwk || cnf.GetPropertyCount() != 1) return SdJwtCodes.HolderKeyUnsupported;
        try
        {
            HolderKey = Jwk.ParsePublic(jwk);
            return null;
        }
        catch (CredentialException e)
        {
            return e.Code;
        }
    }

    private CompactJws? Read()
    {
        try
        {
            if (!credential.KeyBindingText.IsEmpty)
            {
                var jwt = CompactJws.Parse(credential.KeyBindingText, isHeaderShared: true);
                _ = jwt.PayloadObject;
                return jwt;
            }

            recorder.Fail(SdJwtChecks.KbSignature, SdJwtCodes.BindingMissing, Section);
        }
        catch (CredentialException e)
        {
            recorder.Fail(SdJwtChecks.KbSignature, e.Code, Section);
        }

        return null;
    }

    private void CheckSignature(CompactJws jwt)
    {
        if (jwt.Type != SdJwtNames.KeyBindingType) recorder.Fail(SdJwtChecks.KbSignature, SdJwtCodes.BindingType, Section);
        else if (HolderKey is null) recorder.Block(SdJwtChecks.HolderKey, SdJwtChecks.KbSignature);
        else Record(SdJwtChecks.KbSignature, jwt.VerifySignature(HolderKey), SdJwtCodes.BindingSignatureInvalid);
    }

    private bool IsFresh(JsonElement claims)
    {
        try
        {
            var now = expected.Now;
            return claims.OptionalNumericDate(SdJwtNames.IssuedAt) is { } signed
                && signed >= now - _binding.MaxAge && signed <= now + _binding.MaxAhead
                && !(claims.OptionalNumericDate(SdJwtNames.Expires) + expected.ClockSkew < now)
                && !(claims.OptionalNumericDate(SdJwtNames.NotBefore) - expected.ClockSkew > now);
        }
        catch (MalformedDataException)
        {
            return false;
        }
    }

    private void CheckSdHash(JsonElement claims)
    {
        if (credential.Hash is { } hash)
        {
            var holds = claims.Member(SdJwtNames.SdHash) is { ValueKind: JsonValueKind.String } digest && hash.IsDigest(digest, credential.BoundText);
            Record(SdJwtChecks.KbSdHash, holds, SdJwtCodes.BindingSdHash);
        }
        else
        {
            recorder.Block(SdJwtChecks.Digests, SdJwtChecks.KbSdHash);
        }
    }

    private void CheckTransactionData(JsonElement claims)
    {
        if (_binding.TransactionData.Count == 0 && claims.Member(SdJwtNames.TransactionDataHashes) is null)
        {
            recorder.NotApplicable(SdJwtChecks.TransactionData, SdJwtCodes.TransactionDataNotRequested);
        }
        else
        {
            Record(SdJwtChecks.TransactionData, ConfirmsExactly(claims), SdJwtCodes.TransactionDataMismatch, "OpenID4VP 1.0 §B.3.3.1");
        }
    }

    /// <summary>The hashes are those of the expected transaction data, all of them and no other, by a permitted algorithm.</summary>
    private bool ConfirmsExactly(JsonElement claims)
    {
        try
        {
            var named = claims.OptionalString(SdJwtNames.TransactionDataHashAlgorithm);
            var name = named ?? DisclosureHash.Sha256.Name;
            return DisclosureHash.FromName(name) is { } hash
                && claims.OptionalStringArray(SdJwtNames.TransactionDataHashes) is { } hashes
                && _binding.TransactionData.All(data => data.HashAlgorithms is { } allowed
                    ? named is not null && allowed.Contains(name)
                    : hash == DisclosureHash.Sha256)
                && hashes.Order(StringComparer.Ordinal).SequenceEqual(
                    _binding.TransactionData.Select(data => hash.Digest(data.Encoded)).Order(StringComparer.Ordinal));
        }
        catch (MalformedDataException)
        {
            return false;
        }
    }

    private static bool Is(JsonElement claims, string name, string? value) =>
        claims.Member(name) is { ValueKind: JsonValueKind.String } text && text.ValueEquals(value);

    private void Record(string id, bool holds, string code, string section = Section)
    {
        if (holds) recorder.Pass(id);
        else recorder.Fail(id, code, section);
    }
}
