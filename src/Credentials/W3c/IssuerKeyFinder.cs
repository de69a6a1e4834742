using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.Dids;
using Credentials.SdJwt;
using Credentials.Trust;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.W3c;

/// <summary>
/// Finds the keys of an issuer (VC-JOSE-COSE §4). An issuer that is configured by name has the one way that it is configured with, because
/// whoever presents must not choose it: pinned keys, the document of its DID or other identifier, or the metadata at its URL. Else a chain
/// in the header, under a trusted authority, must name the issuer; else keys that are pinned without a name.
/// </summary>
internal sealed class IssuerKeyFinder(W3cExpectations expected, TrustPurpose purpose)
{
    /// <summary>The keys that may have made a signature.</summary>
    /// <param name="signature">What the signature says about its key.</param>
    /// <param name="issuer">The issuer that the document names.</param>
    /// <param name="types">The sets of types under which it may be accepted; an anchor must cover one of them whole.</param>
    /// <param name="use">What the issuer's document must list the key for.</param>
    public async ValueTask<IssuerKeys> FindAsync(
        SignatureHints signature, string issuer, IReadOnlyList<IReadOnlyList<string>> types, VerificationRelationship use, CancellationToken ct)
    {
        // VC-JOSE-COSE §4.1.2
        if ((signature.Claims.Issuer ?? issuer) != issuer || signature.Claims.HeaderIssuer is { } header && !Names(header, issuer))
            return IssuerKeys.Refused(W3cCodes.IssuerMismatch);
        var named = expected.Trust.Anchors.Where(anchor => anchor.Issuer == issuer && anchor.Covers(purpose, null)).ToList();
        try
        {
            if (named.Exists(anchor => anchor.Key is not null)) return FindPinned(signature.KeyId, issuer, types);
            if (named.FindAll(anchor => anchor.IsControlledIdentifier) is { Count: > 0 } identifiers)
                return await FindInDocumentAsync(signature.KeyId, issuer, identifiers, types, use, ct).ConfigureAwait(false);
            if (named.FindAll(anchor => anchor.IsIssuerUrl) is { Count: > 0 } urls)
                return await FindInMetadataAsync(signature.KeyId, issuer, urls, types, ct).ConfigureAwait(false);
            return signature.Chain is { } chain ? FindInChain(chain, issuer, types) : FindPinned(signature.KeyId, issuer, types);
        }
        catch (FetchException e)
        {
            return IssuerKeys.Undecided(e.Code);
        }
        catch (CredentialException e)
        {
            return IssuerKeys.Refused(e.Code);
        }
    }

    private async ValueTask<IssuerKeys> FindInDocumentAsync(
        string? keyId, string issuer, List<TrustAnchor> anchors, IReadOnlyList<IReadOnlyList<string>> types, VerificationRelationship use, CancellationToken ct)
    {
        if (Cover(anchors, types) is not { Anchor: { } anchor } covered) return IssuerKeys.Refused(TrustCodes.NotForType);
        if (expected.Identifiers is not { } resolver) return IssuerKeys.Undecided(W3cCodes.IssuerKeyNotFetched);
        var (keys, age) = await new ControllerKeys(resolver, W3cCodes.IssuerMismatch, W3cCodes.IssuerKeyMissing)
            .FindAsync(issuer, keyId, use, expected.Status.MaxOfflineAge, expected.Now, ct).ConfigureAwait(false);
        return new IssuerKeys { Candidates = keys, AnchorOf = _ => anchor, TrustedType = covered.Type, Copy = CopyOf(DidCodes.CopyUsed, age) };
    }

    private async ValueTask<IssuerKeys> FindInMetadataAsync(
        string? keyId, string issuer, List<TrustAnchor> anchors, IReadOnlyList<IReadOnlyList<string>> types, CancellationToken ct)
    {
        if (Cover(anchors, types) is not { Anchor: { } anchor } covered) return IssuerKeys.Refused(TrustCodes.NotForType);
        if (expected.IssuerMetadata is not { } client) return IssuerKeys.Undecided(W3cCodes.IssuerKeyNotFetched);
        var (keys, age) = await client.FindKeysAsync(issuer, keyId, expected.Status.MaxOfflineAge, expected.Now, ct).ConfigureAwait(false);
        return keys.Count > 0
            ? new IssuerKeys { Candidates = keys, AnchorOf = _ => anchor, TrustedType = covered.Type, Copy = CopyOf(SdJwtCodes.IssuerMetadataCopyUsed, age) }
            : IssuerKeys.Refused(W3cCodes.IssuerKeyMissing);
    }

    private IssuerKeys FindPinned(string? keyId, string issuer, IReadOnlyList<IReadOnlyList<string>> types)
    {
        var pinned = expected.Trust.PinnedKeys(issuer, keyId, purpose, null);
        if (pinned.Count == 0) return IssuerKeys.Refused(WhyNoKey());
        foreach (var alternative in types)
        {
            var fitting = pinned.GroupBy(anchor => anchor.Id).Where(key => Covers(key, alternative)).ToDictionary(key => key.Key, key => key.First());
            if (fitting.Count == 0) continue;
            return new IssuerKeys
            {
                Candidates = [.. fitting.Values.Select(anchor => anchor.Key!)],
                AnchorOf = key => fitting.Values.FirstOrDefault(anchor => anchor.Key!.Equals(key)),
                TrustedType = alternative[0],
            };
        }

        return IssuerKeys.Refused(TrustCodes.NotForType);
    }

    private IssuerKeys FindInChain(IReadOnlyList<ReadOnlyMemory<byte>> chain, string issuer, IReadOnlyList<IReadOnlyList<string>> types)
    {
        TrustDecision decision = null!;
        string? trustedType = null;
        foreach (var alternative in types)
        {
            var decisions = alternative.Select(type => expected.Trust.EvaluateChain(chain, purpose, type, expected.Now)).ToList();
            decision = decisions.Find(one => !one.IsTrusted) ?? decisions[0];
            if (!decision.IsTrusted || decisions.Exists(one => one.Anchor!.Id != decision.Anchor!.Id)) continue;
            trustedType = alternative[0];
            break;
        }

        var leaf = decision.Certificate ?? X5Chain.Parse(chain)[0];
        var key = decision.Key ?? PublicKey.FromCertificate(leaf);
        var anchor = trustedType is null ? null : decision.Anchor;
        return new IssuerKeys
        {
            Fault = decision.Code ?? (trustedType is null ? TrustCodes.NotForType : NamesIssuer(leaf, issuer) ? null : W3cCodes.IssuerMismatch),
            Candidates = [key],
            Chain = decision.Chain,
            AnchorOf = _ => anchor,
            TrustedType = trustedType,
        };
    }

    // The issuer is a URL that the credential chooses freely: a certificate that does not name it says nothing about it.
    private static bool NamesIssuer(X509Certificate2 leaf, string issuer)
    {
        var names = SubjectAlternativeNames.Of(leaf);
        return names.Uris.Contains(issuer)
            || (Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && names.NamesHost(uri.IdnHost));
    }

    private string WhyNoKey()
    {
        var anchors = expected.Trust.Anchors.Where(anchor => anchor.Covers(purpose, null)).ToList();
        return anchors.Count == 0 ? TrustCodes.NoAnchors : anchors.Exists(anchor => anchor.Certificate is null) ? TrustCodes.UnknownIssuer : W3cCodes.IssuerKeyMissing;
    }

    private (TrustAnchor? Anchor, string? Type) Cover(List<TrustAnchor> anchors, IReadOnlyList<IReadOnlyList<string>> types)
    {
        var alternative = types.FirstOrDefault(set => Covers(anchors, set));
        return alternative is null ? (null, null) : (anchors.Find(anchor => anchor.Covers(purpose, alternative[0])), alternative[0]);
    }

    // One authority may be configured several times, for a type each.
    private bool Covers(IEnumerable<TrustAnchor> sameAuthority, IReadOnlyList<string> types) =>
        types.All(type => sameAuthority.Any(anchor => anchor.Covers(purpose, type)));

    private static (string Code, TimeSpan Age)? CopyOf(string code, TimeSpan? age) => age is { } old ? (code, old) : null;

    private static bool Names(JsonElement value, string issuer) =>
        value.ValueKind == JsonValueKind.String && value.ValueEquals(issuer);
}
