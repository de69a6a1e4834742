namespace Credentials.OpenId4Vci;

/// <summary>The request that a DPoP proof must fit (RFC 9449 §4.3).</summary>
public sealed record DpopExpectations
{
    /// <summary>HTTP method of the request.</summary>
    public required string Method { get; init; }

    /// <summary>The address as clients see it: from the configuration, never from a header of the request.</summary>
    public required Uri Url { get; init; }

    /// <summary>The current time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Algorithms of <c>dpop_signing_alg_values_supported</c>.</summary>
    public required IReadOnlyCollection<string> Algorithms { get; init; }

    /// <summary>True where the proof must carry a nonce of the server.</summary>
    public required bool NonceRequired { get; init; }

    /// <summary>The access token that came along; null at the authorization server.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The thumbprint of the key that must have made the proof; null: any key.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>How old <c>iat</c> may be.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far <c>iat</c> may lie in the future.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromMinutes(1);
}
