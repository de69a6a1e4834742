namespace Credentials.Verifier.Storage;

/// <summary>
/// Where one relying party wants to hear of the ends of its verifications. The address, which may hold a secret of the party, and the signing
/// secret are sealed (<see cref="ServiceKey"/>).
/// </summary>
internal sealed class WebhookRow
{
    public required string RelyingParty { get; init; }

    /// <summary>Another one with every change, so that what an old receiver answers has no effect on a new one.</summary>
    public required string Version { get; init; }

    public required byte[] Url { get; init; }
    public required byte[] Secret { get; init; }

    /// <summary>When the address was set, Unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>The code of the newest failure; null once a message has got through again.</summary>
    public string? LastError { get; init; }
}
