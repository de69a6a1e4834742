using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.StatusLists;

namespace Credentials.QrDocuments;

/// <summary>What <see cref="QrDocumentIssuer"/> puts into one printed document of our own profile.</summary>
public sealed record QrDocumentContent
{
    /// <summary>The type (<c>vct</c>).</summary>
    public required string Type { get; init; }

    /// <summary>What the document says, as a JSON object. Everybody who scans the paper reads all of it.</summary>
    public required JsonElement Claims { get; init; }

    /// <summary>The issuer's identifier; null where its certificate says enough.</summary>
    public string? Issuer { get; init; }

    /// <summary>When it is issued; written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From when it is valid; null: from <see cref="IssuedAt"/>.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Until when it is valid, at most as long as the signer's certificate. Paper cannot be called back, so it always ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where the status will stand.</summary>
    public CredentialStatus? Status { get; init; }

    /// <summary>The signer's certificates, leaf first; self-signed ones are left out. Empty: verifiers must trust the bare key.</summary>
    public required IReadOnlyList<X509Certificate2> Certificates { get; init; }

    /// <summary>
    /// False: the document names its signer's certificate by eight bytes instead of carrying it, so that its code is smaller; verifiers
    /// must then have that certificate.
    /// </summary>
    public bool CarriesCertificates { get; init; } = true;
}
