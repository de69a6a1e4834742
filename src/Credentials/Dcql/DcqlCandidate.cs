using System.Text.Json;

namespace Credentials.Dcql;

/// <summary>
/// What DCQL needs to know of a credential: one that a wallet holds, or one that a verifier has verified.
/// </summary>
/// <param name="Format">Credential format identifier, for example <c>dc+sd-jwt</c>.</param>
/// <param name="Types">The credential's types: for SD-JWT VC its <c>vct</c>, then <c>aka_vcts</c> and inherited types as far as they
/// are known; for mdoc its doctype.</param>
/// <param name="Claims">The processed claims as one JSON object; for mdoc namespace → element → value.</param>
public sealed record DcqlCandidate(string Format, IReadOnlyCollection<string> Types, JsonElement Claims)
{
    /// <summary>The caller's own reference to the credential; not used for matching.</summary>
    public string? Id { get; init; }

    /// <summary>AuthorityKeyIdentifiers of the certificates in the credential's chain, base64url (OpenID4VP 1.0 §6.1.1.1).</summary>
    public IReadOnlyCollection<string> AuthorityKeyIdentifiers { get; init; } = [];

    /// <summary>True if the credential is bound to a key with which its holder can prove possession.</summary>
    public bool IsHolderBound { get; init; } = true;
}
