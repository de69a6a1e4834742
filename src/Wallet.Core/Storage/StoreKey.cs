namespace Credentials.Wallet.Core.Storage;

/// <summary>What opens a wallet file: a passphrase, or 32 bytes given by the app. Exactly one is set.</summary>
internal sealed record StoreKey(string? Passphrase, ReadOnlyMemory<byte>? Key)
{
    public const int KeyLength = 32;
}
