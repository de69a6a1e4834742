using Credentials.Dids;
using Credentials.Keys;

namespace Credentials.DataIntegrity;

/// <summary>Finds the key of a proof (Controlled Identifiers §3.3).</summary>
/// <param name="verificationMethod">The URL in the proof; not trusted.</param>
/// <param name="relationship">What the controller must have listed the key for.</param>
/// <param name="cancellationToken">Ends the wait.</param>
/// <returns>The key. Whether its controller is somebody to be trusted is the caller's matter.</returns>
/// <exception cref="FetchException">It cannot be had now; the check is undecided.</exception>
/// <exception cref="CredentialException">There is none, or it is not listed for the relationship; the check fails with its code.</exception>
public delegate ValueTask<PublicKey> VerificationKeyResolver(
    string verificationMethod, VerificationRelationship relationship, CancellationToken cancellationToken);
