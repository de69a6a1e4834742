using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using Credentials.Issuer.Status;
using Credentials.X509;

namespace Credentials.Issuer.Keys;

/// <summary>
/// The revocation list of the folder's own authority (RFC 5280 §5; ISO/IEC 18013-5 Annex B): its signers whose keys were withdrawn. A file that
/// the replicas share, made anew when a signer was withdrawn and when a third of its time is over, as long as the authority's private key
/// is in the folder.
/// </summary>
internal sealed class SignerRevocationList(IssuerKeys keys, TimeProvider time)
{
    internal const string Path = "/crl";
    private const string MediaType = "application/pkix-crl";
    private const string FileName = "root.crl";

    /// <summary>How long a list can be used. ISO/IEC 18013-5 Annex B wants a new one at least every 90 days.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How often a list that cannot be made here is looked for: anybody may ask for it, and each look holds the folder.</summary>
    private static readonly TimeSpan _lookInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Current? _current;
    private bool _isTokenAway;
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    private sealed record Current(CertificateRevocationList List, PublishedList.Form Form);

    private string File => keys.Folder.At(FileName);

    /// <summary>The list; null where there never was one and the authority's key is elsewhere.</summary>
    internal PublishedList.Form? Get()
    {
        var now = time.GetUtcNow();
        var withdrawn = keys.Signers.Where(signer => signer.WithdrawnAt is not null && signer.IsUnder(keys.Root)).ToList();
        bool IsFresh(Current? one) => one is not null && one.List.Count == withdrawn.Count && now < one.List.ThisUpdate + (Lifetime / 3);
        // One makes the list; a token may take its time over it, and the others need not wait where there is one already.
        var known = Volatile.Read(ref _current);
        if (!_gate.TryEnter(known is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero))
            return known!.Form;
        try
        {
            if (IsFresh(_current) || (now - _lookedAt < _lookInterval && (_isTokenAway || !keys.Folder.Keys.Has("root"))))
                return _current?.Form;
            using var _ = keys.Folder.Lock();
            // Another replica may have been first.
            _current = Read() ?? _current;
            if (!IsFresh(_current) && keys.Folder.Keys.Has("root"))
            {
                _isTokenAway = !TryWrite(withdrawn, now);
                _current = Read() ?? _current;
            }

            _lookedAt = now;
            return _current?.Form;
        }
        finally
        {
            _gate.Exit();
        }
    }

    private Current? Read()
    {
        if (!System.IO.File.Exists(File))
            return null;
        var der = System.IO.File.ReadAllBytes(File);
        try
        {
            return new Current(CertificateRevocationList.Parse(der), PublishedList.Form.Of(MediaType, der));
        }
        catch (CredentialException)
        {
            return null; // damaged: a new one takes its place
        }
    }

    /// <summary>False: the authority's key is in a token that does not sign now.</summary>
    private bool TryWrite(IEnumerable<Signer> withdrawn, DateTimeOffset now)
    {
        try
        {
            Write(withdrawn, now);
            return true;
        }
        catch (KeyUnavailableException)
        {
            return false;
        }
    }

    private void Write(IEnumerable<Signer> withdrawn, DateTimeOffset now)
    {
        using var authority = keys.OpenAuthority();
        var revoked = withdrawn.Select(signer => new RevokedCertificate(
            Convert.FromHexString(signer.Certificate.SerialNumber), signer.WithdrawnAt!.Value, X509RevocationReason.KeyCompromise));
        // The number only grows, as the time does.
        var der = authority.IssueCrl(revoked, new BigInteger(now.ToUnixTimeMilliseconds()), now, now + Lifetime);
        PrivateFiles.WriteWhole(File, der);
    }
}
