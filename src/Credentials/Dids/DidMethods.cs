namespace Credentials.Dids;

/// <summary>Which identifiers a <see cref="DidResolver"/> resolves; all others are refused without a look at the network.</summary>
[Flags]
public enum DidMethods
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>did:key</c>.</summary>
    Key = 1,

    /// <summary><c>did:jwk</c>.</summary>
    Jwk = 2,

    /// <summary><c>did:web</c>, which is fetched.</summary>
    Web = 4,

    /// <summary>Controlled identifiers that are https URLs and no DIDs, which are fetched.</summary>
    Https = 8,

    /// <summary>All of them.</summary>
    All = Key | Jwk | Web | Https,
}
