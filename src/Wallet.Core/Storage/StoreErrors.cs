using Microsoft.Data.Sqlite;

namespace Credentials.Wallet.Core.Storage;

/// <summary>The typed errors of the wallet file. None of them carries anything that stands in it.</summary>
internal static class StoreErrors
{
    // https://www.sqlite.org/rescode.html, primary codes.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Corrupted = 11;
    private const int NotADatabase = 26;
    private const int GeneralError = 1;

    public static MalformedDataException Corrupt(Exception? inner = null) =>
        new(WalletCodes.StoreCorrupt, "The wallet file is damaged or was changed by something else.", inner);

    public static KeyUnavailableException InUse(Exception? inner = null) =>
        new(WalletCodes.StoreInUse, "The wallet is open elsewhere.", inner);

    public static KeyUnavailableException Unusable(Exception? inner = null) =>
        new(WalletCodes.StoreUnusable, "The wallet file could not be read or written.", inner);

    public static CredentialException From(SqliteException error) => error.SqliteErrorCode switch
    {
        Busy or Locked => InUse(error),
        // GeneralError: our own statements are fixed, so a missing table or column means that the file is not ours.
        Corrupted or NotADatabase or GeneralError => Corrupt(error),
        _ => Unusable(error),
    };
}
