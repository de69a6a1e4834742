using Credentials.Keys;

namespace Credentials.OpenId4Vp;

/// <summary>What a verifier remembers of its request in order to read the answer.</summary>
/// <param name="ResponseMode">The response mode that was asked for.</param>
/// <param name="State">The request's state; null if it had none.</param>
public sealed record ResponseExpectations(string ResponseMode, string? State)
{
    /// <summary>The key of this request alone; needed for <c>direct_post.jwt</c>.</summary>
    public IKeyAgreementKey? DecryptionKey { get; init; }

    /// <summary>The <c>kid</c> under which the key was offered.</summary>
    public string? DecryptionKeyId { get; init; }
}
