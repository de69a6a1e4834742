using Credentials.StatusLists;
using Credentials.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Credentials.Wallet.Core.Tests.Peers;

/// <summary>The status list that all credentials of this issuer are in, each with the number of its copy.</summary>
internal sealed partial class TestIssuer
{
    public const string StatusPath = "GET /status/1";

    /// <summary>How long verifiers keep the list.</summary>
    public static readonly TimeSpan StatusLifetime = TimeSpan.FromHours(1);

    private readonly StatusList _statuses = StatusList.Create(2, 1024);

    /// <summary>Who vouches for the signer of the list; null: the issuer's own authority.</summary>
    public CertificateAuthority? StatusAuthority { get; set; }

    /// <summary>Gives all copies up to now a status.</summary>
    public void SetStatus(byte status)
    {
        for (var number = 0; number < _issued; number++) _statuses[number] = status;
    }

    /// <summary>Gives one copy a status.</summary>
    public void SetStatus(int number, byte status) => _statuses[number] = status;

    private void MapStatus() => _app.MapGet("/status/1", async () => Results.Text(
        await StatusListToken.IssueAsync(
            new StatusListTokenContent
            {
                Uri = Url + "/status/1",
                List = _statuses,
                IssuedAt = Clock.Now,
                ExpiresAt = Clock.Now.AddDays(1),
                TimeToLive = StatusLifetime,
                Certificates = [(StatusAuthority ?? Authority).IssueStatusSigner("Test status signer", _key, Clock.Now)],
            },
            _key),
        StatusListNames.JwtMediaType));
}
