namespace Credentials.Wallet.Core;

/// <summary>
/// The stable codes of this library, in <see cref="CredentialException.Code"/> and in outcomes. They are never renamed or reused;
/// <c>spec/error-codes.md</c> says what each means.
/// </summary>
public static class WalletCodes
{
    // The wallet file.

    /// <summary>The passphrase or key does not open the wallet file.</summary>
    public const string WrongKey = "wallet.wrong_key";

    /// <summary>The wallet file, or a record of it, is not what this library wrote: damaged, changed, swapped or rolled back.</summary>
    public const string StoreCorrupt = "wallet.corrupt";

    /// <summary>The wallet file was written by a newer version of this library.</summary>
    public const string StoreTooNew = "wallet.too_new";

    /// <summary>Another process, or another instance in this one, has the wallet open.</summary>
    public const string StoreInUse = "wallet.in_use";

    /// <summary>The wallet has as many records or bytes as it may have.</summary>
    public const string StoreFull = "wallet.full";

    /// <summary>The disk refused: full, read-only, or broken. Nothing of the attempted change was kept.</summary>
    public const string StoreUnusable = "wallet.unusable";

    // Keys.

    /// <summary>The key is not in its secure area.</summary>
    public const string KeyMissing = "wallet.key_missing";

    /// <summary>The key is there and cannot be used now, for example while the device is locked.</summary>
    public const string KeyLocked = "wallet.key_locked";

    /// <summary>The platform has destroyed the key, for example because the device lock was removed.</summary>
    public const string KeyInvalidated = "wallet.key_invalidated";
}
