namespace Credentials.OpenId4Vp;

/// <summary>A response as far as it could be read.</summary>
/// <param name="Response">The answer; null if it could not be decrypted.</param>
/// <param name="Facts">What reading it showed.</param>
public sealed record ReceivedResponse(AuthorizationResponse? Response, ResponseFacts Facts);
