using Credentials.Http;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.Issuer.Authorization;

/// <summary>Looks up whether an attestation was revoked. What cannot be looked up is not taken as valid.</summary>
internal sealed class AttestationStatus : IDisposable
{
    private static readonly StatusPolicy _policy = new(StatusMode.Online) { TakesCwt = false };

    private readonly OutboundHttp _http;
    private readonly StatusListClient _client;
    private readonly IssuerOptions _options;
    private readonly AttestationTrust _trust;

    public AttestationStatus(IssuerOptions options, AttestationTrust trust, TimeProvider time)
    {
        _options = options;
        _trust = trust;
        // An issuer on this machine, as in tests and demos, may have lists on this machine.
        _http = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = options.PublicUrl.StartsWith("http:", StringComparison.Ordinal), TimeProvider = time });
        _client = new StatusListClient(_http);
    }

    /// <exception cref="ProtocolException">The attestation is not valid, or nobody can say (503).</exception>
    internal async Task RequireValidAsync(StatusReference? status, TrustAnchor anchor, string error, DateTimeOffset now, CancellationToken ct)
    {
        if (status is null)
            return;
        var outcome = _options.CheckAttestationStatus
            ? (await _client.CheckAsync(status, new StatusAuthority(_trust.All, anchor), _policy, now, ct)).Outcome
            : StatusOutcome.Unknown;
        if (outcome == StatusOutcome.Unknown)
            throw new ProtocolException(IssuerCodes.AttestationStatus, "temporarily_unavailable", "The status of the attestation cannot be looked up.", 503);
        if (outcome != StatusOutcome.Valid)
            throw new ProtocolException(IssuerCodes.AttestationStatus, error, "The attestation is revoked or suspended.", error == OpenId4VciNames.InvalidClient ? 401 : 400);
    }

    public void Dispose() => _http.Dispose();
}
