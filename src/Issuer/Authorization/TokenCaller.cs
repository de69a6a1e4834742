namespace Credentials.Issuer.Authorization;

/// <summary>Who asks for a token, and the DPoP key that it is to be bound to; null: none.</summary>
internal sealed record TokenCaller(WalletClient Client, string? DpopThumbprint);
