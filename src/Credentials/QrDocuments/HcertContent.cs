using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Credentials.QrDocuments;

/// <summary>What <see cref="QrDocumentIssuer"/> puts into one HCERT.</summary>
public sealed record HcertContent
{
    /// <summary>The EU Digital COVID Certificate as JSON (DCC schema 1.3).</summary>
    public required JsonElement Dcc { get; init; }

    /// <summary>The issuer's country (<c>iss</c>, ISO 3166-1 alpha-2); null: left out (HCERT §3.3.4).</summary>
    public string? Country { get; init; }

    /// <summary>When it is issued; within the signer's certificate (HCERT §3.3.6). Written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Until when the signature is valid; not longer than the signer's certificate (HCERT §3.3.5).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The document signer's certificate, which the key identifier names (HCERT Appendix A.1).</summary>
    public required X509Certificate2 Signer { get; init; }
}
