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
        // SD-JWT VC §2.2.2.3: the list of a credential in JSON is a JWT.
        RecordAsync(recorder, () => StatusReference.FromClaims(claims) is { } reference ? [reference] : [], policy with { TakesCwt = false }, client, authority, now, cancellationToken);

    /// <summary>Looks the status of a credential in CBOR up and records it. Call it only when the credential is valid otherwise.</summary>
    /// <param name="read">Reads the credential's references, each of which must say that it is valid; empty when it has none. What it throws becomes the outcome.</param>
    /// <param name="client">Null: no status can be had, as in <see cref="StatusMode.Offline"/> without a copy.</param>
    public static async Task RecordAsync(
        CheckRecorder recorder, Func<IReadOnlyList<CredentialStatus>> read, StatusPolicy policy, StatusListClient? client, StatusAuthority authority,
        DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        if (policy.Mode == StatusMode.Skip)
        {
            recorder.NotApplicable(Id, StatusListCodes.NotRequested);
            return;
        }

        IReadOnlyList<CredentialStatus> references;
        try
        {
            references = read();
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

        if (references.Count == 0)
        {
            recorder.NotApplicable(Id, StatusListCodes.Absent);
            return;
        }

        Record(recorder, await CheckAllAsync(references, policy, client, authority, now, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The first that says "not valid" decides; else one that says nothing; else the oldest list counts.</summary>
    private static async Task<StatusResult> CheckAllAsync(
        IReadOnlyList<CredentialStatus> references, StatusPolicy policy, StatusListClient? client, StatusAuthority authority,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (client is null) return new StatusResult(StatusOutcome.Unknown, StatusListCodes.Offline);
        StatusResult? all = null;
        foreach (var reference in references)
        {
            var one = await client.CheckAsync(reference, authority, policy, now, cancellationToken).ConfigureAwait(false);
            if (one.Outcome is not (StatusOutcome.Valid or StatusOutcome.Unknown)) return one;
            if (all is null || (all.Outcome == StatusOutcome.Valid && (one.Outcome == StatusOutcome.Unknown || one.Age > all.Age))) all = one;
        }

        return all!;
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
