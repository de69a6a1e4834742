using System.Security.Cryptography.X509Certificates;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Trust;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.W3c;

/// <summary>The keys that may have signed for an issuer, with who vouches for them.</summary>
internal sealed record IssuerKeys
{
    /// <summary>Why no key is known or none is trusted; null when some are.</summary>
    public string? Fault { get; init; }

    /// <summary>True where the fault says only that nobody could find out.</summary>
    public bool IsUndecided { get; init; }

    /// <summary>The keys to try. Those that are known and not trusted are here too, beside a fault, so that the signature can be told all the same.</summary>
    public IReadOnlyList<PublicKey> Candidates { get; init; } = [];

    /// <summary>The anchor that vouches for the key; asked for the one that fits.</summary>
    public Func<PublicKey, TrustAnchor?> AnchorOf { get; init; } = static _ => null;

    /// <summary>The issuer's chain as it was found valid, without its anchor, where that is how the issuer is known.</summary>
    public IReadOnlyList<X509Certificate2>? Chain { get; init; }

    /// <summary>The copy that the keys were taken from, where the issuer could not be asked: what the report calls it, and how old it is.</summary>
    public (string Code, TimeSpan Age)? Copy { get; init; }

    /// <summary>The type for which it vouches.</summary>
    public string? TrustedType { get; init; }

    /// <summary>The key of a proof's verification method: a proof names one key, and there are none to try.</summary>
    /// <exception cref="FetchException">Nobody could find out now.</exception>
    /// <exception cref="MalformedDataException">There is none that is trusted.</exception>
    public PublicKey OfMethod(string verificationMethod)
    {
        if (Fault is not null)
            throw IsUndecided ? new FetchException(Fault, "The issuer's key could not be had.") : new MalformedDataException(Fault, "The issuer's key is not trusted.");
        return Candidates.Count == 1
            ? Candidates[0]
            : Candidates.FirstOrDefault(key => Names(verificationMethod, key))
                ?? throw new MalformedDataException(W3cCodes.IssuerKeyMissing, "The verification method is none of the issuer's keys.");
    }

    public static IssuerKeys Refused(string code) => new() { Fault = code };

    public static IssuerKeys Undecided(string code) => new() { Fault = code, IsUndecided = true };

    private static bool Names(string verificationMethod, PublicKey key) =>
        verificationMethod.EndsWith($"#{Jwk.Thumbprint(key)}", StringComparison.Ordinal)
        || verificationMethod == DidKey.VerificationMethodOf(DidKey.Create(key)) || verificationMethod == DidJwk.VerificationMethodOf(DidJwk.Create(key));
}
