using System.Text.Json;
using Credentials.Dcql;
using Credentials.StatusLists;

namespace Credentials.Wallet.Core.Documents;

/// <summary>
/// A credential of the wallet in the words that all formats share. It was verified before it was stored; what is read here is matched
/// and shown to its holder. What a format does in its own way stands in its subclass and in <see cref="HeldFormat"/>, and nowhere else.
/// </summary>
internal abstract class HeldCredential
{
    /// <summary>What it says, as JSON.</summary>
    public abstract JsonElement Claims { get; }

    /// <summary>The claims about the holder: a path for each that stands at the top.</summary>
    public abstract IReadOnlyList<ClaimPath> ClaimPaths { get; }

    /// <summary>The claims about the holder that every verifier sees who is shown the credential at all.</summary>
    public abstract IReadOnlyList<ClaimPath> AlwaysShown { get; }

    /// <summary>From when it is valid, where it says so.</summary>
    public abstract DateTimeOffset? ValidFrom { get; }

    /// <summary>Until when it is valid, where it says so.</summary>
    public abstract DateTimeOffset? ExpiresAt { get; }

    /// <summary>Where its status stands, by each mechanism that it names; empty where it has none.</summary>
    /// <exception cref="CredentialException">The reference cannot be read.</exception>
    public abstract IReadOnlyList<CredentialStatus> ReadStatus();

    /// <summary>True if it says the same of its holder as another copy of the document does.</summary>
    public abstract bool SaysSameAs(HeldCredential other);

    /// <summary>What queries are matched with, under an id of the caller.</summary>
    public abstract DcqlCandidate ToCandidate(string id);

    /// <summary>Those of a claim's values that are bytes.</summary>
    public abstract IReadOnlyList<ClaimBytes> BytesOf(ClaimPath path);

    /// <summary>Makes a presentation that shows these claims and no others.</summary>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public abstract ValueTask<string> PresentAsync(IReadOnlyList<ClaimPath> disclose, PresentationTerms terms, CancellationToken cancellationToken);
}
