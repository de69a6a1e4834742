using Credentials.StatusLists;

namespace Credentials.W3c;

/// <summary>Records <c>status</c>: what <c>credentialStatus</c> says, and a <c>status</c> claim of a JWT; all must be good.</summary>
internal sealed class CredentialStatusCheck(CheckRecorder recorder, W3cExpectations expected, StatusAuthority authority)
{
    public async ValueTask RunAsync(W3cCredential credential, CancellationToken ct)
    {
        if (expected.Status.Mode == StatusMode.Skip) recorder.NotApplicable(W3cChecks.Status, StatusListCodes.NotRequested);
        else if (credential.Status.Count > 0) recorder.Indeterminate(W3cChecks.Status, StatusListCodes.UnsupportedMechanism);
        else await StatusCheck.RecordAsync(recorder, credential.Json, expected.Status, expected.StatusClient, authority, expected.Now, ct).ConfigureAwait(false);
    }
}
