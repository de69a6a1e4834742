using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Credentials.Wallet.Core.Storage;

/// <summary>
/// The wallet file: SQLite, in which every record is encrypted and bound to its place. Calls may come from any thread; they run one
/// after the other. One instance, in one process, has a file open at a time.
/// </summary>
internal sealed class EncryptedStore : IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly RecordCipher _cipher;
    private readonly StoreAccount _account;
    private readonly DocumentIndex _index;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private TaskCompletionSource<bool> _nextChange = NewSignal();
    private bool _failed;
    private bool _isIndexStale;
    private bool _disposed;

    private EncryptedStore(SqliteConnection connection, RecordCipher cipher, StoreAccount account, DocumentIndex index)
    {
        _connection = connection;
        _cipher = cipher;
        _account = account;
        _index = index;
    }

    /// <summary>Opens the wallet file, and makes it first when there is none.</summary>
    /// <exception cref="KeyUnavailableException"><c>wallet.wrong_key</c>, <c>wallet.in_use</c> or <c>wallet.unusable</c>.</exception>
    /// <exception cref="MalformedDataException"><c>wallet.corrupt</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>wallet.too_new</c>.</exception>
    public static Task<EncryptedStore> OpenAsync(string path, StoreKey key, CancellationToken cancellationToken) =>
        // Deriving the key takes a noticeable time on purpose: not on the caller's thread, which may draw the app.
        Task.Run(() => Guarded(() => Open(path, key)), cancellationToken);

    /// <summary>Overwrites and deletes a wallet file that nobody has open; nothing happens when there is none.</summary>
    /// <exception cref="KeyUnavailableException"><c>wallet.in_use</c> or <c>wallet.unusable</c>.</exception>
    public static Task DestroyAsync(string path, CancellationToken cancellationToken) => Task.Run(
        () => Guarded(() =>
        {
            StoreFile.Destroy(path);
            return true;
        }),
        cancellationToken);

    /// <summary>Done at the next change, with true; or with false when the store is closed.</summary>
    public Task<bool> NextChange => Volatile.Read(ref _nextChange).Task;

    /// <summary>Reads under the store's lock.</summary>
    public Task<T> ReadAsync<T>(Func<StoreTransaction, T> read, CancellationToken cancellationToken) => RunAsync(read, cancellationToken);

    /// <summary>Changes the file: all of it, durably, or nothing.</summary>
    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> write, CancellationToken cancellationToken) => RunAsync(write, cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<StoreTransaction> write, CancellationToken cancellationToken) => RunAsync(
        transaction =>
        {
            write(transaction);
            return true;
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_disposed) return;
            _disposed = true;
            _nextChange.TrySetResult(false);
            _cipher.Dispose();
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<T> RunAsync<T>(Func<StoreTransaction, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_failed) throw StoreErrors.Unusable();
            return Guarded(() => Run(work));
        }
        finally
        {
            _turn.Release();
        }
    }

    private T Run<T>(Func<StoreTransaction, T> work)
    {
        var account = _account.Begin();
        using var transaction = _connection.BeginTransaction();
        using var scope = new StoreTransaction(_connection, transaction, _cipher, account, _index);
        if (_isIndexStale) scope.MakeIndex();
        T result;
        try
        {
            result = work(scope);
        }
        finally
        {
            // The index follows changes at once: those that are not committed in the end are to be forgotten.
            _isIndexStale = scope.HasChanges;
        }
        if (!scope.HasChanges) return result;
        scope.WriteSeal();
        // After a commit that failed half-way nobody knows which state the disk has; opening again finds out.
        _failed = true;
        transaction.Commit();
        _failed = false;
        account.Commit();
        _isIndexStale = false;
        Interlocked.Exchange(ref _nextChange, NewSignal()).TrySetResult(true);
        return result;
    }

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static EncryptedStore Open(string path, StoreKey key)
    {
        if (!File.Exists(path)) StoreFile.Create(path, key);
        var connection = StoreFile.Connect(path);
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            StoreFile.RequireVersion(connection, transaction);
            var dataKey = StoreHeader.Parse(StoreFile.ReadMeta(connection, transaction, StoreSchema.HeaderRow)).UnwrapDataKey(key);
            var cipher = new RecordCipher(dataKey);
            CryptographicOperations.ZeroMemory(dataKey);
            var index = new DocumentIndex();
            var account = StoreFile.ReadAccount(connection, transaction, cipher, index);
            account.Confirm(cipher.OpenSet(StoreFile.ReadMeta(connection, transaction, StoreSchema.SealRow)));
            transaction.Commit();
            return new EncryptedStore(connection, cipher, account, index);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            throw StoreErrors.From(error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Unusable(error);
        }
    }
}
