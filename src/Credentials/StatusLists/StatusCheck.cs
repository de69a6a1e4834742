using System.Text.Json;

namespace Credentials.StatusLists;

/// <summary>Records the check <c>status</c> of a credential, the same way for every format.</summary>
public static class StatusCheck
{
    /// <summary>Id of the check.</summary>
    public const string Id = "status";

    private const string Section = "draft-ietf-oauth-status-list §8.3";

    /// <summary>Looks the status of a credential with a JSON <c>status</c> claim up and records it. Call it only when the credential is valid otherwise.</summary>
    /// <param name="claims">The claims that the issuer signed.</param>
    /// <param name="client">Null: no status can be had, as in <see cref="StatusMode.Offline"/> without a copy.</param>
    public static Task RecordAsync(
        CheckRecorder recorder, JsonElement claims, StatusPolicy policy, StatusListClient? client, StatusAuthority authority,
        DateTimeOffset now, CancellationToken cancellationToken = default) =>
        RecordAsync(recorder, () => StatusReference.FromClaims(claims), policy, client, authority, now, cancellationToken);

    /// <summary>Looks the status of a credential in CBOR up and records it. Call it only when the credential is valid otherwise.</summary>
    /// <param name="read">Reads the credential's reference; null when it has none. What it throws becomes the outcome.</param>
    /// <param name="client">Null: no status can be had, as in <see cref="StatusMode.Offline"/> without a copy.</param>
    public static async Task RecordAsync(
        CheckRecorder recorder, Func<CredentialStatus?> read, StatusPolicy policy, StatusListClient? client, StatusAuthority authority,
        DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        if (policy.Mode == StatusMode.Skip)
        {
            recorder.NotApplicable(Id, StatusListCodes.NotRequested);
            return;
        }

        CredentialStatus? reference;
        try
        {
            reference = read();
        }
        catch (MalformedDataException e)
        {
            recorder.Fail(Id, e.Code, Section);
            return;
        }
        catch (NotSupportedCredentialException e)
        {
            recorder.Indeterminate(Id, e.Code, Section);
            return;
        }

        if (reference is null)
        {
            recorder.NotApplicable(Id, StatusListCodes.Absent);
            return;
        }

        var result = client is null
            ? new StatusResult(StatusOutcome.Unknown, StatusListCodes.Offline)
            : await client.CheckAsync(reference, authority, policy, now, cancellationToken).ConfigureAwait(false);
        Record(recorder, result);
    }

    private static void Record(CheckRecorder recorder, StatusResult result)
    {
        switch (result.Outcome)
        {
            case StatusOutcome.Valid:
                recorder.Pass(Id, age: result.Age);
                break;
            case StatusOutcome.Unknown:
                recorder.Indeterminate(Id, result.Code!, Section, result.Age);
                break;
            default:
                recorder.Fail(Id, result.Code!, Section, result.Age);
                break;
        }
    }
}
