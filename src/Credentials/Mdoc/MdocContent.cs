using System.Security.Cryptography.X509Certificates;
using Credentials.StatusLists;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Mdoc;

/// <summary>What <see cref="MdocIssuer"/> puts into one mdoc.</summary>
public sealed record MdocContent
{
    /// <summary>The document type.</summary>
    public required string DocType { get; init; }

    /// <summary>The data elements, encoded: namespace → element identifier → value. <see cref="MdocElements"/> makes them from JSON.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> NameSpaces { get; init; }

    /// <summary>The key that the mdoc is bound to.</summary>
    public required PublicKey DeviceKey { get; init; }

    /// <summary>The document signer's certificates, leaf first. Self-signed ones are left out.</summary>
    public required IReadOnlyList<X509Certificate2> Certificates { get; init; }

    /// <summary>When it is signed. Rounded down to <see cref="TimeGranularity"/>, but not below the start of the signer's certificate.</summary>
    public required DateTimeOffset Signed { get; init; }

    /// <summary>From when it is valid; not before <see cref="Signed"/>, which is the default. Rounded down likewise.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>Until when it is valid. Rounded up.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>Times are rounded to this, so that mdocs of one batch cannot be linked by them. A day unless said; zero keeps the seconds.</summary>
    public TimeSpan TimeGranularity { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What the device key may sign of itself.</summary>
    public KeyAuthorizations KeyAuthorizations { get; init; } = KeyAuthorizations.None;

    /// <summary>Where the status will stand: in a status list, in an identifier list, or in both; empty: nowhere.</summary>
    public IReadOnlyList<CredentialStatus> Status { get; init; } = [];

    /// <summary>The digest algorithm.</summary>
    public MdocDigest Digest { get; init; } = MdocDigest.Sha256;
}
