using System.Security.Cryptography.X509Certificates;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Trust;

/// <summary>A chain that was found valid: its key, the anchors that vouch for it and the time in which that holds.</summary>
internal sealed class TrustedChain
{
    private readonly PublicKey _key;
    private readonly IReadOnlyList<X509Certificate2> _chain;
    private readonly IReadOnlyList<TrustAnchor> _anchors;
    private readonly DateTimeOffset _from = DateTimeOffset.MinValue;
    private readonly DateTimeOffset _to = DateTimeOffset.MaxValue;

    public TrustedChain(IReadOnlyList<X509Certificate2> leafFirst, X509Certificate2 root, IReadOnlyList<TrustAnchor> anchors)
    {
        _chain = [.. leafFirst];
        _key = PublicKey.FromCertificate(_chain[0]);
        _anchors = anchors;
        foreach (X509Certificate2 certificate in leafFirst.Append(root))
        {
            DateTimeOffset from = certificate.NotBefore.ToUniversalTime(), to = certificate.NotAfter.ToUniversalTime();
            if (from > _from) _from = from;
            if (to < _to) _to = to;
        }
    }

    /// <summary>True while every certificate is valid; the last second is left to the full check.</summary>
    public bool HoldsAt(DateTimeOffset at) => at >= _from && at < _to;

    /// <summary>The decision for a type; null if no anchor vouches for it.</summary>
    public TrustDecision? For(TrustPurpose purpose, string? type)
    {
        foreach (TrustAnchor anchor in _anchors)
            if (anchor.Covers(purpose, type)) return new TrustDecision(anchor, _key, null) { Chain = _chain };
        return null;
    }
}
