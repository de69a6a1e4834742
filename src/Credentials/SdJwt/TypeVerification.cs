using Credentials.Codecs;
using Credentials.SdJwt.TypeMetadata;
using Credentials.Trust;

namespace Credentials.SdJwt;

/// <summary>Decides on the type: whether it was asked for, and what its metadata says where the verifier looks at them (SD-JWT VC §2.2.2, §5.7).</summary>
internal sealed class TypeVerification(CheckRecorder recorder, SdJwtExpectations expected, CredentialTypes types, IReadOnlyList<string?> usable)
{
    private const string Id = SdJwtChecks.Type;
    private const string TypeSection = "SD-JWT VC §2.2";
    private const string MetadataSection = "SD-JWT VC §5.7";

    /// <summary>Records <c>type</c>. Call it when everything else but status and query is recorded: nobody is asked about a credential that is not valid otherwise.</summary>
    /// <returns>The type asked for that the credential's own extends, if it is accepted as that one only.</returns>
    public async ValueTask<string?> RunAsync(SdJwtCredential credential, IssuerFinding issuer, ProcessedPayload? payload, CancellationToken ct)
    {
        if (issuer.Jwt.Type is not { } header || !expected.Profile.HeaderTypes.Contains(header)) recorder.Fail(Id, SdJwtCodes.HeaderType, TypeSection);
        else if (types.Fault is { } fault) recorder.Fail(Id, fault, TypeSection);
        else if (expected.TypeMetadata is not { } client || !expected.Profile.IsCredential) RecordWithout(null);
        else if (recorder.FirstFault(SdJwtChecks.Status, SdJwtChecks.Query, Id) is { } other) recorder.Block(other, Id);
        else return await RunAsync(client, credential, issuer, payload!, ct).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<string?> RunAsync(
        TypeMetadataClient client, SdJwtCredential credential, IssuerFinding issuer, ProcessedPayload payload, CancellationToken ct)
    {
        ResolvedTypeMetadata metadata;
        try
        {
            var integrity = credential.IssuerJwt.PayloadObject.OptionalString(SdJwtNames.TypeIntegrity, SdJwtCodes.TypeMalformed);
            metadata = await client.FetchAsync(types.Type!, integrity, expected.Now, ct).ConfigureAwait(false);
        }
        catch (CredentialException e)
        {
            RecordFailure(e);
            return null;
        }

        if (payload.FindFault(metadata.Claims) is { } fault)
        {
            recorder.Fail(Id, fault, "SD-JWT VC §5.6");
            return null;
        }

        if (usable.Count > 0)
        {
            recorder.Pass(Id);
            return null;
        }

        // §5.4: a type asked for may be one that the credential's own extends; §7.7: the issuer is trusted for it by itself.
        var asked = metadata.Types.Skip(1).Where(type => expected.Types!.Contains(type)).ToList();
        var trusted = asked.Find(type => issuer.Anchor!.Covers(TrustPurpose.CredentialIssuer, type));
        if (trusted is not null) recorder.Pass(Id);
        else recorder.Fail(Id, asked.Count > 0 ? TrustCodes.NotForType : SdJwtCodes.TypeNotExpected, TypeSection);
        return trusted;
    }

    /// <summary>
    /// A document that could not be had, or is another than the one that was named, counts only where one is required; one that is wrong in
    /// itself refuses the credential, as §5.7 and §7.4 say.
    /// </summary>
    private void RecordFailure(CredentialException e)
    {
        var isMissing = e is FetchException or NotSupportedCredentialException;
        if (!expected.RequiresTypeMetadata && (isMissing || e.Code is SdJwtCodes.TypeMetadataIntegrity or SdJwtCodes.TypeMetadataMismatch)) RecordWithout(e.Code);
        else if (isMissing) recorder.Indeterminate(Id, e.Code, MetadataSection);
        else recorder.Fail(Id, e.Code, MetadataSection);
    }

    private void RecordWithout(string? code)
    {
        if (usable.Count > 0) recorder.Pass(Id, code);
        else recorder.Fail(Id, SdJwtCodes.TypeNotExpected, TypeSection);
    }
}
