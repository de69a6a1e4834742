using Credentials.Keys;

namespace Credentials.Wallet.Core.Keys;

/// <summary>A key in a secure area: its name there, and its public half.</summary>
public sealed record SecureAreaKey(string Id, PublicKey PublicKey);
