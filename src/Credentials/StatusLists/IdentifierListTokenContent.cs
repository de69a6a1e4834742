namespace Credentials.StatusLists;

/// <summary>What an identifier list says (ISO/IEC 18013-5 second edition §12.3.6.4). Its <see cref="StatusTokenContent.ExpiresAt"/> is required.</summary>
public sealed record IdentifierListTokenContent : StatusTokenContent
{
    /// <summary>The identifiers of the mdocs that are revoked.</summary>
    public required IdentifierList List { get; init; }
}
