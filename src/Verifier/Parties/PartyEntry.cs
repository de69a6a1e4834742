namespace Credentials.Verifier.Parties;

/// <summary>One entry of a <see cref="PartyFile"/>, its paths absolute.</summary>
internal sealed record PartyEntry
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Its own address; null: the service's.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>PEM with its access certificate first and those above it; null: one is made under the service's own root.</summary>
    public string? AccessCertificate { get; init; }

    /// <summary>The certificate's private key (PKCS#8, PEM).</summary>
    public string? AccessKey { get; init; }

    public string? AttestationFile { get; init; }
    public string? VerifierInfoFile { get; init; }

    /// <summary>The service's policies that it may use; null: all.</summary>
    public IReadOnlyList<string>? Policies { get; init; }

    /// <summary>A folder of its own policies.</summary>
    public string? PolicyFolder { get; init; }

    public bool OwnQueries { get; init; } = true;

    /// <summary>Null: as the service's option says.</summary>
    public bool? AllowUnsignedQueries { get; init; }
}
