using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Credentials.Verifier.Storage;

/// <summary>
/// What each step of each transaction asks, as it goes to the database. Entity Framework translates SQL that is given to it anew at each use, which takes
/// as long as all that the database does.
/// </summary>
internal static class TransactionStatements
{
    private const string Columns =
        """
        "Id", "RelyingParty", "State", "Policy", "PurposeKo", "PurposeEn", "DcqlQuery", "TransactionData", "StatusMaxAgeSeconds", "OfflineMaxAgeSeconds",
        "ResponseMode", "ClientIdPrefix", "ClientId", "RequestUriMethod", "RequestSigning", "ExpectedOrigins", "RequestId", "Nonce", "OAuthState",
        "EncryptionKey", "SameDevice", "RedirectUri", "PageSecretHash", "PageOpenedAt", "ResponseCodeHash", "KeepEvidence", "CreatedAt", "ExpiresAt",
        "FinishedAt", "Report", "Evidence", "WalletError"
        """;

    /// <summary>One transaction as it is stored; null: there is none.</summary>
    public static Task<TransactionRow?> FindTransactionAsync(this VerifierDbContext db, string id, CancellationToken ct) =>
        RunAsync(db, $"""SELECT {Columns} FROM "transactions" WHERE "Id" = @id""", [("id", DbType.String, id)], Read, ct);

    /// <summary>The same by what the wallet's side knows it by.</summary>
    public static Task<TransactionRow?> FindRequestAsync(this VerifierDbContext db, string requestId, CancellationToken ct) =>
        RunAsync(db, $"""SELECT {Columns} FROM "transactions" WHERE "RequestId" = @request""", [("request", DbType.String, requestId)], Read, ct);

    /// <summary>Reads it where it is fetched for the first time, which is noted with it (OpenID4VP 1.0 §5.9.3: a redirect_uri request is not fetched).</summary>
    /// <returns>The transaction as it is now; null if it was not in this state, fetched before for one.</returns>
    public static Task<TransactionRow?> TakeRequestAsync(this VerifierDbContext db, string requestId, long now, CancellationToken ct) =>
        RunAsync(
            db,
            $"""
            UPDATE "transactions" SET "State" = '{TransactionStates.Requested}'
            WHERE "RequestId" = @request AND "State" = '{TransactionStates.Created}' AND "ExpiresAt" > @now
            AND "ClientIdPrefix" <> 'redirect_uri' AND "RequestSigning" IS NULL
            RETURNING {Columns}
            """,
            [("request", DbType.String, requestId), ("now", DbType.Int64, now)], Read, ct);

    /// <summary>
    /// Ends a pending transaction and writes the message about it, in one statement, which is a database transaction by itself: one way to the server
    /// and back instead of three. For PostgreSQL alone.
    /// </summary>
    public static Task<bool> FinishAtOnceAsync(
        this VerifierDbContext db, string id, string state, byte[]? report, byte[]? evidence, string? walletError, byte[]? responseCodeHash, long now, CancellationToken ct) =>
        RunAsync(
            db,
            $"""
            WITH ended AS (
                UPDATE "transactions" SET "State" = @state, "Report" = @report, "Evidence" = @evidence, "WalletError" = @error,
                    "ResponseCodeHash" = @code, "EncryptionKey" = NULL, "FinishedAt" = @now
                WHERE "Id" = @id AND "State" IN ('{TransactionStates.Created}', '{TransactionStates.Requested}') AND "ExpiresAt" > @now
                RETURNING "Id", "RelyingParty", "State", "FinishedAt"),
            told AS (
                INSERT INTO "webhook_messages" ("TransactionId", "RelyingParty", "State", "FinishedAt", "DueAt", "Attempts", "GivenUp")
                SELECT e."Id", e."RelyingParty", e."State", e."FinishedAt", e."FinishedAt", 0, FALSE
                FROM ended e JOIN "webhooks" w ON w."RelyingParty" = e."RelyingParty")
            SELECT 1 FROM ended
            """,
            [
                ("id", DbType.String, id), ("state", DbType.String, state), ("report", DbType.Binary, report), ("evidence", DbType.Binary, evidence),
                ("error", DbType.String, walletError), ("code", DbType.Binary, responseCodeHash), ("now", DbType.Int64, now),
            ],
            _ => true, ct);

    /// <summary>What the first row says; the default where there is none.</summary>
    private static async Task<T?> RunAsync<T>(
        VerifierDbContext db, string statement, (string Name, DbType Type, object? Value)[] values, Func<DbDataReader, T> read, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        var connection = db.Database.GetDbConnection();
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = statement;
            foreach (var (name, type, value) in values)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, value ?? DBNull.Value);
                command.Parameters.Add(parameter);
            }
            // To its end, where what went wrong after the first row is said.
            await using var reader = await command.ExecuteReaderAsync(ct);
            var found = await reader.ReadAsync(ct) ? read(reader) : default;
            while (await reader.NextResultAsync(ct)) { }
            return found;
        }
        catch (NpgsqlException)
        {
            LostConnections.Forget(connection);
            throw;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static TransactionRow Read(DbDataReader row)
    {
        var at = 0;
        return new TransactionRow
        {
            Id = Text(),
            RelyingParty = Text(),
            State = Text(),
            Policy = TextOrNull(),
            PurposeKo = Text(),
            PurposeEn = Text(),
            DcqlQuery = Text(),
            TransactionData = TextOrNull(),
            StatusMaxAgeSeconds = row.GetInt32(at++),
            OfflineMaxAgeSeconds = row.GetInt32(at++),
            ResponseMode = Text(),
            ClientIdPrefix = Text(),
            ClientId = Text(),
            RequestUriMethod = Text(),
            RequestSigning = TextOrNull(),
            ExpectedOrigins = TextOrNull(),
            RequestId = Text(),
            Nonce = Text(),
            OAuthState = Text(),
            EncryptionKey = BytesOrNull(),
            SameDevice = row.GetBoolean(at++),
            RedirectUri = TextOrNull(),
            PageSecretHash = BytesOrNull()!,
            PageOpenedAt = NumberOrNull(),
            ResponseCodeHash = BytesOrNull(),
            KeepEvidence = row.GetBoolean(at++),
            CreatedAt = row.GetInt64(at++),
            ExpiresAt = row.GetInt64(at++),
            FinishedAt = NumberOrNull(),
            Report = BytesOrNull(),
            Evidence = BytesOrNull(),
            WalletError = TextOrNull(),
        };

        string Text() => row.GetString(at++);
        string? TextOrNull() => row.IsDBNull(at++) ? null : row.GetString(at - 1);
        byte[]? BytesOrNull() => row.IsDBNull(at++) ? null : row.GetFieldValue<byte[]>(at - 1);
        long? NumberOrNull() => row.IsDBNull(at++) ? null : row.GetInt64(at - 1);
    }
}
