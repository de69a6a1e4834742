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

        await RecordAllAsync(
            recorder, references,
            reference => client is null
                ? Task.FromResult(new StatusResult(StatusOutcome.Unknown, StatusListCodes.Offline))
                : client.CheckAsync(reference, authority, policy, now, cancellationToken),
            Section).ConfigureAwait(false);
    }

    /// <summary>Records what several places say: the first "not valid" decides; else one that says nothing; else the oldest list counts.</summary>
    internal static async Task RecordAllAsync<T>(CheckRecorder recorder, IReadOnlyList<T> places, Func<T, Task<StatusResult>> check, string section)
    {
        StatusResult? all = null;
        foreach (var place in places)
        {
            var one = await check(place).ConfigureAwait(false);
            if (one.Outcome is not (StatusOutcome.Valid or StatusOutcome.Unknown))
            {
                all = one;
                break;
            }

            if (all is null || (all.Outcome == StatusOutcome.Valid && (one.Outcome == StatusOutcome.Unknown || one.Age > all.Age)))
                all = one with { Code = one.Code ?? all?.Code };
            else if (all.Outcome == StatusOutcome.Valid)
                all = all with { Code = all.Code ?? one.Code };
        }

        Record(recorder, all!, section);
    }

    private static void Record(CheckRecorder recorder, StatusResult result, string section)
    {
        switch (result.Outcome)
        {
            case StatusOutcome.Valid:
                recorder.Pass(Id, result.Code, result.Age);
                break;
            case StatusOutcome.Unknown:
                recorder.Indeterminate(Id, result.Code!, section, result.Age);
                break;
            default:
                recorder.Fail(Id, result.Code!, section, result.Age);
                break;
        }
    }
}
