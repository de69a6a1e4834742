namespace Credentials.W3c;

/// <summary>What <see cref="W3cPresenter"/> puts into one presentation.</summary>
public sealed record W3cPresentationContent
{
    /// <summary>
    /// The secured credentials as they were issued: JWTs, SD-JWTs cut down to what is shown, COSE messages, or JSON documents with proofs;
    /// all of one version of the data model.
    /// </summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Credentials { get; init; }

    /// <summary>Whom it is for: the verifier's full identifier.</summary>
    public required string Audience { get; init; }

    /// <summary>The nonce of the request.</summary>
    public required string Nonce { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset SignedAt { get; init; }

    /// <summary>The identifier of who presents; null where the credentials name the key themselves (<c>cnf</c>).</summary>
    public string? Holder { get; init; }

    /// <summary>The header's <c>kid</c>: the absolute identifier of the holder's verification method, where there is a holder.</summary>
    public string? KeyId { get; init; }

    /// <summary>How long the presentation may be used; null: it does not say.</summary>
    public TimeSpan? Lifetime { get; init; }
}
