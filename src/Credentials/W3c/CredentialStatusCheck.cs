using Credentials.Codecs;
using Credentials.StatusLists;

namespace Credentials.W3c;

/// <summary>Records <c>status</c>: what each entry of <c>credentialStatus</c> says, or a <c>status</c> claim of a JWT.</summary>
internal sealed class CredentialStatusCheck(CheckRecorder recorder, W3cExpectations expected, StatusAuthority authority)
{
    public async ValueTask RunAsync(W3cCredential credential, CancellationToken ct)
    {
        if (expected.Status.Mode == StatusMode.Skip)
        {
            recorder.NotApplicable(W3cChecks.Status, StatusListCodes.NotRequested);
        }
        else if (credential.Status.Count == 0)
        {
            await StatusCheck.RecordAsync(recorder, credential.Json, expected.Status, expected.StatusClient, authority, expected.Now, ct).ConfigureAwait(false);
        }
        else if (credential.Json.Member("status") is not null)
        {
            // Two mechanisms at once, of which each could say something else.
            recorder.Indeterminate(W3cChecks.Status, StatusListCodes.UnsupportedMechanism);
        }
        else
        {
            await RunEntriesAsync(credential, ct).ConfigureAwait(false);
        }
    }

    private async ValueTask RunEntriesAsync(W3cCredential credential, CancellationToken ct)
    {
        List<BitstringStatusListEntry> entries;
        try
        {
            if (!credential.Status.All(BitstringStatusListEntry.IsEntry))
            {
                recorder.Indeterminate(W3cChecks.Status, StatusListCodes.UnsupportedMechanism, "Data Model 2.0 §4.10");
                return;
            }

            entries = [.. credential.Status.Select(BitstringStatusListEntry.Parse)];
        }
        catch (MalformedDataException e)
        {
            recorder.Fail(W3cChecks.Status, e.Code, "Bitstring Status List §2.1");
            return;
        }

        await StatusCheck.RecordAllAsync(
            recorder, entries,
            entry => expected.BitstringStatusClient is { } client
                ? client.CheckAsync(entry, credential.Issuer, authority.Anchor, authority.Type, expected, ct)
                : Task.FromResult(new StatusResult(StatusOutcome.Unknown, StatusListCodes.Offline)),
            "Bitstring Status List §3.2").ConfigureAwait(false);
    }
}
